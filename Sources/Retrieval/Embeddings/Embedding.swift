import CKernels

/// Row look-up in an embedding table and its gradient.
enum Embedding {
    /// Rows `indices` of `table`, [indices.count, table.columns].
    static func gather(_ table: Matrix, _ indices: [Int32]) -> Matrix {
        Matrix(rows: indices.count, columns: table.columns) {
            tk_gather_rows(
                $0, table.columns, table.values, table.columns, table.columns, indices,
                indices.count)
        }
    }

    /// Adds row i of `rows` to row `indices[i]` of `sums`, in order.
    static func scatterAdd(_ rows: Matrix, at indices: [Int32], into sums: inout Matrix) {
        let columns = sums.columns
        sums.values.withUnsafeMutableBufferPointer {
            tk_scatter_add_rows(
                $0.baseAddress, columns, rows.values, columns, columns, indices, indices.count)
        }
    }
}
