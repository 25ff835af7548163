/// Why a text is not the JSON that is accepted here, and where.
public struct JSONParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// Something else had to follow; `found` is `nil` at the end of the text.
        case expected(String, found: String?)
        /// More text after the document's value.
        case trailingContent(String)
        /// A name that its object already has.
        case duplicateName(String)
        /// A number that JSON's grammar does not allow, such as `01` or `1.`.
        case malformedNumber(String)
        /// A number beyond `Int` or `Double`.
        case numberOutOfRange(String)
        /// An unescaped control character in a string.
        case controlCharacter(UInt8)
        /// A backslash before something that cannot be escaped.
        case invalidEscape(String)
        /// Half of a UTF-16 surrogate pair.
        case loneSurrogate(String)
        /// Bytes that are not UTF-8.
        case invalidUTF8
        /// Arrays and objects nested deeper than the limit.
        case tooDeep(limit: Int)
        /// A text longer than the limit.
        case tooLarge(limit: Int)
    }

    /// What is wrong.
    public let reason: Reason
    /// The line, counted from 1.
    public let line: Int
    /// The column, counted from 1 in Unicode scalars.
    public let column: Int

    /// `line:column: what is wrong`.
    public var description: String { "\(line):\(column): \(reason)" }
}

extension JSONParseError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .expected(let expected, nil):
            "expected \(expected), but the text ends here"
        case .expected(let expected, let found?):
            "expected \(expected), found \(found)"
        case .trailingContent(let found):
            "expected nothing after the document, found \(found)"
        case .duplicateName(let name):
            "the name '\(Self.cut(name))' is already used in this object"
        case .malformedNumber(let text):
            "'\(Self.cut(text))' is not a JSON number"
        case .numberOutOfRange(let text):
            "the number \(Self.cut(text)) is out of range"
        case .controlCharacter(let byte):
            "the control character \(byte) must be escaped in a string"
        case .invalidEscape(let text):
            "'\(text)' is not an escape that JSON knows"
        case .loneSurrogate(let text):
            "'\(text)' is half of a surrogate pair"
        case .invalidUTF8:
            "the text is not valid UTF-8"
        case .tooDeep(let limit):
            "arrays and objects are nested more than \(limit) deep"
        case .tooLarge(let limit):
            "the text is longer than the \(limit) bytes allowed"
        }
    }

    /// A piece of the text, of which a message shows the beginning at most.
    private static func cut(_ text: String) -> String {
        let shown = text.prefix(60)
        return shown.endIndex == text.endIndex ? text : shown + "…"
    }
}
