/// Reads records many at a time: their ends first, 64 bytes in one step, and then column by column.
/// What it cannot read, one record at a time reads: quotes within a field, comments, bad rows.
final class FieldBlocks {
    /// Nil: records are such that all of them are read one at a time.
    private let splitter: RecordSplitter?
    private var ends: UnsafeMutableBufferPointer<Int32> = .allocate(capacity: 0)
    /// Records to try at once: fewer after one that could not be read.
    private var ambition = 16
    static let mostRows = 1024

    init(delimiter: [UInt8], quote: UInt8?, comment: UInt8?) {
        splitter = RecordSplitter(delimiter: delimiter, quote: quote, comment: comment)
    }

    deinit { ends.deallocate() }

    /// Reads from the scan's position on, and answers where the first record begins that was not
    /// read.
    func read(
        _ scan: DelimitedScan, _ fields: [Int], _ collector: RowCollector
    ) -> Int {
        var position = scan.position
        guard let splitter, fields.count > 1, scan.bytes.count < Int(Int32.max),
            let bytes = scan.bytes.baseAddress
        else { return position }
        let room = (Self.mostRows + 1) * fields.count + 65
        if ends.count < room {
            ends.deallocate()
            ends = .allocate(capacity: room)
        }
        guard let ends = ends.baseAddress else { return position }
        while true {
            let asked = ambition
            let found = splitter.split(
                bytes, scan.bytes.count, from: position, fields: fields.count, most: asked,
                ends: ends)
            guard found.records > 0 else { break }
            let block = FieldBlock(
                bytes: bytes, ends: UnsafePointer(ends), fields: fields.count,
                rows: found.records, delimiterLength: splitter.delimiterLength,
                quote: found.quoted ? splitter.quote : -1)
            let taken = collector.append(block, fields)
            position = Int(ends[taken * fields.count]) + 1
            guard taken == asked else { break }
            ambition = min(Self.mostRows, ambition * 2)
        }
        ambition = 16
        return position
    }
}
