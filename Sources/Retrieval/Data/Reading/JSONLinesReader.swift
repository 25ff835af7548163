/// JSON Lines: one object a line (RFC 8259 within a line).
///
/// Columns are those declared and, as strings or lists of strings, the other members of the first
/// object; members that hold objects, or that only later objects have, are passed over. The text
/// of a value is what a string says, or a number or a boolean as it is written; a list takes an
/// array of such values. A member that is absent or null is an empty cell.
struct JSONLinesReader {
    var columns: [ColumnDeclaration]

    func read(
        _ place: TextPlace, into collector: RowCollector, progress: (Int) -> Void
    ) throws(DataError) {
        let bytes = place.bytes
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var next = 1 << 22
        var indices: [[UInt8]: Int] = [:]
        for (index, column) in collector.columns.enumerated() {
            indices[Array(column.name.utf8)] = index
        }
        while position < bytes.count {
            var end = position
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            defer { position = end + 1 }
            var scan = JSONLine(place: place, position: position, end: end)
            scan.skipSpaces()
            guard scan.position < end else { continue }
            if end >= next {
                progress(end)
                next = end + 1 << 22
            }
            do throws(DataError) {
                let members = try scan.object()
                if indices.isEmpty {
                    try makeColumns(of: members, collector)
                    guard !collector.columns.isEmpty else {
                        throw place.malformed(
                            at: position, required: "a first object with members", found: "none")
                    }
                    for (index, column) in collector.columns.enumerated() {
                        indices[Array(column.name.utf8)] = index
                    }
                }
                try add(members, indices, collector, place, lineStart: position)
            } catch {
                try collector.reject(error)
            }
        }
    }

    private func makeColumns(
        of members: [JSONLine.Member], _ collector: RowCollector
    ) throws(DataError) {
        for declaration in columns {
            collector.columns.append(
                ReadColumn(name: declaration.name, builder: try declaration.makeBuilder()))
        }
        for member in members {
            let name = String(decoding: member.name, as: UTF8.self)
            guard !columns.contains(where: { $0.name == name }) else { continue }
            switch member.value {
            case .text: collector.columns.append(ReadColumn(name: name, builder: TokenBuilder()))
            case .list:
                collector.columns.append(
                    ReadColumn(name: name, builder: TokenListBuilder(separator: [0x7C])))
            case .other: break
            }
        }
    }

    private func add(
        _ members: [JSONLine.Member], _ indices: [[UInt8]: Int], _ collector: RowCollector,
        _ place: TextPlace, lineStart: Int
    ) throws(DataError) {
        var memberOfColumn = [Int](repeating: -1, count: collector.columns.count)
        for (number, member) in members.enumerated() {
            if let index = indices[member.name] { memberOfColumn[index] = number }
        }
        for (index, column) in collector.columns.enumerated() {
            let number = memberOfColumn[index]
            let value = number < 0 ? JSONLine.Value.text([]) : members[number].value
            let offset = number < 0 ? lineStart : members[number].offset
            let required: String
            switch (value, column.builder) {
            case (.text(let text), let builder) where !(builder is TokenListBuilder):
                if text.withUnsafeBufferPointer({ builder.append($0) }) { continue }
                required = builder.required
            case (.list(let texts), let builder as TokenListBuilder):
                builder.append(each: texts)
                continue
            case (.text(let text), let builder as TokenListBuilder):
                // A string that holds a list, or nothing at all.
                if text.withUnsafeBufferPointer({ builder.append($0) }) { continue }
                required = "a list"
            case (.list, _): required = "one value (declare the column's type as list)"
            default: required = "a string, a number, true, false, null or a list of them"
            }
            throw place.malformed(
                at: offset, required: "\(column.name), \(required)", found: value.words)
        }
        try collector.endRow()
    }
}

/// One line and where reading it has come to.
struct JSONLine {
    enum Value {
        case text([UInt8])
        case list([[UInt8]])
        /// An object, or an array of anything but single values.
        case other

        var words: String {
            switch self {
            case .text(let text): DelimitedText.quote(text[...])
            case .list(let texts): "a list of \(texts.count)"
            case .other: "an object, or a list of lists or objects"
            }
        }
    }

    struct Member {
        var name: [UInt8]
        var value: Value
        /// Where the value begins.
        var offset: Int
    }

    let place: TextPlace
    var position: Int
    let end: Int

    private var byte: UInt8? { position < end ? place.bytes[position] : nil }

    mutating func skipSpaces() {
        while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
    }

    private func wrong(_ required: String) -> DataError {
        let found =
            position >= end
            ? "the end of the line"
            : place.quote(
                Cell(rebasing: place.bytes[position..<min(position + 12, end)]))
        return place.malformed(at: position, required: required, found: found)
    }

    private mutating func expect(_ wanted: UInt8, _ required: String) throws(DataError) {
        skipSpaces()
        guard byte == wanted else { throw wrong(required) }
        position += 1
    }

    /// The members of the object that is the whole line.
    mutating func object() throws(DataError) -> [Member] {
        let members = try members(depth: 0)
        skipSpaces()
        guard position == end else { throw wrong("the end of the line after the object") }
        return members
    }

    private mutating func members(depth: Int) throws(DataError) -> [Member] {
        guard depth < 64 else { throw wrong("at most 64 levels") }
        try expect(UInt8(ascii: "{"), "an object, which begins with {")
        var members: [Member] = []
        skipSpaces()
        if byte == UInt8(ascii: "}") {
            position += 1
            return members
        }
        while true {
            skipSpaces()
            let nameStart = position
            let name = try string("the name of a member, in quotes")
            guard !members.contains(where: { $0.name == name }) else {
                position = nameStart
                throw wrong("members of distinct names")
            }
            try expect(UInt8(ascii: ":"), "a colon")
            skipSpaces()
            let offset = position
            members.append(
                Member(name: name, value: try value(depth: depth + 1), offset: offset))
            skipSpaces()
            if byte == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "}"), "a comma, or } to end the object")
            return members
        }
    }

    private mutating func value(depth: Int) throws(DataError) -> Value {
        switch byte {
        case UInt8(ascii: "\""): return .text(try string("a string"))
        case UInt8(ascii: "{"):
            _ = try members(depth: depth)
            return .other
        case UInt8(ascii: "["): return try array(depth: depth)
        default: return .text(try word())
        }
    }

    private mutating func array(depth: Int) throws(DataError) -> Value {
        guard depth < 64 else { throw wrong("at most 64 levels") }
        position += 1
        var texts: [[UInt8]] = []
        var isFlat = true
        skipSpaces()
        if byte == UInt8(ascii: "]") {
            position += 1
            return .list([])
        }
        while true {
            skipSpaces()
            if case .text(let text) = try value(depth: depth + 1) {
                texts.append(text)
            } else {
                isFlat = false
            }
            skipSpaces()
            if byte == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "]"), "a comma, or ] to end the list")
            return isFlat ? .list(texts) : .other
        }
    }

    /// A number, true or false as written; nothing for null.
    private mutating func word() throws(DataError) -> [UInt8] {
        let start = position
        while let byte, (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == 0x2D || byte == 0x2B || byte == 0x2E || byte == 0x45
        {
            position += 1
        }
        let text = Array(place.bytes[start..<position])
        switch text {
        case Array("null".utf8): return []
        case Array("true".utf8), Array("false".utf8): return text
        default:
            guard Self.isNumber(text) else {
                position = start
                throw wrong("a value")
            }
            return text
        }
    }

    /// RFC 8259: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
    private static func isNumber(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = rest.prefix { $0 &- 0x30 <= 9 }
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 &- 0x30 <= 9 }
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(digits.count + 1)
        }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                rest.removeFirst()
            }
            guard !rest.isEmpty, rest.allSatisfy({ $0 &- 0x30 <= 9 }) else { return false }
            return true
        }
        return rest.isEmpty
    }

    private mutating func string(_ required: String) throws(DataError) -> [UInt8] {
        guard byte == UInt8(ascii: "\"") else { throw wrong(required) }
        position += 1
        var text: [UInt8] = []
        while true {
            guard let byte else { throw wrong("a quote that ends the string") }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case 0..<0x20: throw wrong("no control characters in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(DataError) {
        let start = position
        position += 1
        let mark = byte
        position += 1
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(mark!)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = hexadecimal()
            if let high = scalar, (0xD800..<0xDC00).contains(high),
                position + 2 <= end, place.bytes[position] == UInt8(ascii: "\\"),
                place.bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                scalar = hexadecimal().flatMap { low in
                    (0xDC00..<0xE000).contains(low)
                        ? 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00) : nil
                }
            }
            guard let scalar, let character = Unicode.Scalar(scalar) else {
                position = start
                throw wrong("an escape of a Unicode character")
            }
            text += Array(String(Character(character)).utf8)
        default:
            position = start
            throw wrong("an escape of JSON")
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        guard position + 4 <= end else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(place.bytes[position])).hexDigitValue else {
                return nil
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
