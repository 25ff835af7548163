/// One batch as the engine scores it: rows of queries against columns of candidates.
///
/// A row may serve several examples (the same query asked for several candidates) and a column
/// may stand for several candidates of the batch (the same candidate, scored once). The dense
/// problem of TFRS is the one in which every row serves one example and every column stands for
/// itself.
package struct InBatchProblem: Sendable {
    /// Query embeddings, [rows · heads, dimension], the heads of one row after each other.
    package var queries: Matrix
    /// How many embeddings each row has; a column's score is that of its best head.
    package var heads = 1
    /// Candidate embeddings, [columns, dimension].
    package var candidates: Matrix
    package var examples: RowExamples
    /// How many candidates of the batch each column stands for; nil: each for itself.
    package var counts: [Float]?
    /// The identity of each column's candidate, where accidental hits are to be found.
    package var columnIDs: ColumnIDs?
    /// What is added to each column after the temperature: `−log q` of the sampling correction.
    package var columnBias: [Float]?
    package var mask: ScoreMask?

    package init(queries: Matrix, candidates: Matrix, examples: RowExamples) {
        self.queries = queries
        self.candidates = candidates
        self.examples = examples
    }

    var rows: Int { queries.rows / heads }

    /// The number of columns, copies counted.
    var columnCount: Float {
        counts.map { $0.reduce(0, +) } ?? Float(candidates.rows)
    }
}

/// The examples of a batch, grouped by the row that scores them.
package struct RowExamples: Sendable {
    /// Examples of row r stand at `offsets[r]..<offsets[r + 1]`.
    package let offsets: [Int]
    /// The positive's column of each grouped example; -1 where it has none.
    package let positives: [Int32]
    /// The sample weight of each grouped example.
    package let weights: [Float]
    /// Where each grouped example stands in the batch.
    package let batchIndex: [Int32]

    package var count: Int { positives.count }

    /// Groups the examples by row; within a row they keep the batch's order.
    package init(rowOf: [Int32], rows: Int, positives: [Int32], weights: [Float]?) {
        var offsets = [Int](repeating: 0, count: rows + 1)
        for row in rowOf { offsets[Int(row) + 1] += 1 }
        for row in 0..<rows { offsets[row + 1] += offsets[row] }
        var next = offsets
        var batchIndex = [Int32](repeating: 0, count: rowOf.count)
        for (index, row) in rowOf.enumerated() {
            batchIndex[next[Int(row)]] = Int32(index)
            next[Int(row)] += 1
        }
        self.offsets = offsets
        self.positives = batchIndex.map { positives[Int($0)] }
        self.weights =
            weights.map { weights in batchIndex.map { weights[Int($0)] } }
            ?? [Float](repeating: 1, count: rowOf.count)
        self.batchIndex = batchIndex
    }

    /// One example a row: example i is row i, its positive is column i while there is one.
    package init(diagonal rows: Int, columns: Int, weights: [Float]?) {
        offsets = Array(0...rows)
        positives = (0..<rows).map { $0 < columns ? Int32($0) : -1 }
        self.weights = weights ?? [Float](repeating: 1, count: rows)
        batchIndex = (0..<rows).map(Int32.init)
    }
}

/// Which columns hold the same candidate id.
package struct ColumnIDs: Sendable {
    private let codes: [Int32]
    private let columnsOfCode: [[Int32]]

    /// - Parameter codes: the id of each column, as a small non-negative number.
    package init(codes: [Int32]) {
        self.codes = codes
        var columns = [[Int32]](repeating: [], count: Int(codes.max() ?? -1) + 1)
        for (column, code) in codes.enumerated() { columns[Int(code)].append(Int32(column)) }
        columnsOfCode = columns
    }

    /// The columns with the id of an example's positive. An example without one has an empty label
    /// row, whose argmax TFRS takes: column 0.
    func columns(sharingIDWith positive: Int32) -> [Int32] {
        codes.isEmpty ? [] : columnsOfCode[Int(codes[Int(max(0, positive))])]
    }
}

/// The pairs of example and column that may be scored.
package enum ScoreMask: Sendable {
    /// `allowed[example * columns + column]`, examples in the batch's order.
    case dense(allowed: [Bool], columns: Int)
    /// The forbidden columns of each example, in the batch's order.
    case forbidden([[Int32]])
}
