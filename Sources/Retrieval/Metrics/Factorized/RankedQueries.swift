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
    /// Candidates that count as standing before the positive: a rank, from 0, by the tie policy;
    /// infinite for a positive without a place or beyond ``rankDepth``.
    public let before: [Double]
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

    /// Each interaction as a query of its own.
    public let perInteraction: RankedUnits
    /// All interactions of a query together.
    public let perQuery: RankedUnits

    public var count: Int { strictlyGreater.count }
    public var queryCount: Int { perQuery.count }

    /// - Parameters:
    ///   - rankDepth: up to which place ranks were counted; nil: all.
    ///   - tiesAhead: for positives found by id, how many ties stand before them in the corpus.
    ///   - queries: nil: every interaction is the query of its own.
    ///   - rows: nil: the queries.
    public init(
        strictlyGreater: [Int32], ties: [Int32], isFinite: [Bool], weights: [Float],
        corpusCount: Int, rankDepth: Int? = nil, tiePolicy: TiePolicy = .tfrs,
        tiesAhead: [Int32]? = nil, candidateCounts: [Int32]? = nil,
        finiteCounts: [Int32]? = nil, places: [Int32]? = nil, queries: [Int32]? = nil,
        rows: [Int32]? = nil,
        lists: RankedLists = RankedLists(depth: 0, places: [], scores: []),
        corpus: CorpusKnowledge = CorpusKnowledge(),
        interactionColumns: [String: [Float]] = [:]
    ) {
        let count = strictlyGreater.count
        let before = (0..<count).map { index in
            let ahead = tiesAhead.map { Int($0[index]) }
            let isKnown = isFinite[index] && strictlyGreater[index] < rankDepth ?? .max
            return isKnown
                ? Double(strictlyGreater[index])
                    + tiePolicy.ahead(of: Int(ties[index]), inOrder: ahead) : .infinity
        }
        self.init(
            strictlyGreater: strictlyGreater, ties: ties, isFinite: isFinite, weights: weights,
            corpusCount: corpusCount,
            candidateCounts: candidateCounts
                ?? [Int32](repeating: Int32(corpusCount), count: count),
            finiteCounts: finiteCounts, before: before, rankDepth: rankDepth,
            places: places ?? [Int32](repeating: -1, count: count),
            queries: queries ?? Array(0..<Int32(count)),
            rows: rows ?? queries ?? Array(0..<Int32(count)), lists: lists, corpus: corpus,
            interactionColumns: interactionColumns)
    }

    private init(
        strictlyGreater: [Int32], ties: [Int32], isFinite: [Bool], weights: [Float],
        corpusCount: Int, candidateCounts: [Int32], finiteCounts: [Int32]?, before: [Double],
        rankDepth: Int?, places: [Int32], queries: [Int32], rows: [Int32], lists: RankedLists,
        corpus: CorpusKnowledge, interactionColumns: [String: [Float]]
    ) {
        self.strictlyGreater = strictlyGreater
        self.ties = ties
        self.isFinite = isFinite
        self.weights = weights
        self.corpusCount = corpusCount
        self.candidateCounts = candidateCounts
        self.finiteCounts = finiteCounts
        self.before = before
        self.rankDepth = rankDepth
        self.places = places
        self.queries = queries
        self.rows = rows
        self.lists = lists
        self.corpus = corpus
        self.interactionColumns = interactionColumns
        let middle = (0..<strictlyGreater.count).map {
            before[$0].isFinite ? Double(strictlyGreater[$0]) + Double(ties[$0]) / 2 : .infinity
        }
        perInteraction = RankedUnits(
            each: before, middle: middle, weights: weights, candidateCounts: candidateCounts,
            queries: queries)
        perQuery = RankedUnits(
            grouping: before, middle: middle, candidateCounts: candidateCounts, queries: queries)
    }

    /// Some of the interactions, with their queries numbered anew and the lists as they are.
    public func selecting(_ chosen: [Int32]) -> RankedQueries {
        func kept<T>(_ values: [T]) -> [T] { chosen.map { values[Int($0)] } }
        let queries = DistinctKeys(kept(queries)[...], keyCount: queryCount)
        return RankedQueries(
            strictlyGreater: kept(strictlyGreater), ties: kept(ties), isFinite: kept(isFinite),
            weights: kept(weights), corpusCount: corpusCount,
            candidateCounts: kept(candidateCounts), finiteCounts: finiteCounts.map(kept),
            before: kept(before), rankDepth: rankDepth, places: kept(places),
            queries: queries.positions, rows: kept(rows), lists: lists, corpus: corpus,
            interactionColumns: interactionColumns.mapValues(kept))
    }

    /// The rows of ``lists`` that belong to an interaction, each once with its query, in the order
    /// of the interactions.
    public var listedRows: [(row: Int, query: Int)] {
        var isSeen = [Bool](repeating: false, count: Int(rows.max() ?? -1) + 1)
        var listed: [(row: Int, query: Int)] = []
        for (row, query) in zip(rows, queries) where !isSeen[Int(row)] {
            isSeen[Int(row)] = true
            listed.append((Int(row), Int(query)))
        }
        return listed
    }
}

/// Which candidates of the positive's own score stand before it.
public enum TiePolicy: String, FieldChoice {
    /// As TFRS: none where a positive is found by its score; where it is found by its id, those
    /// before it in the corpus.
    case tfrs
    /// All of them.
    case pessimistic
    /// Half of them: the mean rank over all orders.
    case mean

    func ahead(of ties: Int, inOrder ahead: Int?) -> Double {
        switch self {
        case .tfrs: Double(ahead ?? 0)
        case .pessimistic: Double(ties)
        case .mean: Double(ties) / 2
        }
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
