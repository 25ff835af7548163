/// One line and where reading it has come to.
struct JSONLine {
    enum Value {
        case text([UInt8])
        case list([[UInt8]])
        case object([Member])
        /// An array of anything but single values.
        case other

        var words: String {
            switch self {
            case .text(let text): DelimitedText.quote(text[...])
            case .list(let texts): "a list of \(texts.count)"
            case .object: "an object"
            case .other: "a list of lists or objects"
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
        var names: Set<[UInt8]> = []
        skipSpaces()
        if byte == UInt8(ascii: "}") {
            position += 1
            return members
        }
        while true {
            skipSpaces()
            let nameStart = position
            let name = try string("the name of a member, in quotes")
            // A few are compared faster than hashed.
            if members.count == 16 { names = Set(members.map(\.name)) }
            let isNew =
                members.count < 16
                ? !members.contains { $0.name == name } : names.insert(name).inserted
            guard isNew else {
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
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
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
        while let byte,
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
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

extension [JSONLine.Member] {
    /// The member of an object within objects, by the names that lead to it; nil where there is
    /// none.
    func member(at path: some Collection<[UInt8]>) -> JSONLine.Member? {
        guard let name = path.first, let member = first(where: { $0.name == name }) else {
            return nil
        }
        let rest = path.dropFirst()
        guard !rest.isEmpty else { return member }
        guard case .object(let members) = member.value else { return nil }
        return members.member(at: rest)
    }
}
