/// The pairs of example and column that may be scored.
package enum ScoreMask: Sendable {
    /// `allowed[example * columns + column]`, examples in the batch's order.
    case dense(allowed: [Bool], columns: Int)
    /// What an example's query has seen is hidden, but for the example's own positive.
    case seen(SeenColumns)

    /// Puts a value in each column that an example may not score.
    ///
    /// - Parameters:
    ///   - example: where it stands in the batch.
    ///   - copies: the column that holds the other copies of the positive, where it is counted
    ///     apart from them.
    func hide(
        _ row: UnsafeMutablePointer<Float>, columns: Int, example: Int, positive: Int32,
        copies: Int?, by value: Float
    ) {
        switch self {
        case .dense(let allowed, let width):
            allowed.withUnsafeBufferPointer { allowed in
                let own = allowed.baseAddress.map { $0 + example * width }
                Kernels.hide(row, where: own, columns, value)
                if let copies, own?[Int(positive)] == false { row[copies] = value }
            }
        case .seen(let seen):
            seen.forEachColumn(ofExample: example) { column in
                if column != positive {
                    row[Int(column)] = value
                } else if let copies {
                    row[copies] = value
                }
            }
        }
    }
}

/// Where the candidates that the queries of a batch have seen stand among its columns.
package struct SeenColumns: Sendable {
    private let items: SeenItems
    /// The query entity of each example, in the batch's order.
    private let queries: [Int32]
    /// The columns of each candidate key.
    private let columns: Groups

    package init(
        _ items: SeenItems, queries: [Int32], columnKeys: [Int32], candidateKeyCount: Int
    ) {
        self.items = items
        self.queries = queries
        columns = Groups(groupOf: columnKeys, count: candidateKeyCount)
    }

    /// Whether two examples of the batch have seen the same.
    func areAlike(_ example: Int, _ other: Int) -> Bool { queries[example] == queries[other] }

    func forEachColumn(ofExample example: Int, _ body: (Int32) -> Void) {
        items.forEachCandidate(of: queries[example]) { columns.forEach(of: Int($0), body) }
    }
}
