/// The candidates of a corpus, ready to be searched: `tfrs.layers.factorized_top_k.TopK`.
///
/// An index knows candidates by their place in the corpus, from 0; who they are is known to
/// ``RetrievalCorpus``, which pairs an index with ids.
public protocol CandidateIndex: Sendable {
    /// The number of candidates.
    var count: Int { get }

    /// Whether every search finds the best candidates there are. Metrics over an index that is not
    /// exact need ids: a positive's score tells nothing of its place in a list that lacks it.
    var isExact: Bool { get }

    /// Whether a search for more candidates than there are is an error, as TFRS's brute force has
    /// it, or finds all of them.
    var requiresEnoughCandidates: Bool { get }

    /// The embeddings at some places, [places.count, D], as a search scores them.
    func embeddings(at places: [Int32]) -> Matrix

    /// What took time to find of the candidates, so that the same index need not find it again; empty
    /// for one that is made as fast as it is read.
    var state: NamedArrays { get }

    /// Ranks targets and lists the best candidates of each query.
    func search(_ request: CorpusRequest, lanes: Lanes) -> CorpusResponse
}

extension CandidateIndex {
    public var isExact: Bool { true }
    public var requiresEnoughCandidates: Bool { false }
    public var state: NamedArrays { NamedArrays() }
}

/// What is to be found in a corpus.
public struct CorpusRequest: Sendable {
    /// Query embeddings, [rows · heads, D], the heads of one row after each other.
    public var queries: Matrix
    /// How many embeddings each row has; a candidate's score is that of the best of them.
    public var heads: Int
    /// How many of each row's best candidates are listed.
    public var depth: Int
    /// What is to be ranked.
    public var targets: RowTargets
    /// Up to which place from the best ranks are asked for: a target that as many candidates score
    /// above stands somewhere beyond. nil: wherever they stand.
    public var rankDepth: Int?
    /// Candidates that a row must not find.
    public var blocked: RowPlaces?
    /// For each row the first place, with all that follow it, that it must not find.
    public var limits: [Int32]?
    /// So many rows at least are first told from their targets by integers, which the candidates
    /// have to be turned into; for fewer that is not worth it. What is found is the same.
    package var leastScreenedRows = 1024
    /// Told of every candidate that a row is done with, for whoever watches; an index that tells it
    /// nothing is one of which nobody sees how far it is.
    public var meter: WorkMeter?

    public init(
        queries: Matrix, heads: Int = 1, depth: Int = 0, targets: RowTargets = RowTargets(),
        rankDepth: Int? = nil, blocked: RowPlaces? = nil, limits: [Int32]? = nil
    ) {
        precondition(heads >= 1 && queries.rows.isMultiple(of: heads), "rows have all their heads")
        self.queries = queries
        self.heads = heads
        self.depth = depth
        self.targets = targets
        self.rankDepth = rankDepth
        self.blocked = blocked
        self.limits = limits
    }

    /// The number of queries.
    public var rows: Int { queries.rows / heads }

    /// How many candidates each row may find, of `count` in the corpus.
    public func candidateCounts(of count: Int) -> [Int32] {
        (0..<rows).map { row in
            let limit = limits.map { min(Int($0[row]), count) } ?? count
            return Int32(limit - (blocked?.places(of: row).count { $0 < limit } ?? 0))
        }
    }
}

/// Scores to be ranked among those of a query's candidates, grouped by query.
public struct RowTargets: Sendable {
    /// Targets of row r stand at `offsets[r]..<offsets[r + 1]`; empty where there are none at all.
    public var offsets: [Int]
    /// The scores of all rows' targets, one row after the other.
    public var scores: [Float]
    /// Where each target stands in the corpus; -1 outside.
    public var places: [Int32]

    public init(offsets: [Int] = [], scores: [Float] = [], places: [Int32] = []) {
        self.offsets = offsets
        self.scores = scores
        self.places = places
    }

    public var count: Int { scores.count }
}

/// Places of the corpus for each of some rows, ascending within a row.
public struct RowPlaces: Sendable {
    /// The places of each row, ascending.
    public let rows: Ragged<Int32>

    /// - Parameter rows: sorted here; a place must not repeat within a row.
    public init(_ rows: [[Int32]]) {
        self.rows = Ragged(rows.lazy.map { $0.sorted() })
    }

    /// The places of a row, ascending.
    public func places(of row: Int) -> ArraySlice<Int32> {
        rows[row]
    }
}

/// What a search found.
public struct CorpusResponse: Sendable {
    /// For each target, how many of the row's candidates score strictly above it; where ranks are
    /// asked for up to a depth, that depth stands for it and all that is more.
    public var greater: [Int32]
    /// For each target, how many other candidates score the same; 0 for a target beyond the depth.
    public var ties: [Int32]
    /// Of those, how many stand before it in the corpus; all for a target outside.
    public var tiesAhead: [Int32]
    /// Whether the target was ranked: false for a score that is NaN and, with an index that is
    /// not exact, for a target that is not in the row's list.
    public var isRanked: [Bool]
    /// The best candidates of each row.
    public var lists: RankedLists
    /// For each row, how many of its candidates from the best down have finite scores before the
    /// first that has not; nil where all scores are finite.
    public var finiteCounts: [Int32]?
    /// How many candidates were compared with the targets of rows to find this, for every head.
    public var scoreCount = 0
    /// How many of them integers could not tell from a target, so that their scores had to.
    public var undecidedCount = 0

    /// Makes all targets beyond the depth to which ranks were asked for alike: where counting
    /// stopped does not show.
    mutating func forgetRanks(beyond rankDepth: Int?) {
        guard let rankDepth else { return }
        for target in greater.indices where greater[target] >= rankDepth {
            greater[target] = Int32(rankDepth)
            (ties[target], tiesAhead[target]) = (0, 0)
        }
    }
}

/// The best candidates of some rows, best first; of equal scores the earlier in the corpus first.
public struct RankedLists: Sendable {
    /// Candidates listed for a row, at most.
    public let depth: Int
    /// The places in the corpus, [rows, depth]; -1 where a row has no more candidates.
    public let places: [Int32]
    /// Their scores.
    public let scores: [Float]

    public init(depth: Int, places: [Int32], scores: [Float]) {
        self.depth = depth
        self.places = places
        self.scores = scores
    }

    /// How many rows there are; 0 where ``depth`` is.
    public var rows: Int { depth == 0 ? 0 : places.count / depth }

    /// The candidates of a row, as many as it has but at most `k`.
    public func places(of row: Int, first k: Int? = nil) -> ArraySlice<Int32> {
        let all = places[(row * depth)..<(row * depth + min(k ?? depth, depth))]
        return all.prefix { $0 >= 0 }
    }

    /// The scores of a row's candidates, descending.
    public func scores(of row: Int) -> ArraySlice<Float> {
        scores[(row * depth)..<(row * depth + places(of: row).count)]
    }
}
