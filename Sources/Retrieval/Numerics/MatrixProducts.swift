/// Products of matrices, their rows cut over lanes. Each number of a product is one chain of
/// fused multiply-adds, so that no cut shows in its bits.
extension Matrix {
    /// self · other, plus a bias per column: [rows, other.columns].
    func times(_ other: Matrix, bias: Matrix? = nil, _ lanes: Lanes) -> Matrix {
        precondition(columns == other.rows, "\(columns) columns times \(other.rows) rows")
        return product(
            rows: rows, columns: other.columns, depth: columns,
            a: self, aRowStride: columns, aDepthStride: 1,
            b: other, bColumnStride: 1, bDepthStride: other.columns, bias: bias, lanes)
    }

    /// self · otherᵀ: [rows, other.rows].
    func timesTransposed(_ other: Matrix, _ lanes: Lanes) -> Matrix {
        precondition(columns == other.columns, "\(columns) columns times \(other.columns) rows")
        return product(
            rows: rows, columns: other.rows, depth: columns,
            a: self, aRowStride: columns, aDepthStride: 1,
            b: other, bColumnStride: other.columns, bDepthStride: 1, bias: nil, lanes)
    }

    /// selfᵀ · other: [columns, other.columns].
    func transposedTimes(_ other: Matrix, _ lanes: Lanes) -> Matrix {
        precondition(rows == other.rows, "\(rows) columns times \(other.rows) rows")
        return product(
            rows: columns, columns: other.columns, depth: rows,
            a: self, aRowStride: 1, aDepthStride: columns,
            b: other, bColumnStride: 1, bDepthStride: other.columns, bias: nil, lanes)
    }

    /// The sum of the rows, [1, columns], added in their order.
    func columnSums() -> Matrix {
        Matrix(rows: 1, columns: columns) {
            Kernels.sumPartials($0, values, rows, columns, columns)
        }
    }
}

private func product(
    rows: Int, columns: Int, depth: Int,
    a: Matrix, aRowStride: Int, aDepthStride: Int,
    b: Matrix, bColumnStride: Int, bDepthStride: Int, bias: Matrix?, _ lanes: Lanes
) -> Matrix {
    let packed = LaneBuffer<Float>(uninitializedCount: Kernels.packedSize(columns, depth))
    Kernels.pack(b.values, columns, depth, bColumnStride, bDepthStride, packed.pointer)
    return Matrix(rows: rows, columns: columns) { result in
        nonisolated(unsafe) let result = result
        lanes.forEachRange(of: rows, cost: columns * max(1, depth)) { range in
            a.values.withUnsafeBufferPointer { a in
                // A product without depth reads nothing of what stands in for it.
                let start = a.baseAddress ?? UnsafePointer(packed.pointer)
                Kernels.gemmPacked(
                    range.count, columns, depth, start + range.lowerBound * aRowStride,
                    aRowStride, aDepthStride, packed.pointer,
                    result + range.lowerBound * columns, columns,
                    bias == nil ? .zero : .bias, bias?.values)
            }
        }
    }
}

extension Lanes {
    /// Operations below which a second thread costs more than it saves.
    private static let leastWork = 1 << 16

    /// Calls `body` for ranges that cover the rows; the ranges depend on the rows and their cost,
    /// in operations of each, alone.
    func forEachRange(of rows: Int, cost: Int, _ body: @Sendable (Range<Int>) -> Void) {
        forEachPiece(of: rows, cost: cost) { _, range in body(range) }
    }

    /// Into how many pieces ``forEachPiece(of:cost:_:)`` cuts the rows, none of them empty.
    static func pieces(of rows: Int, cost: Int) -> Int {
        let (work, overflowed) = rows.multipliedReportingOverflow(by: cost)
        return min(rows, overflowed || work >= leastWork ? count : 1)
    }

    /// The ranges of ``forEachPiece(of:cost:_:)``.
    static func ranges(of rows: Int, cost: Int) -> [Range<Int>] {
        let pieces = pieces(of: rows, cost: cost)
        return (0..<pieces).map { (rows * $0 / pieces)..<(rows * ($0 + 1) / pieces) }
    }

    /// As ``forEachRange(of:cost:_:)``, with the number of the range too.
    func forEachPiece(
        of rows: Int, cost: Int, _ body: @Sendable (_ piece: Int, Range<Int>) -> Void
    ) {
        let pieces = Self.pieces(of: rows, cost: cost)
        forEach(pieces) { piece in
            body(piece, (rows * piece / pieces)..<(rows * (piece + 1) / pieces))
        }
    }
}
