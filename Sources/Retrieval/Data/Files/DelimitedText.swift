/// Reads the fields of separated text byte by byte.
///
/// It is for formats without quoting, one record per line, lines ended by LF or CR LF, the last
/// one perhaps by nothing. Any bytes are safe to read; what does not fit throws
/// ``DataError/malformed(_:)`` with the place.
struct DelimitedText {
    let file: String
    let bytes: [UInt8]
    private let separator: UInt8
    /// The fields of a record in order, as messages call them.
    private let fields: [String]
    private var position = 0
    private var field = 0

    /// `fields` holds at least one name.
    init(file: String, bytes: [UInt8], separator: Unicode.Scalar, fields: [String]) {
        self.file = file
        self.bytes = bytes
        self.separator = UInt8(ascii: separator)
        self.fields = fields
    }

    /// True where no record is left.
    var isAtEnd: Bool { position == bytes.count }

    /// Lines, counting a last one without an end: room to reserve.
    var lineCount: Int {
        // Without a branch, so that the compiler compares many bytes at once.
        let count = bytes.withUnsafeBufferPointer { buffer in
            var count = 0
            for byte in buffer { count &+= byte == Self.newline ? 1 : 0 }
            return count
        }
        return bytes.isEmpty || bytes.last == Self.newline ? count : count + 1
    }

    /// The bytes of the record's next field.
    mutating func next() throws(DataError) -> Range<Int> {
        let start = position
        let count = bytes.count
        var end = start
        while end < count {
            let byte = bytes[end]
            if byte == separator || byte == Self.newline { break }
            end += 1
        }
        let endsRecord = end == count || bytes[end] == Self.newline
        if field + 1 < fields.count {
            guard !endsRecord else { throw tooFewFields(start..<end) }
            field += 1
            position = end + 1
            return start..<end
        }
        guard endsRecord else {
            throw malformed(
                at: end, required: "the end of the line after \(recordWords)",
                found: "another field")
        }
        field = 0
        position = end == count ? end : end + 1
        return withoutReturn(start..<end)
    }

    /// The next field, which must be an id: one or more decimal digits.
    mutating func nextDigits() throws(DataError) -> Range<Int> {
        let name = fields[field]
        let range = try next()
        for index in range where bytes[index] &- Self.zero > 9 {
            throw wrong(range, "\(name), digits only")
        }
        guard !range.isEmpty else { throw wrong(range, "\(name), digits only") }
        return range
    }

    /// The next field, which must be an integer of 64 bits in decimal digits, perhaps after "-".
    mutating func nextInteger() throws(DataError) -> Int64 {
        let name = fields[field]
        let range = try next()
        guard let value = parsed(range, CellParsing.integer) else {
            throw wrong(range, "\(name), an integer")
        }
        return value
    }

    /// The next field, which must be a decimal number of at most 15 digits without an exponent.
    mutating func nextNumber() throws(DataError) -> Double {
        let name = fields[field]
        let range = try next()
        guard let value = parsed(range, CellParsing.decimal) else {
            throw wrong(range, "\(name), a number")
        }
        return value
    }

    /// What a field's bytes mean; nil where they do not fit.
    func parsed<Value>(_ range: Range<Int>, _ parse: (Cell) -> Value?) -> Value? {
        bytes.withUnsafeBufferPointer { parse(Cell(rebasing: $0[range])) }
    }

    /// The next field, which must be 0 or 1.
    mutating func nextFlag() throws(DataError) -> Bool {
        let name = fields[field]
        let range = try next()
        guard range.count == 1, bytes[range.lowerBound] &- Self.zero <= 1 else {
            throw wrong(range, "\(name), 0 or 1")
        }
        return bytes[range.lowerBound] != Self.zero
    }

    /// An error at a byte of the file.
    func malformed(at offset: Int, required: String, found: String) -> DataError {
        // Errors are rare and lines are not counted while reading.
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: Self.newline).map { $0 + 1 } ?? 0
        let line = 1 + before.reduce(0) { $1 == Self.newline ? $0 + 1 : $0 }
        return .malformed(
            MalformedData(
                file: file, line: line, column: offset - lineStart + 1, required: required,
                found: found))
    }

    /// An error about a field's bytes, which it quotes.
    func wrong(_ range: Range<Int>, _ required: String) -> DataError {
        malformed(
            at: range.lowerBound, required: required,
            found: Self.quote(bytes[withoutReturn(range)]))
    }

    private func tooFewFields(_ range: Range<Int>) -> DataError {
        let range = withoutReturn(range)
        let present = field == 0 && range.isEmpty ? 0 : field + 1
        let found =
            switch present {
            case 0: "an empty line"
            case 1: "1 field"
            default: "\(present) fields"
            }
        return malformed(at: range.upperBound, required: recordWords, found: found)
    }

    private var recordWords: String {
        let name =
            switch separator {
            case UInt8(ascii: "\t"): "tabs"
            default: "'\(Character(Unicode.Scalar(separator)))'"
            }
        let names = fields.count > 8 ? "" : " (\(fields.joined(separator: ", ")))"
        let noun = fields.count == 1 ? "1 field" : "\(fields.count) fields separated by \(name)"
        return noun + names
    }

    private func withoutReturn(_ range: Range<Int>) -> Range<Int> {
        guard let last = range.last, bytes[last] == UInt8(ascii: "\r") else { return range }
        return range.lowerBound..<last
    }

    private static let newline = UInt8(ascii: "\n")
    private static let zero = UInt8(ascii: "0")
}

extension DelimitedText {
    /// Bytes in quotes for a message: at most 24 of them, the unprintable as \x and two digits.
    static func quote(_ bytes: ArraySlice<UInt8>) -> String {
        guard !bytes.isEmpty else { return "nothing" }
        var text = "'"
        for byte in bytes.prefix(24) {
            switch byte {
            case UInt8(ascii: "\t"): text += "\\t"
            case UInt8(ascii: "\r"): text += "\\r"
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text + (bytes.count > 24 ? "'…" : "'")
    }
}
