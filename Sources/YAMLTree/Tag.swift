/// An explicit tag that a value may have: those of the core schema, and `!`.
enum Tag: Hashable {
    case null, bool, int, float, string, sequence, mapping
    /// The tag `!`: a scalar is a string, whatever it looks like.
    case nonSpecific

    private static let prefix = "tag:yaml.org,2002:"

    /// - Parameter tag: the tag as the parser gives it, its handle expanded.
    init?(_ tag: String) {
        switch tag {
        case "!": self = .nonSpecific
        case Self.prefix + "null": self = .null
        case Self.prefix + "bool": self = .bool
        case Self.prefix + "int": self = .int
        case Self.prefix + "float": self = .float
        case Self.prefix + "str": self = .string
        case Self.prefix + "seq": self = .sequence
        case Self.prefix + "map": self = .mapping
        default: return nil
        }
    }

    /// A tag as people write it, `!!set` for `tag:yaml.org,2002:set`.
    static func written(_ tag: String) -> String {
        tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }

    /// The meaning of a scalar with this tag, or nil if the tag does not fit it.
    func resolve(_ text: String) -> ScalarValue? {
        switch self {
        case .null: CoreSchema.isNull(text) ? .null : nil
        case .bool: CoreSchema.bool(text).map(ScalarValue.bool)
        case .int: CoreSchema.integer(text)
        case .float: float(text)
        case .string, .nonSpecific: .string(text)
        case .sequence, .mapping: nil
        }
    }

    private func float(_ text: String) -> ScalarValue? {
        switch CoreSchema.integer(text) {
        case .integer(let value): .number(Double(value))
        case let value?: value
        case nil: CoreSchema.float(text).map(ScalarValue.number)
        }
    }
}
