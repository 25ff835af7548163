/// Where the positives of some evaluated interactions stand among the candidates, and what the
/// model lists for their queries: all that a ``FactorizedMetric`` sees.
///
/// One scoring pass makes it for every metric. Arrays have one element for each interaction unless
/// they say otherwise.
public struct RankedQueries: Sendable {
    /// How many candidates score strictly above the positive; at least as many where that is
    /// ``rankDepth`` or more.
    public let strictlyGreater: [Int32]
    /// How many other candidates score the same as the positive; not counted for one beyond
    /// ``rankDepth``.
    public let ties: [Int32]
    /// Whether the positive has a place at all: false for a score that is not finite, an id that
    /// is not found.
    public let isFinite: [Bool]
    /// The sample weight.
    public let weights: [Float]
    /// The number of candidates in the corpus.
    public let corpusCount: Int
    /// How many candidates the query was allowed to find, its positive included.
    public let candidateCounts: [Int32]
    /// How many of its best candidates have finite scores before the first that has not; nil where
    /// all scores are finite.
    public let finiteCounts: [Int32]?
    /// Which of the candidates that score the same stand before the positive.
    public let tiePolicy: TiePolicy
    /// Up to which place ranks are known, for no metric asked for more: a positive that as many
    /// candidates score above stands somewhere beyond. nil: all ranks are known.
    public let rankDepth: Int?
    /// The place of the positive in the corpus; -1 outside.
    public let places: [Int32]
    /// The query of each interaction, numbered from 0 without gaps.
    public let queries: [Int32]
    /// The row of ``lists`` of each interaction. Rows differ from queries only where what a query
    /// may find depends on the interaction.
    public let rows: [Int32]
    /// The best candidates of each row, as deep as the metrics asked for.
    public let lists: RankedLists
    /// What is known of the corpus beside the scores.
    public let corpus: CorpusKnowledge
    /// The numbers of those columns of the interactions that the metrics asked for, by name.
    public let interactionColumns: [String: [Float]]
    /// How many candidates were compared with positives to find all this; 0 where nobody counted.
    public internal(set) var scoreCount = 0

    private let positives: RankedPositives
    private let shared: SharedLists

    /// Each interaction as a query of its own.
    public let perInteraction: RankedUnits
    /// The lists of each query, each with all that is relevant to it.
    public let perQuery: RankedUnits

    public var count: Int { strictlyGreater.count }
    /// Distinct queries.
    public let queryCount: Int

    /// Candidates that count as standing before each positive: a rank, from 0, by the tie policy
    /// or its expected value; infinite for a positive without a place or beyond ``rankDepth``.
    public var before: [Double] {
        (0..<count).map { perInteraction[$0].firstGroup?.middle ?? .infinity }
    }

    /// - Parameters:
    ///   - rankDepth: up to which place ranks were counted; nil: all.
    ///   - tiesAhead: for positives found by id, how many ties stand before them in the corpus.
    ///   - outsideScores: the scores of positives that stand beside the corpus, NaN for those that
    ///     are in it; nil: all are.
    ///   - candidates: numbers by which candidates are told apart; nil: their places, and what has
    ///     none is unlike all others.
    ///   - queries: nil: every interaction is the query of its own.
    ///   - rows: nil: the queries.
    ///   - areDrawn: whether each positive was ranked among candidates drawn for it alone.
    public init(
        strictlyGreater: [Int32], ties: [Int32], isFinite: [Bool], weights: [Float],
        corpusCount: Int, rankDepth: Int? = nil, tiePolicy: TiePolicy = .expected,
        tiesAhead: [Int32]? = nil, candidateCounts: [Int32]? = nil,
        finiteCounts: [Int32]? = nil, outsideScores: [Float]? = nil, places: [Int32]? = nil,
        candidates: [Int32]? = nil, queries: [Int32]? = nil, rows: [Int32]? = nil,
        areDrawn: Bool = false,
        lists: RankedLists = RankedLists(depth: 0, places: [], scores: []),
        corpus: CorpusKnowledge = CorpusKnowledge(),
        interactionColumns: [String: [Float]] = [:]
    ) {
        let count = strictlyGreater.count
        let places = places ?? [Int32](repeating: -1, count: count)
        let queries = queries ?? Array(0..<Int32(count))
        self.init(
            positives: RankedPositives(
                greater: strictlyGreater, ties: ties,
                tiesAhead: tiePolicy == .tfrs ? tiesAhead : nil,
                isPlaced: (0..<count).map {
                    isFinite[$0] && strictlyGreater[$0] < rankDepth ?? .max
                },
                candidateCounts: candidateCounts
                    ?? [Int32](repeating: Int32(corpusCount), count: count),
                outsideScores: outsideScores),
            shared: SharedLists(
                queries: queries, rows: rows ?? queries,
                candidates: candidates
                    ?? places.enumerated().map { $1 >= 0 ? $1 : -1 - Int32($0) },
                areDrawn: areDrawn),
            isFinite: isFinite, weights: weights, corpusCount: corpusCount,
            finiteCounts: finiteCounts, tiePolicy: tiePolicy, rankDepth: rankDepth, places: places,
            lists: lists, corpus: corpus, interactionColumns: interactionColumns)
    }

    private init(
        positives: RankedPositives, shared: SharedLists, isFinite: [Bool], weights: [Float],
        corpusCount: Int, finiteCounts: [Int32]?, tiePolicy: TiePolicy, rankDepth: Int?,
        places: [Int32], lists: RankedLists, corpus: CorpusKnowledge,
        interactionColumns: [String: [Float]]
    ) {
        self.positives = positives
        self.shared = shared
        strictlyGreater = positives.greater
        ties = positives.ties
        candidateCounts = positives.candidateCounts
        queries = shared.queries
        rows = shared.rows
        queryCount = Int(shared.queries.max() ?? -1) + 1
        self.isFinite = isFinite
        self.weights = weights
        self.corpusCount = corpusCount
        self.finiteCounts = finiteCounts
        self.tiePolicy = tiePolicy
        self.rankDepth = rankDepth
        self.places = places
        self.lists = lists
        self.corpus = corpus
        self.interactionColumns = interactionColumns
        perInteraction = RankedUnits(
            each: positives, weights: weights, queries: shared.queries, tiePolicy: tiePolicy)
        perQuery = RankedUnits(lists: shared, positives, tiePolicy: tiePolicy)
    }

    /// Some of the interactions, with their queries numbered anew and the lists as they are.
    public func selecting(_ chosen: [Int32]) -> RankedQueries {
        func kept<T>(_ values: [T]) -> [T] { chosen.map { values[Int($0)] } }
        var (positives, shared) = (positives, shared)
        positives.greater = kept(positives.greater)
        positives.ties = kept(positives.ties)
        positives.tiesAhead = positives.tiesAhead.map(kept)
        positives.isPlaced = kept(positives.isPlaced)
        positives.candidateCounts = kept(positives.candidateCounts)
        positives.outsideScores = positives.outsideScores.map(kept)
        shared.queries = DistinctKeys(kept(queries)[...], keyCount: queryCount).positions
        shared.rows = kept(shared.rows)
        shared.candidates = kept(shared.candidates)
        return RankedQueries(
            positives: positives, shared: shared, isFinite: kept(isFinite), weights: kept(weights),
            corpusCount: corpusCount, finiteCounts: finiteCounts.map(kept), tiePolicy: tiePolicy,
            rankDepth: rankDepth, places: kept(places), lists: lists, corpus: corpus,
            interactionColumns: interactionColumns.mapValues(kept))
    }

    /// The rows of ``lists`` that each query has, those of one query after each other.
    public var listedRows: [(row: Int, query: Int)] {
        var listed: [(row: Int, query: Int)] = []
        let rowCount = Int(rows.max() ?? -1) + 1
        let groups = Groups(groupOf: queries, count: queryCount)
        for query in 0..<queryCount {
            for row in DistinctKeys(
                ArraySlice(groups[query].map { rows[Int($0)] }), keyCount: rowCount
            ).keys {
                listed.append((Int(row), query))
            }
        }
        return listed
    }
}

/// What is known of the candidates of a corpus, by place.
public struct CorpusKnowledge: Sendable {
    /// How often each candidate stands in the training interactions.
    public var trainingCounts: [Int32]
    /// The candidates' columns, a row for each.
    public var columns: Table?

    public init(trainingCounts: [Int32] = [], columns: Table? = nil) {
        self.trainingCounts = trainingCounts
        self.columns = columns
    }

    /// The places by falling popularity in training; equal ones in the corpus's order.
    public var byPopularity: [Int32] {
        trainingCounts.indices.sorted {
            (trainingCounts[$1], $0) < (trainingCounts[$0], $1)
        }.map(Int32.init)
    }
}
