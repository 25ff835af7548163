/// The cells of some records in a row, none of them quoted: where each ends.
struct FieldBlock {
    let bytes: UnsafePointer<UInt8>
    /// Cell k is the text from `ends[k] + 1` up to `ends[k + 1]`; record after record.
    let ends: UnsafePointer<Int32>
    /// Fields of a record.
    let fields: Int
    /// Records.
    let rows: Int

    /// The cells of one field.
    func column(_ field: Int) -> CellColumn {
        CellColumn(block: self, field: field, isLast: field == fields - 1)
    }
}

/// One field of some records in a row.
struct CellColumn {
    fileprivate let block: FieldBlock
    fileprivate let field: Int
    fileprivate let isLast: Bool

    var count: Int { block.rows }

    @inline(__always)
    subscript(row: Int) -> Cell {
        let cell = row &* block.fields &+ field
        let start = Int(block.ends[cell]) &+ 1
        var end = Int(block.ends[cell &+ 1])
        // CR LF ends a record; the field does not have the CR.
        if isLast, end > start, block.bytes[end &- 1] == 0x0D { end &-= 1 }
        return Cell(start: block.bytes + start, count: end &- start)
    }
}

/// Reads records without quotes many at a time: their ends first, eight bytes in one step, and then
/// column by column. What it cannot read, one record at a time reads.
final class FieldBlocks {
    private let delimiter: UInt8?
    private let quote: UInt8?
    private let comment: UInt8?
    private var ends: UnsafeMutableBufferPointer<Int32> = .allocate(capacity: 0)
    /// Records to try at once: fewer after one that could not be read.
    private var ambition = 16
    static let mostRows = 2048

    init(delimiter: [UInt8], quote: UInt8?, comment: UInt8?) {
        self.delimiter = delimiter.count == 1 ? delimiter[0] : nil
        self.quote = quote
        self.comment = comment
    }

    deinit { ends.deallocate() }

    /// Reads from the scan's position on, and answers where the first record begins that was not
    /// read.
    func read(
        _ scan: DelimitedScan, _ fields: [Int], _ collector: RowCollector
    ) -> Int {
        var position = scan.position
        guard let delimiter, fields.count > 1, scan.bytes.count < Int(Int32.max) else {
            return position
        }
        if ends.count < Self.mostRows * fields.count + 1 {
            ends.deallocate()
            ends = .allocate(capacity: Self.mostRows * fields.count + 1)
        }
        while true {
            let asked = ambition
            let found = findEnds(
                scan.bytes, from: position, delimiter, most: asked * fields.count)
            let rows = wholeRows(scan.bytes, found / fields.count, fields.count)
            guard rows > 0 else { break }
            let block = FieldBlock(
                bytes: scan.bytes.baseAddress!, ends: UnsafePointer(ends.baseAddress!),
                fields: fields.count, rows: rows)
            let taken = collector.append(block, fields)
            position = Int(ends[taken * fields.count]) + 1
            guard taken == asked else { break }
            ambition = min(Self.mostRows, ambition * 2)
        }
        ambition = 16
        return position
    }

    /// Writes where delimiters and line ends stand, up to the first quote, behind an end before
    /// the first cell; answers how many.
    private func findEnds(
        _ text: Cell, from start: Int, _ delimiter: UInt8, most: Int
    ) -> Int {
        let base = UnsafeRawPointer(text.baseAddress!)
        let ends = self.ends.baseAddress!
        ends[0] = Int32(truncatingIfNeeded: start &- 1)
        let delimiters = Self.everyByte(delimiter)
        let newlines = Self.everyByte(0x0A)
        let quotes = Self.everyByte(quote ?? 0x0A)
        let hasQuote = quote != nil
        var count = 0
        var position = start
        // The window may be read a little way behind its end.
        while position < text.count {
            let word = UInt64(littleEndian: (base + position).loadUnaligned(as: UInt64.self))
            var marks = Self.zeroBytes(word ^ delimiters) | Self.zeroBytes(word ^ newlines)
            var isLast = false
            if hasQuote {
                let quoted = Self.zeroBytes(word ^ quotes)
                if quoted != 0 {
                    // Nothing from the quote on.
                    marks &= quoted & (0 &- quoted) &- 1
                    isLast = true
                }
            }
            while marks != 0 {
                let place = position &+ marks.trailingZeroBitCount >> 3
                guard place < text.count, count < most else { return count }
                count &+= 1
                ends[count] = Int32(truncatingIfNeeded: place)
                marks &= marks &- 1
            }
            if isLast { return count }
            position &+= 8
        }
        return count
    }

    /// How many of the records have their fields, each: a line end behind the last and nowhere
    /// else, and no comment.
    private func wholeRows(_ text: Cell, _ rows: Int, _ fields: Int) -> Int {
        var cell = 1
        for row in 0..<rows {
            let start = Int(ends[cell - 1]) + 1
            if let comment, text[start] == comment { return row }
            for _ in 1..<fields {
                guard text[Int(ends[cell])] != 0x0A else { return row }
                cell += 1
            }
            guard text[Int(ends[cell])] == 0x0A else { return row }
            cell += 1
        }
        return rows
    }

    private static func everyByte(_ byte: UInt8) -> UInt64 {
        UInt64(byte) &* 0x0101_0101_0101_0101
    }

    /// The top bit of each byte that is 0.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((word & low) &+ low) | word | low)
    }
}
