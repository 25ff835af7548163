/// A scalar of a YAML file: its text and what that means.
public struct Scalar: Hashable, Sendable {
    /// How a scalar is written.
    public enum Style: Hashable, Sendable {
        /// Without quotes; the only style whose text may mean something else than a string.
        case plain
        case singleQuoted
        case doubleQuoted
        /// A block behind `|`, line breaks kept.
        case literal
        /// A block behind `>`, lines folded.
        case folded
    }

    /// The text after quotes, escapes and line folding are undone, such as `0x10` or `1e-3`.
    public var text: String
    public var style: Style
    /// The meaning by the core schema of YAML 1.2, or by an explicit tag.
    public var value: ScalarValue

    public init(text: String, style: Style, value: ScalarValue) {
        self.text = text
        self.style = style
        self.value = value
    }
}

/// What a scalar means.
public enum ScalarValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A floating-point number, or an integer that does not fit 64 bits. It may be infinite or
    /// not a number.
    case number(Double)
    case string(String)
}
