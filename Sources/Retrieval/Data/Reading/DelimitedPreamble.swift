/// What may stand before the records of a delimited file: a byte order mark, and the line by which
/// Excel is told what stands between fields, such as `sep=;`.
struct DelimitedPreamble {
    /// Bytes to pass over.
    private(set) var length = 0
    /// What the line says; nil where there is none.
    private(set) var delimiter: UInt8?

    init(_ bytes: Cell) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { length = 3 }
        let line = bytes[length..<min(length + 7, bytes.count)]
        guard line.starts(with: "sep=".utf8), line.count > 5 else { return }
        let named = line[line.startIndex + 4]
        let end = line[(line.startIndex + 5)...]
        let count = end.first == 0x0A ? 1 : end.starts(with: [0x0D, 0x0A]) ? 2 : 0
        guard count > 0, ",;|:\t ".utf8.contains(named) else { return }
        delimiter = named
        length += 5 + count
    }
}
