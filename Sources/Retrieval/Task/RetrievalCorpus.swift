/// The candidates that a task's metrics over the corpus rank, prepared once for many calls.
public struct RetrievalCorpus<ID: Hashable & Sendable>: Sendable {
    /// Embeddings, [N, D].
    public let embeddings: Matrix
    /// The identity of each candidate, [N]; ids may repeat.
    public let ids: [ID]?

    private let ranking: CorpusRanking
    private let positions: [ID: [Int32]]

    /// - Parameter ids: nil: the candidates have no identity but their row number, which is their
    ///   id where `ID` is `Int`.
    public init(embeddings: Matrix, ids: [ID]? = nil) throws(RetrievalError) {
        let ids = ids ?? (Array(0..<embeddings.rows) as? [ID])
        if let ids, ids.count != embeddings.rows {
            throw .shapeMismatch(
                argument: "ids", required: "shape [\(embeddings.rows)]",
                found: "shape [\(ids.count)]")
        }
        self.embeddings = embeddings
        self.ids = ids
        ranking = CorpusRanking(corpus: embeddings)
        var positions: [ID: [Int32]] = [:]
        for (position, id) in (ids ?? []).enumerated() {
            positions[id, default: []].append(Int32(position))
        }
        self.positions = positions
    }

    /// Where candidates with these embeddings would stand among the corpus, by score: ties are
    /// nobody's loss. The positives need not be in the corpus.
    func rank(
        queries: Matrix, positives: Matrix, weights: [Float]?, lanes: Lanes
    ) -> RankedQueries {
        ranking.rank(
            queries: queries,
            examples: RowExamples(
                rowOf: (0..<queries.rows).map(Int32.init), rows: queries.rows,
                positives: [Int32](repeating: -1, count: queries.rows), weights: weights),
            outsiders: { positives.row($0) }, lanes: lanes)
    }

    /// Where each query's id first stands in the corpus by falling score: equal scores in the
    /// corpus's order, several candidates of one id by the best of them. An id that the corpus does
    /// not hold, or only with scores that are not a number, is a miss.
    func rank(
        queries: Matrix, ids: ArraySlice<ID>, weights: [Float]?, lanes: Lanes
    ) -> RankedQueries {
        let best = LaneBuffer<Int32>(repeating: -1, count: queries.rows)
        ranking.forEachRow(of: queries, lanes: lanes) { row, scores in
            let order = CorpusOrder(scores: scores)
            let ranks = (positions[ids[ids.startIndex + row]] ?? []).compactMap(order.rank)
            if let first = ranks.min() { best.pointer[row] = first }
        }
        let ranks = best.array
        return RankedQueries(
            strictlyGreater: ranks.map { $0 < 0 ? Int32(embeddings.rows) : $0 },
            ties: [Int32](repeating: 0, count: ranks.count), isFinite: ranks.map { $0 >= 0 },
            weights: weights ?? [Float](repeating: 1, count: ranks.count),
            corpusCount: embeddings.rows)
    }
}
