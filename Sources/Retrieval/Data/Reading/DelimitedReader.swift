/// Delimited text with quoting, as RFC 4180 describes it and spreadsheets write it.
///
/// - A record ends with LF or CR LF outside quotes; empty lines are passed over.
/// - A field that begins with a quote ends with the next one; two quotes in a row within it are
///   one quote, and delimiters and line ends within it are text. Elsewhere a quote is text.
/// - A byte order mark is passed over.
struct DelimitedReader {
    /// One byte or more.
    var delimiter: [UInt8]
    var hasHeader = true
    var quote: UInt8? = UInt8(ascii: "\"")
    /// Lines that begin with it are passed over.
    var comment: UInt8?
    /// Turns the fields of a header into declarations.
    var columns: ([String]) throws(HeaderProblem) -> [ColumnDeclaration?]

    /// What is wrong with a header: in which field, and how.
    struct HeaderProblem: Error {
        var field: Int
        var required: String
        var found: String
    }

    /// Reads a file; `collector` has the columns of the first file already, or none.
    func read(
        _ place: TextPlace, into collector: RowCollector, progress: (Int) -> Void
    ) throws(DataError) {
        var scan = Scan(reader: self, place: place)
        var fields: [Int] = []
        var header: [String] = []
        var starts: [Int] = []
        if hasHeader {
            scan.skipToRecord()
            guard !scan.isAtEnd else {
                throw place.malformed(at: 0, required: "a header", found: "an empty file")
            }
            while true {
                let start = scan.position
                let cell = try scan.field()
                header.append(String(decoding: cell, as: UTF8.self))
                starts.append(start)
                if scan.endRecord() { break }
                scan.passDelimiter()
            }
        }
        let declared: [ColumnDeclaration?]
        do throws(HeaderProblem) {
            declared = try columns(header)
        } catch {
            throw place.malformed(
                at: error.field < starts.count ? starts[error.field] : 0,
                required: error.required, found: error.found)
        }
        try prepare(declared, &fields, collector, place)
        var next = 1 << 22
        while true {
            scan.skipToRecord()
            if scan.isAtEnd { return }
            if scan.position >= next {
                progress(scan.position)
                next = scan.position + 1 << 22
            }
            do throws(DataError) {
                try record(&scan, fields, collector)
            } catch {
                try collector.reject(error)
                scan.skipLine()
            }
        }
    }

    /// Makes the builders at the first file; later files must have the same columns.
    private func prepare(
        _ declared: [ColumnDeclaration?], _ fields: inout [Int], _ collector: RowCollector,
        _ place: TextPlace
    ) throws(DataError) {
        if collector.columns.isEmpty {
            for declaration in declared {
                guard let declaration else {
                    fields.append(-1)
                    continue
                }
                fields.append(collector.columns.count)
                collector.columns.append(
                    ReadColumn(
                        name: declaration.name, builder: try declaration.makeBuilder()))
            }
            return
        }
        for declaration in declared {
            guard let declaration else {
                fields.append(-1)
                continue
            }
            let index = collector.columns.firstIndex { $0.name == declaration.name }
            guard let index else {
                throw place.malformed(
                    at: 0, required: "the columns of the first file",
                    found: "a column '\(declaration.name)'")
            }
            fields.append(index)
        }
        guard fields.count(where: { $0 >= 0 }) == collector.columns.count else {
            throw place.malformed(
                at: 0, required: "the columns of the first file", found: "fewer columns")
        }
    }

    private func record(
        _ scan: inout Scan, _ fields: [Int], _ collector: RowCollector
    ) throws(DataError) {
        let place = scan.place
        for (index, column) in fields.enumerated() {
            let start = scan.position
            let cell = try scan.field()
            if column >= 0, !collector.columns[column].builder.append(cell) {
                let read = collector.columns[column]
                throw place.malformed(
                    at: start, required: "\(read.name), \(read.builder.required)",
                    found: place.quote(cell))
            }
            let isLast = index == fields.count - 1
            if scan.isAtRecordEnd == isLast {
                if isLast { break }
                scan.passDelimiter()
                continue
            }
            throw place.malformed(
                at: scan.position,
                required: fields.count == 1 ? "1 field" : "\(fields.count) fields",
                found: isLast ? "another field" : "\(index + 1)")
        }
        _ = scan.endRecord()
        try collector.endRow()
    }
}

/// A place in the text, and the steps that reading takes from there.
struct Scan {
    let place: TextPlace
    private let bytes: Cell
    private let delimiter: [UInt8]
    private let first: UInt8
    private let quote: UInt8?
    private let comment: UInt8?
    private(set) var position = 0
    /// The text of a quoted field that had quotes in it.
    private var unquoted: [UInt8] = []

    init(reader: DelimitedReader, place: TextPlace) {
        self.place = place
        bytes = place.bytes
        delimiter = reader.delimiter
        first = reader.delimiter[0]
        quote = reader.quote
        comment = reader.comment
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    var isAtEnd: Bool { position >= bytes.count }
}

extension Scan {
    /// Passes over empty lines and comments.
    mutating func skipToRecord() {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x0A {
                position += 1
            } else if byte == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A {
                position += 2
            } else if byte == comment {
                skipLine()
            } else {
                return
            }
        }
    }

    /// Goes to where the next line begins.
    mutating func skipLine() {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        if position < bytes.count { position += 1 }
    }

    /// The text of the field that begins here; the position is behind it, before what ends it.
    @inline(__always)
    mutating func field() throws(DataError) -> Cell {
        if let quote, position < bytes.count, bytes[position] == quote {
            return try quotedField(quote)
        }
        let start = position
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte == 0x0A || (byte == first && isDelimiter(at: end)) { break }
            end += 1
        }
        position = end
        let atEnd = end == bytes.count || bytes[end] == 0x0A
        // CR LF ends a record; the field does not have the CR.
        let textEnd = atEnd && end > start && bytes[end - 1] == 0x0D ? end - 1 : end
        return Cell(rebasing: bytes[start..<textEnd])
    }

    private mutating func quotedField(_ quote: UInt8) throws(DataError) -> Cell {
        let start = position + 1
        var end = start
        var isPlain = true
        while true {
            while end < bytes.count, bytes[end] != quote { end += 1 }
            guard end < bytes.count else {
                throw place.malformed(
                    at: position, required: "a quote that ends the field",
                    found: "the end of the file")
            }
            guard end + 1 < bytes.count, bytes[end + 1] == quote else { break }
            isPlain = false
            end += 2
        }
        let after = end + 1
        let hasReturn =
            after < bytes.count && bytes[after] == 0x0D
            && (after + 1 == bytes.count || bytes[after + 1] == 0x0A)
        position = hasReturn ? after + 1 : after
        guard isAtRecordEnd || isDelimiter(at: position) else {
            throw place.malformed(
                at: after, required: "the end of the field after its quote",
                found: place.quote(Cell(rebasing: bytes[after..<min(after + 8, bytes.count)])))
        }
        guard !isPlain else { return Cell(rebasing: bytes[start..<end]) }
        unquoted.removeAll(keepingCapacity: true)
        var index = start
        while index < end {
            unquoted.append(bytes[index])
            index += bytes[index] == quote ? 2 : 1
        }
        // Valid until the next field is read: nothing else changes the array.
        return unquoted.withUnsafeBufferPointer { $0 }
    }

    var isAtRecordEnd: Bool { position >= bytes.count || bytes[position] == 0x0A }

    /// Goes behind the record's end, if it is here.
    mutating func endRecord() -> Bool {
        guard isAtRecordEnd else { return false }
        if position < bytes.count { position += 1 }
        return true
    }

    mutating func passDelimiter() { position += delimiter.count }

    @inline(__always)
    private func isDelimiter(at index: Int) -> Bool {
        if delimiter.count == 1 { return index < bytes.count && bytes[index] == first }
        guard index + delimiter.count <= bytes.count else { return false }
        for offset in delimiter.indices where bytes[index + offset] != delimiter[offset] {
            return false
        }
        return true
    }
}
