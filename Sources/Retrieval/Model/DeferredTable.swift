/// A table of embeddings before its numbers are made, of which a rank makes its own rows alone.
struct DeferredTable: Sendable {
    let rows: Int
    let columns: Int
    /// What draws some rows after others.
    let initializer: any Initializer
    /// The table's own randomness, at its beginning.
    let stream: RandomStream

    /// Numbers that are drawn at once.
    private static let pieceCapacity = 1 << 18

    /// All rows.
    var whole: Matrix {
        var stream = stream
        return initializer.makeMatrix(rows: rows, columns: columns, stream: &stream)
    }

    /// This rank's rows, with the numbers that they have in the whole.
    func own(by partition: RowPartition) -> Matrix {
        var stream = stream
        let height = max(1, Self.pieceCapacity / max(1, columns))
        return Matrix(rows: partition.ownCount, columns: columns) { own in
            var next = own
            for first in Swift.stride(from: 0, to: rows, by: height) {
                let piece = initializer.makeMatrix(
                    rows: min(height, rows - first), columns: columns, stream: &stream)
                piece.values.withUnsafeBufferPointer { values in
                    guard let start = values.baseAddress else { return }
                    for row in 0..<piece.rows where partition.isOwn(Int32(first + row)) {
                        next.update(from: start + row * columns, count: columns)
                        next += columns
                    }
                }
            }
        }
    }
}
