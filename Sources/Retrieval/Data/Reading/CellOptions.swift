/// How the cells of a column are read, beside what its declaration says.
struct CellOptions {
    /// Nil: UTF-8, and the format knows no other.
    var encoding: TextEncoding?
    /// Whether the column names users or items.
    var isID = false
    /// Texts that stand for nothing in every column of the table.
    var missing: [String] = []
    /// What stands before the decimals of a number.
    var decimal = UInt8(ascii: ".")
}

extension CellOptions {
    /// A number's cell with a point before its decimals, valid while the body runs; nil where the
    /// cell has a point already, which then is no decimal one.
    @inline(__always)
    func withPoint<Value>(_ cell: Cell, _ body: (Cell) -> Value?) -> Value? {
        guard decimal != UInt8(ascii: ".") else { return body(cell) }
        guard cell.count <= 64, !cell.contains(UInt8(ascii: ".")) else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { copy in
            for (index, byte) in cell.enumerated() {
                copy.initializeElement(at: index, to: byte == decimal ? 0x2E : byte)
            }
            return body(Cell(rebasing: copy[..<cell.count]))
        }
    }
}
