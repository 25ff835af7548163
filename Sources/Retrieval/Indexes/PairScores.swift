/// Scores of single pairs, with the bits that a search gives them.
enum PairScores {
    /// The score of each pair of a query, the best of its heads, and a candidate; a NaN is the
    /// best.
    ///
    /// - Parameters:
    ///   - queries: [queries · heads, D].
    ///   - queryRows: the query of each pair.
    ///   - candidateRows: nil: row i of pair i.
    static func best(
        ofHeads heads: Int, _ queries: Matrix, rows queryRows: [Int32], _ candidates: Matrix,
        rows candidateRows: [Int32]?
    ) -> [Float] {
        guard heads > 1 else {
            return of(queries, rows: queryRows, candidates, rows: candidateRows)
        }
        var best: [Float] = []
        for head in 0..<heads {
            let scores = of(
                queries, rows: queryRows.map { $0 * Int32(heads) + Int32(head) }, candidates,
                rows: candidateRows)
            best =
                head == 0
                ? scores : zip(best, scores).map { !($1 <= $0) && !$0.isNaN ? $1 : $0 }
        }
        return best
    }

    /// The score of each pair of a query and a candidate; nil for rows means row i of pair i.
    static func of(
        _ queries: Matrix, rows queryRows: [Int32]?, _ candidates: Matrix,
        rows candidateRows: [Int32]?
    ) -> [Float] {
        let count = queryRows?.count ?? candidateRows?.count ?? min(queries.rows, candidates.rows)
        guard count > 0 else { return [] }
        return [Float](unsafeUninitializedCapacity: count) { scores, initialized in
            Kernels.pairScores(
                queries.values, queries.columns, queryRows, candidates.values, candidates.columns,
                candidateRows, queries.columns, count, scores.baseAddress)
            initialized = count
        }
    }
}
