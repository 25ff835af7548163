import CKernels

/// How text is cut into records and these into fields, many at a time.
struct RecordSplitter {
    private var separators = tk_separators()

    /// Nil where the kernel does not know how: a delimiter of other than 1 to 8 bytes, or one with
    /// a line feed or the quote.
    init?(delimiter: [UInt8], quote: UInt8?, comment: UInt8?) {
        guard (1...8).contains(delimiter.count), !delimiter.contains(0x0A),
            !delimiter.contains(where: { $0 == quote })
        else { return nil }
        withUnsafeMutableBytes(of: &separators.delimiter) { $0.copyBytes(from: delimiter) }
        separators.delimiter_length = UInt32(delimiter.count)
        separators.quote = quote.map { Int32($0) } ?? -1
        separators.comment = comment.map { Int32($0) } ?? -1
    }

    var delimiterLength: Int { Int(separators.delimiter_length) }

    /// The byte that quotes fields; -1: none.
    var quote: Int { Int(separators.quote) }

    /// Finds the ends of the fields of at most `most` records from `start` on, where a record
    /// begins that is neither empty nor a comment: `ends[0]` is start - 1, and field f of record r
    /// ends at `ends[1 + r * fields + f]`. Stops before the first record that it cannot read:
    /// `tk_split_records` says which.
    ///
    /// - Returns: the records that were read, and whether a quote stands in some of them.
    func split(
        _ text: UnsafePointer<UInt8>, _ count: Int, from start: Int, fields: Int, most: Int,
        ends: UnsafeMutablePointer<Int32>
    ) -> (records: Int, quoted: Bool) {
        let found = withUnsafePointer(to: separators) {
            tk_split_records(text, count, start, $0, fields, most, ends)
        }
        return (found.records, found.quoted)
    }
}
