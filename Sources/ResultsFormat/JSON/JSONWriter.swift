import Safeguards

/// How JSON text is laid out.
public enum JSONStyle: Hashable, Sendable {
    /// Two spaces a level; arrays of scalars that fit stay on one line.
    case pretty
    /// No white space, members in their own order.
    case compact
    /// No white space, members ordered by the UTF-8 bytes of their names: one text for one content,
    /// which is what digests are taken of.
    case canonical
}

/// A value that JSON cannot express.
public struct JSONEncodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where the value stands.
    public let path: JSONPath
    /// The number: `nan`, `inf` or `-inf`.
    public let number: String

    package init(path: JSONPath, number: String) {
        self.path = path
        self.number = number
    }

    public var description: String {
        "\(path) is \(number), and JSON has no such number"
    }
}

extension JSONValue {
    /// The value as JSON text, without a newline at the end.
    ///
    /// Numbers are the shortest decimals that give the same `Double` back; text is UTF-8 with the
    /// escapes that JSON demands and, but in canonical text, for what is not to be seen.
    ///
    /// - Throws: ``JSONEncodingError`` naming the first NaN or infinity.
    public func jsonText(_ style: JSONStyle = .pretty) throws(JSONEncodingError) -> String {
        var writer = JSONWriter(style: style)
        try writer.write(self, depth: 0)
        return writer.text
    }
}

/// Appends values to a text.
struct JSONWriter {
    /// The longest line of an array that stays on one line, indentation left aside.
    static let lineLength = 72

    let style: JSONStyle
    private(set) var text = ""
    private var path: [JSONPath.Component] = []

    init(style: JSONStyle) {
        self.style = style
    }

    mutating func write(_ value: JSONValue, depth: Int) throws(JSONEncodingError) {
        switch value {
        case .array(let elements): try write(elements, depth: depth)
        case .object(let members): try write(members, depth: depth)
        default: text += try scalar(value)
        }
    }

    private mutating func write(
        _ elements: [JSONValue], depth: Int
    ) throws(JSONEncodingError) {
        if try writeOnOneLine(elements) { return }
        text += "["
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            breakLine(depth + 1)
            path.append(.index(index))
            try write(element, depth: depth + 1)
            path.removeLast()
        }
        if !elements.isEmpty { breakLine(depth) }
        text += "]"
    }

    private mutating func write(
        _ members: JSONObject, depth: Int
    ) throws(JSONEncodingError) {
        let members = style == .canonical ? members.sortedByKey() : members
        text += "{"
        for (index, member) in members.enumerated() {
            if index > 0 { text += "," }
            breakLine(depth + 1)
            text += Self.quoted(member.key, style)
            text += style == .pretty ? ": " : ":"
            path.append(.key(member.key))
            try write(member.value, depth: depth + 1)
            path.removeLast()
        }
        if !members.isEmpty { breakLine(depth) }
        text += "}"
    }

    /// Writes a short array of scalars in pretty style; answers whether it did.
    private mutating func writeOnOneLine(
        _ elements: [JSONValue]
    ) throws(JSONEncodingError) -> Bool {
        guard style == .pretty, !elements.isEmpty, elements.allSatisfy(\.isScalar) else {
            return false
        }
        var line = "["
        for (index, element) in elements.enumerated() {
            path.append(.index(index))
            line += try index > 0 ? ", " + scalar(element) : scalar(element)
            path.removeLast()
            if line.utf8.count >= Self.lineLength { return false }
        }
        text += line + "]"
        return true
    }

    private mutating func breakLine(_ depth: Int) {
        guard style == .pretty else { return }
        text += "\n" + String(repeating: "  ", count: depth)
    }

    private func scalar(_ value: JSONValue) throws(JSONEncodingError) -> String {
        switch value {
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return value.description
        case .number(let value):
            guard value.isFinite else {
                throw JSONEncodingError(path: JSONPath(path), number: value.description)
            }
            // The shortest decimal that gives the same Double, by the standard library's own
            // algorithm; it always carries a point or an exponent.
            return value.description
        case .string(let value): return Self.quoted(value, style)
        case .null, .array, .object: return "null"
        }
    }

    private static func quoted(_ string: String, _ style: JSONStyle) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{00}"..."\u{1F}":
                text += escape(UInt16(scalar.value))
            // What YAML reads as a line's end or not at all, and what acts on a terminal. Digests
            // are taken of the text without these escapes.
            case _ where style != .canonical && VisibleText.isHarmful(scalar):
                text += UTF16.encode(scalar)?.map(escape).joined() ?? ""
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
