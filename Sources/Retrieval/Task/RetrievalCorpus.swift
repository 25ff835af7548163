/// The candidates that a task's metrics over the corpus rank, and who they are: an index with ids.
public struct RetrievalCorpus<ID: Hashable & Sendable>: Sendable {
    public let index: any CandidateIndex
    /// The identity of each candidate, [N]; ids may repeat.
    public let ids: [ID]?
    /// The length of a query's embedding.
    public let dimension: Int

    private let places: [ID: [Int32]]

    /// A corpus that is searched by brute force.
    ///
    /// - Parameters:
    ///   - embeddings: [N, D], a row for each candidate.
    ///   - ids: [N], of each; nil: the candidates have no identity but their row number, which is
    ///     their id where `ID` is `Int`.
    public init(embeddings: Matrix, ids: [ID]? = nil) throws(RetrievalError) {
        try self.init(index: BruteForce(embeddings), ids: ids, dimension: embeddings.columns)
    }

    /// - Parameters:
    ///   - ids: as above.
    ///   - dimension: the length of an embedding.
    public init(
        index: any CandidateIndex, ids: [ID]? = nil, dimension: Int
    ) throws(RetrievalError) {
        let ids = ids ?? (Array(0..<index.count) as? [ID])
        if let ids, ids.count != index.count {
            throw .shapeMismatch(
                argument: "ids", required: "shape [\(index.count)]",
                found: "shape [\(ids.count)]")
        }
        self.index = index
        self.ids = ids
        self.dimension = dimension
        var places: [ID: [Int32]] = [:]
        for (place, id) in (ids ?? []).enumerated() {
            places[id, default: []].append(Int32(place))
        }
        self.places = places
    }

    /// Where candidates with these embeddings would stand among the corpus, by score: ties are
    /// nobody's loss. The positives need not be in the corpus.
    ///
    /// - Parameter weights: sample weights, [Q]; nil: 1.
    /// - Throws: ``RetrievalError/requiresIDs`` for an index that is not exact: a score tells
    ///   nothing of a place in a list that may lack better ones.
    public func rank(
        queries: Matrix, positives: Matrix, weights: [Float]? = nil,
        tiePolicy: TiePolicy = .tfrs, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> RankedQueries {
        guard index.isExact else { throw .requiresIDs }
        try require("queries", [queries.rows, dimension], [queries.rows, queries.columns])
        try require(
            "positives", [queries.rows, dimension], [positives.rows, positives.columns])
        let weights = try checked(weights, count: queries.rows)
        let targets = RowTargets(
            offsets: Array(0...queries.rows),
            scores: PairScores.of(queries, rows: nil, positives, rows: nil),
            places: [Int32](repeating: -1, count: queries.rows))
        let found = index.search(CorpusRequest(queries: queries, targets: targets), lanes: lanes)
        return RankedQueries(
            strictlyGreater: found.greater, ties: found.ties,
            isFinite: targets.scores.map(\.isFinite), weights: weights, corpusCount: index.count,
            tiePolicy: tiePolicy, finiteCounts: found.finiteCounts)
    }

    /// Where each query's id first stands in the corpus by falling score: equal scores in the
    /// corpus's order, several candidates of one id by the best of them. An id that the corpus does
    /// not hold, or only with scores that are not a number, is a miss.
    ///
    /// - Parameters:
    ///   - weights: sample weights, [Q]; nil: 1.
    ///   - depth: for an index that is not exact, how many candidates it retrieves for each query;
    ///     an id beyond them is a miss.
    public func rank(
        queries: Matrix, ids: some Collection<ID>, weights: [Float]? = nil,
        tiePolicy: TiePolicy = .tfrs, depth: Int = 100, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> RankedQueries {
        guard self.ids != nil else {
            throw .missingArgument("ids of the corpus", neededBy: "ids of the positives")
        }
        try require("queries", [queries.rows, dimension], [queries.rows, queries.columns])
        try require("ids", [queries.rows], [ids.count])
        let weights = try checked(weights, count: queries.rows)
        let targets = ids.map { places[$0] ?? [] }
        let found = index.search(request(queries, targets, depth: depth), lanes: lanes)

        var best = [Int](repeating: -1, count: queries.rows)
        var target = 0
        for (row, places) in targets.enumerated() {
            for _ in places {
                if found.isRanked[target],
                    best[row] < 0 || found.order(target) < found.order(best[row])
                {
                    best[row] = target
                }
                target += 1
            }
        }
        func value(_ values: [Int32]) -> [Int32] { best.map { $0 < 0 ? 0 : values[$0] } }
        return RankedQueries(
            strictlyGreater: value(found.greater), ties: value(found.ties),
            isFinite: best.map { $0 >= 0 }, weights: weights, corpusCount: index.count,
            tiePolicy: tiePolicy, tiesAhead: value(found.tiesAhead))
    }

    private func request(
        _ queries: Matrix, _ targets: [[Int32]], depth: Int
    ) -> CorpusRequest {
        let rows = targets.enumerated().flatMap { row, places in
            places.map { _ in Int32(row) }
        }
        let all = targets.flatMap { $0 }
        let scores = PairScores.of(
            queries, rows: rows, index.embeddings(at: all), rows: nil)
        return CorpusRequest(
            queries: queries, depth: index.isExact ? 0 : depth,
            targets: RowTargets(
                offsets: targets.map(\.count).offsets, scores: scores, places: all))
    }

    private func checked(
        _ weights: [Float]?, count: Int
    ) throws(RetrievalError) -> [Float] {
        guard let weights else { return [Float](repeating: 1, count: count) }
        try require("weights", [count], [weights.count])
        return weights
    }

    private func require(
        _ argument: String, _ shape: [Int], _ found: [Int]
    ) throws(RetrievalError) {
        guard shape != found else { return }
        throw .shapeMismatch(
            argument: argument, required: "shape \(shape)", found: "shape \(found)")
    }
}

extension CorpusResponse {
    /// How many candidates are retrieved before a ranked target.
    fileprivate func order(_ target: Int) -> Int32 { greater[target] + tiesAhead[target] }
}

// MARK: - Retrieval

extension RetrievalCorpus {
    /// The best candidates of each query: what TFRS's top-k layers return.
    public struct TopK: Sendable {
        /// Descending, for each query.
        public var scores: [[Float]]
        /// The candidates' ids, [queries][k], in the order of their scores.
        public var ids: [[ID]]
    }

    /// The k best candidates of each query; equal scores in the corpus's order.
    ///
    /// - Throws: ``RetrievalError/tooFewCandidates(required:found:)`` for a k beyond the corpus
    ///   where the index asks for as many as are retrieved; other indexes return what there is.
    public func topK(
        _ queries: Matrix, k: Int, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> TopK {
        try retrieve(QueryEmbeddings(queries), k: k, lanes: lanes)
    }

    /// The same for queries of several heads, each of which scores a candidate by its best head.
    public func topK(
        _ queries: QueryEmbeddings, k: Int, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> TopK {
        try retrieve(queries, k: k, lanes: lanes)
    }

    /// The k best candidates of each query after those to exclude were pushed down, as TFRS does
    /// it (`query_with_exclusions`): k and as many more as there are exclusions are retrieved, the
    /// excluded lose 100,000, and the k best are returned with the scores they had. Excluded ids
    /// come back where too few others are left or their lead is larger than that; a
    /// ``CorpusRequest/blocked`` candidate never does.
    ///
    /// - Parameter exclusions: ids for each query, all of one length.
    public func topK(
        _ queries: Matrix, excluding exclusions: [[ID]], k: Int,
        lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> TopK {
        guard exclusions.count == queries.rows else {
            throw .shapeMismatch(
                argument: "exclusions", required: "\(queries.rows) rows",
                found: "\(exclusions.count) rows")
        }
        let more = exclusions.map(\.count).max() ?? 0
        var found = try retrieve(QueryEmbeddings(queries), k: k + more, lanes: lanes)
        for row in exclusions.indices {
            let adjusted = zip(found.scores[row], found.ids[row]).map { score, id in
                exclusions[row].contains(id) ? score - 1e5 : score
            }
            let kept = TopSelection.indices(count: k, of: adjusted.count) { adjusted[Int($0)] }
            found.scores[row] = kept.map { found.scores[row][Int($0)] }
            found.ids[row] = kept.map { found.ids[row][Int($0)] }
        }
        return found
    }

    private func retrieve(
        _ queries: QueryEmbeddings, k: Int, lanes: Lanes
    ) throws(RetrievalError) -> TopK {
        guard let ids else { throw .missingArgument("ids of the corpus", neededBy: "retrieval") }
        try require(
            "queries", [queries.values.rows, dimension],
            [queries.values.rows, queries.values.columns])
        if index.requiresEnoughCandidates && k > index.count {
            throw .tooFewCandidates(required: k, found: index.count)
        }
        let request = CorpusRequest(
            queries: queries.values, heads: queries.heads ?? 1, depth: k)
        let lists = index.search(request, lanes: lanes).lists
        var found = TopK(scores: [], ids: [])
        for row in 0..<queries.count {
            let places = lists.depth == 0 ? [] : lists.places(of: row)
            found.scores.append(lists.depth == 0 ? [] : Array(lists.scores(of: row)))
            found.ids.append(places.map { ids[Int($0)] })
        }
        return found
    }
}
