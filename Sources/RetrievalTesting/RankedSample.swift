import Retrieval

/// Random rankings to try corpus metrics on.
struct RankedSample {
    static let corpusCount = 40
    private static let queryCount = 12

    /// Of a few interactions, with ties, weights and positives without a place.
    let whole: RankedQueries
    /// The interactions of each half of the queries.
    let halves: [[Int32]]

    init(needs: RankingNeeds, corpus: CorpusKnowledge, seed: UInt64) {
        var random = RandomStream(seed: seed, stream: "ranked sample")
        let queries = Self.queries(&random)
        let count = queries.count
        let depth = needs.listDepth
        let lists = (0..<Self.queryCount).flatMap { _ in
            random.permutation(Self.corpusCount).prefix(depth)
        }
        var columns: [String: [Float]] = [:]
        for name in needs.interactionColumns {
            columns[name] = (0..<count).map { _ in Float(random.below(6)) }
        }
        whole = RankedQueries(
            strictlyGreater: (0..<count).map { _ in Int32(random.below(Self.corpusCount - 3)) },
            ties: (0..<count).map { _ in Int32(max(0, random.below(6) - 3)) },
            isFinite: (0..<count).map { _ in random.below(10) > 0 },
            weights: (0..<count).map { _ in Float(1 + random.below(4)) / 2 },
            corpusCount: Self.corpusCount,
            places: (0..<count).map { _ in Int32(random.below(Self.corpusCount)) },
            queries: queries,
            lists: RankedLists(
                depth: depth, places: lists,
                scores: lists.indices.map { -Float($0 % max(1, depth)) }),
            corpus: corpus, interactionColumns: columns)
        halves = [0, 1].map { half in
            queries.indices.filter { Int(queries[$0]) % 2 == half }.map(Int32.init)
        }
    }

    /// One to four interactions of each query.
    private static func queries(_ random: inout RandomStream) -> [Int32] {
        (0..<queryCount).flatMap { query in
            [Int32](repeating: Int32(query), count: 1 + random.below(4))
        }
    }
}

extension CorpusKnowledge {
    /// Candidates with falling popularity, some of which training has not seen, and without
    /// columns of their own.
    static let usual = CorpusKnowledge(
        trainingCounts: (0..<Int32(RankedSample.corpusCount)).map { max(0, 30 - $0) })
}
