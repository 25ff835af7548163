/// A dense row-major matrix of 32-bit floats, `rows` × `columns`, without padding.
public struct Matrix: Hashable, Sendable {
    /// At least 0.
    public let rows: Int
    /// At least 0.
    public let columns: Int
    /// The elements, row by row; `rows * columns` of them.
    public var values: [Float]

    /// Traps where the count of values is not `rows * columns`.
    public init(rows: Int, columns: Int, values: [Float]) {
        precondition(
            rows >= 0 && columns >= 0 && values.count == rows * columns,
            "a \(rows) x \(columns) matrix cannot hold \(values.count) values")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    public init(rows: Int, columns: Int, repeating value: Float = 0) {
        self.init(
            rows: rows, columns: columns,
            values: [Float](repeating: value, count: rows * columns))
    }

    /// A matrix whose elements `fill` writes, all of them.
    package init(
        rows: Int, columns: Int, filledBy fill: (UnsafeMutablePointer<Float>) -> Void
    ) {
        self.init(
            rows: rows, columns: columns,
            values: [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
                count = rows * columns
                if let base = buffer.baseAddress { fill(base) }
            })
    }

    /// A matrix of zeros of which lanes write some rows, each those of its own.
    static func zeros(
        rows: Int, columns: Int, thenWriting write: (LanePointer<Float>) -> Void
    ) -> Matrix {
        var matrix = Matrix(rows: rows, columns: columns)
        matrix.values.withUnsafeMutableBufferPointer { values in
            if let start = values.baseAddress { write(LanePointer(start)) }
        }
        return matrix
    }

    /// The number at a place, which must lie within the matrix.
    public subscript(row: Int, column: Int) -> Float {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// A copy of one row.
    public func row(_ index: Int) -> ArraySlice<Float> {
        values[(index * columns)..<((index + 1) * columns)]
    }
}
