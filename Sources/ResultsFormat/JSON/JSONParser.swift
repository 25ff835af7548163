/// Bounds on what the parser accepts, so that no file can exhaust the stack or the memory.
public struct JSONLimits: Hashable, Sendable {
    /// How deep arrays and objects may nest.
    public var depth: Int
    /// How long the text may be, in bytes.
    public var bytes: Int

    /// 128 levels and 64 MiB unless told otherwise.
    public init(depth: Int = 128, bytes: Int = 64 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}

extension JSONValue {
    /// Parses a JSON text (RFC 8259) in UTF-8, strictly: no comments, no trailing commas, no
    /// duplicate names, no numbers that would lose their value.
    ///
    /// Names are compared as Swift strings, that is, by canonical equivalence.
    ///
    /// - Throws: ``JSONParseError`` with the line and column of the first problem.
    public init(
        parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JSONParseError) {
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.document()
    }

    /// Parses a JSON text; see ``init(parsing:limits:)-([UInt8],_)``.
    public init(
        parsing text: String, limits: JSONLimits = JSONLimits()
    ) throws(JSONParseError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive descent over the bytes; recursion is bounded by the depth limit.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONParseError) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw failure(.tooLarge(limit: limits.bytes), at: 0)
        }
        let value = try value(depth: 0)
        skipSpace()
        if let found { throw failure(.trailingContent(found), at: position) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONParseError) -> JSONValue {
        skipSpace()
        guard let byte = peek else { throw expected("a value") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: try deeper(depth)))
        case UInt8(ascii: "["): return .array(try array(depth: try deeper(depth)))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return try literal()
        default: throw expected("a value")
        }
    }

    private func deeper(_ depth: Int) throws(JSONParseError) -> Int {
        guard depth < limits.depth else {
            throw failure(.tooDeep(limit: limits.depth), at: position)
        }
        return depth + 1
    }

    private mutating func object(depth: Int) throws(JSONParseError) -> JSONObject {
        position += 1
        var members: [JSONObject.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return JSONObject() }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else {
                throw expected(members.isEmpty ? "a name in quotes or '}'" : "a name in quotes")
            }
            let start = position
            let name = try string()
            guard names.insert(name).inserted else {
                throw failure(.duplicateName(name), at: start)
            }
            skipSpace()
            guard take(":") else { throw expected("':'") }
            members.append(JSONObject.Member(key: name, value: try value(depth: depth)))
            skipSpace()
            if take("}") { return JSONObject(distinct: members) }
            guard take(",") else { throw expected("',' or '}'") }
        }
    }

    private mutating func array(depth: Int) throws(JSONParseError) -> [JSONValue] {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return elements }
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw expected("',' or ']'") }
        }
    }

    private mutating func literal() throws(JSONParseError) -> JSONValue {
        let start = position
        while let byte = peek, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) {
            position += 1
        }
        switch text(from: start) {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case let word: throw failure(.expected("a value", found: "'\(word.prefix(60))'"), at: start)
        }
    }
}

// MARK: - Characters

extension JSONParser {
    /// The byte at the position, `nil` at the end.
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The character at the position in quotes, `nil` at the end.
    var found: String? {
        guard let byte = peek else { return nil }
        guard byte >= 0x20, byte != 0x7F else { return "the control character \(byte)" }
        // A scalar has at most four bytes; what follows it may be cut, hence the first only.
        let end = min(position + 4, bytes.count)
        let scalar = String(decoding: bytes[position..<end], as: UTF8.self).unicodeScalars.first
        return scalar.map { $0 == "\u{FFFD}" ? "the byte \(byte)" : "'\($0)'" }
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    /// Steps over a character if it is the next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// The text between a position and the present one, for bytes known to be ASCII.
    func text(from start: Int) -> String {
        String(decoding: bytes[start..<position], as: UTF8.self)
    }

    func expected(_ what: String) -> JSONParseError {
        failure(.expected(what, found: found), at: position)
    }

    func failure(_ reason: JSONParseError.Reason, at position: Int) -> JSONParseError {
        let before = bytes[..<position]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Bytes that continue a scalar do not start a column.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return JSONParseError(
            reason: reason, line: before.count { $0 == 0x0A } + 1, column: column)
    }
}
