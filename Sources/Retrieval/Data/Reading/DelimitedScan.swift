/// A place in delimited text, and the steps that reading takes from there.
struct DelimitedScan {
    let place: TextPlace
    let bytes: Cell
    /// What ends with the text.
    private let end: TextPiece.End
    private let delimiter: [UInt8]
    private let first: UInt8
    private let quote: UInt8?
    private let comment: UInt8?
    private let escape: UInt8?
    var position = 0
    /// Whether a quoted field, or a comment, has no end in the text.
    private var sawEnd = false
    private let unquoted = UnquotedText()

    init(reader: DelimitedReader, window: TextWindow) {
        self.init(reader: reader, window.place, end: window.isFinal ? .file : .window)
        if window.isFirst { position = DelimitedPreamble(bytes).length }
    }

    init(reader: DelimitedReader, _ place: TextPlace, end: TextPiece.End) {
        self.place = place
        bytes = place.bytes
        self.end = end
        delimiter = reader.delimiter
        first = reader.delimiter[0]
        quote = reader.quote
        comment = reader.comment
        escape = reader.escape
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// Whether the file goes on and what comes next may change what was just read: the text of a
    /// record whole needs its line end in sight, and what could follow a quote.
    var needsMore: Bool {
        switch end {
        case .file: false
        case .line: sawEnd
        case .window: sawEnd || position + delimiter.count + 2 > bytes.count
        }
    }

    /// Whether a line ends in the text from here on, as the last one does with the file.
    var seesLineEnd: Bool {
        end != .window || bytes[min(position, bytes.count)...].contains(0x0A)
    }

    var isAtRecordEnd: Bool { position >= bytes.count || bytes[position] == 0x0A }
}

extension DelimitedScan {
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
        if position < bytes.count { position += 1 } else { sawEnd = true }
    }

    /// The text from a place to the end of the line that the position is in.
    func line(from start: Int) -> Cell {
        let position = min(position, bytes.count)
        let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
        let hasReturn = end > start && bytes[end - 1] == 0x0D
        return Cell(rebasing: bytes[start..<max(start, hasReturn ? end - 1 : end)])
    }

    /// The text of the field that begins here, valid until the next field is read; the position
    /// is behind it, before what ends it.
    @inline(__always)
    mutating func field() throws(DataError) -> Cell {
        if let escape { return try escapedField(escape) }
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
                sawEnd = true
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
            // Of this line alone, which is in sight whatever the window holds.
            let line = bytes[after..<min(after + 8, bytes.count)].prefix { $0 != 0x0A }
            let isEscaped = end > start && bytes[end - 1] == UInt8(ascii: "\\")
            throw place.malformed(
                at: after,
                required: "the end of the field after its quote"
                    + (isEscaped ? " (quotes behind a backslash go by 'escape: \"\\\\\"')" : ""),
                found: place.quote(Cell(rebasing: line)))
        }
        let text = Cell(rebasing: bytes[start..<end])
        return isPlain ? text : unquoted.text(of: text, quote: quote)
    }

    /// A field in which a character behind an escape is text, whatever it is; but an escape and N
    /// alone, which databases write for nothing, stay as they are.
    private mutating func escapedField(_ escape: UInt8) throws(DataError) -> Cell {
        let start = position
        let quote = position < bytes.count && bytes[position] == self.quote ? self.quote : nil
        unquoted.clear()
        if quote != nil { position += 1 }
        while true {
            guard position < bytes.count else {
                guard quote == nil else {
                    sawEnd = true
                    throw place.malformed(
                        at: start, required: "a quote that ends the field",
                        found: "the end of the file")
                }
                break
            }
            let byte = bytes[position]
            if byte == escape, position + 1 < bytes.count {
                unquoted.append(bytes[position + 1])
                position += 2
            } else if let quote, byte == quote {
                guard position + 1 < bytes.count, bytes[position + 1] == quote else { break }
                unquoted.append(quote)
                position += 2
            } else if quote == nil, byte == 0x0A || isDelimiter(at: position) {
                break
            } else {
                unquoted.append(byte)
                position += 1
            }
        }
        if quote != nil {
            position += 1
            if position < bytes.count, bytes[position] == 0x0D { position += 1 }
            guard isAtRecordEnd || isDelimiter(at: position) else {
                throw place.malformed(
                    at: position, required: "the end of the field after its quote",
                    found: place.quote(
                        Cell(rebasing: bytes[position..<min(position + 8, bytes.count)])))
            }
            return unquoted.text
        }
        let raw = Cell(rebasing: bytes[start..<position])
        if raw.count == 2, raw[0] == escape, raw[1] == UInt8(ascii: "N") { return raw }
        return isAtRecordEnd ? unquoted.textWithoutReturn : unquoted.text
    }

    /// Goes behind a delimiter that ends the record, as some programs write one behind every
    /// field; false where none does.
    mutating func passTrailingDelimiter() -> Bool {
        guard isDelimiter(at: position) else { return false }
        let after = position + delimiter.count
        let hasReturn = after < bytes.count && bytes[after] == 0x0D
        let end = hasReturn ? after + 1 : after
        guard end >= bytes.count || bytes[end] == 0x0A else { return false }
        position = end
        return true
    }

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

/// Memory for the text of one field at a time that is not as it stands in the file.
final class UnquotedText {
    private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)
    private var count = 0

    func clear() { count = 0 }

    func append(_ byte: UInt8) {
        if count == memory.count {
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count * 2)
            _ = larger.initialize(from: memory)
            memory.deallocate()
            memory = larger
        }
        memory.initializeElement(at: count, to: byte)
        count += 1
    }

    /// What was added, valid until the next field.
    var text: Cell { Cell(rebasing: memory[..<count]) }

    /// The same without the CR of the line end that follows.
    var textWithoutReturn: Cell {
        count > 0 && memory[count - 1] == 0x0D ? Cell(rebasing: memory[..<(count - 1)]) : text
    }

    deinit { memory.deallocate() }

    /// A quoted field's text, in which each pair of quotes is one.
    ///
    /// - Returns: text that is valid until the next call.
    func text(of quoted: Cell, quote: UInt8) -> Cell {
        if quoted.count > memory.count {
            memory.deallocate()
            memory = .allocate(capacity: quoted.count * 2)
        }
        var count = 0
        var index = 0
        while index < quoted.count {
            memory.initializeElement(at: count, to: quoted[index])
            count += 1
            index += quoted[index] == quote ? 2 : 1
        }
        return Cell(rebasing: memory[..<count])
    }
}
