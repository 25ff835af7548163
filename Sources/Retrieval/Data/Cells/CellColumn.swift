/// The bytes of one field of one record.
typealias Cell = UnsafeBufferPointer<UInt8>

/// The cells of some records in a row: where each ends.
struct FieldBlock {
    let bytes: UnsafePointer<UInt8>
    /// Cell k, record after record, begins behind what ends the one before and ends at
    /// `ends[k + 1]`.
    let ends: UnsafePointer<Int32>
    /// Fields of a record.
    let fields: Int
    /// Records.
    let rows: Int
    /// Bytes between fields.
    let delimiterLength: Int
    /// What quotes a field that begins with it and ends with it; −1: nothing.
    let quote: Int

    /// The cells of one field.
    func column(_ field: Int) -> CellColumn { CellColumn(self, field: field) }
}

/// One field of some records in a row. Behind each cell there are ``TextWindow/padding`` bytes that
/// may be read.
struct CellColumn {
    let count: Int
    private let bytes: UnsafePointer<UInt8>
    private let ends: UnsafePointer<Int32>
    private let stride: Int
    /// Bytes between the end before a cell and the cell.
    private let lead: Int
    private let isLast: Bool
    private let quote: Int

    init(_ block: FieldBlock, field: Int) {
        count = block.rows
        bytes = block.bytes
        ends = block.ends + field
        stride = block.fields
        lead = field == 0 ? 1 : block.delimiterLength
        isLast = field == block.fields - 1
        quote = block.quote
    }

    @inline(__always)
    subscript(row: Int) -> Cell {
        let cell = ends + row &* stride
        var start = bytes + (Int(cell[0]) &+ lead)
        var count = Int(cell[1]) &- (start - bytes)
        // CR LF ends a record; the field does not have the CR.
        if isLast, count > 0, start[count &- 1] == 0x0D { count &-= 1 }
        if Int(start[0]) == quote, count > 0 {
            start += 1
            count &-= 2
        }
        return Cell(start: start, count: count)
    }
}
