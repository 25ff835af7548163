/// What a field accepts. One description bounds the decoder, words its errors, and writes the
/// schema and the reference, so that none of them can disagree.
public indirect enum FieldType: Hashable, Sendable {
    /// `true` or `false`.
    case boolean
    /// A whole number within bounds.
    case integer(Bounds<Int>)
    /// A finite number within bounds; whole numbers are numbers too.
    case number(Bounds<Double>)
    /// Any text.
    case string
    /// A string that may be empty.
    case text
    /// A file or folder name, relative to the working directory.
    case path
    /// One of these names.
    case choice([String])
    /// `null` or the type.
    case optional(FieldType)
    /// A list of so many elements of a type.
    case list(FieldType, count: Bounds<Int>)
    /// A mapping with these fields and no others.
    case object(ObjectDescription)
    /// An object whose fields depend on the component that it names.
    case component(ComponentSlot)
    /// The first of the types that the kind of the value fits.
    case either([FieldType])
    /// A mapping with at least one entry, its keys the user's: `paths`.
    case map(FieldType, keys: String)
    /// Any value: another place decides what it must be.
    case anything
}

/// The values a number may take, as data: it checks, it words the error, it bounds the schema.
public struct Bounds<Value: Comparable & Hashable & Sendable>: Hashable, Sendable {
    /// An end of an interval.
    public enum Limit: Hashable, Sendable {
        /// The value itself is allowed.
        case inclusive(Value)
        /// The value itself is not allowed.
        case exclusive(Value)
    }

    /// nil: unbounded below.
    public var lower: Limit?
    /// nil: unbounded above.
    public var upper: Limit?

    public init(lower: Limit? = nil, upper: Limit? = nil) {
        self.lower = lower
        self.upper = upper
    }

    /// All values.
    public static var any: Bounds { Bounds() }

    /// `value` and all above.
    public static func atLeast(_ value: Value) -> Bounds { Bounds(lower: .inclusive(value)) }

    /// All above `value`.
    public static func greaterThan(_ value: Value) -> Bounds { Bounds(lower: .exclusive(value)) }

    /// `lower` ... `upper`, both included.
    public static func between(_ lower: Value, and upper: Value) -> Bounds {
        Bounds(lower: .inclusive(lower), upper: .inclusive(upper))
    }

    /// `lower` ..< `upper`.
    public static func from(_ lower: Value, below upper: Value) -> Bounds {
        Bounds(lower: .inclusive(lower), upper: .exclusive(upper))
    }

    /// Whether the value lies within the bounds; a NaN never does.
    public func contains(_ value: Value) -> Bool {
        switch lower {
        case .inclusive(let limit)? where !(value >= limit): return false
        case .exclusive(let limit)? where !(value > limit): return false
        default: break
        }
        switch upper {
        case .inclusive(let limit)? where !(value <= limit): return false
        case .exclusive(let limit)? where !(value < limit): return false
        default: return true
        }
    }

    /// Such as "greater than 0" or "at least 1 and at most 10"; nil where everything is allowed.
    public var words: String? {
        if case .inclusive(let least)? = lower, case .inclusive(let most)? = upper, least == most {
            return "exactly \(Self.text(least))"
        }
        var parts: [String] = []
        switch lower {
        case .inclusive(let limit)?: parts.append("at least \(Self.text(limit))")
        case .exclusive(let limit)?: parts.append("greater than \(Self.text(limit))")
        case nil: break
        }
        switch upper {
        case .inclusive(let limit)?: parts.append("at most \(Self.text(limit))")
        case .exclusive(let limit)?: parts.append("less than \(Self.text(limit))")
        case nil: break
        }
        return parts.isEmpty ? nil : parts.joined(separator: " and ")
    }

    private static func text(_ value: Value) -> String {
        if let number = value as? Double, let whole = Int(exactly: number) { return "\(whole)" }
        return "\(value)"
    }
}

extension FieldType {
    /// Whether it is a list; one that may be null is none.
    public var isList: Bool { if case .list = self { true } else { false } }

    /// The type in words, as an error message requires it: "an integer, at least 1".
    public var words: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let bounds): Self.join("an integer", bounds.words)
        case .number(let bounds): Self.join("a number", bounds.words)
        case .string: "a string"
        case .text: "a string, which may be empty"
        case .path: "a path"
        case .choice(let names): "one of " + names.joined(separator: ", ")
        case .optional(let type): type.words + ", or null"
        case .list(let element, let count): Self.list(of: element, count)
        case .object(let object):
            "a mapping with " + object.fields.map(\.name).joined(separator: ", ")
        case .component(let slot):
            "the name of \(slot.kind.nounWithArticle), or a mapping with '\(slot.discriminator)'"
        case .either(let types): types.map(\.words).joined(separator: ", or ")
        case .map(let element, let keys): "a mapping from \(keys) to \(element.pluralWords)"
        case .anything: "a value"
        }
    }

    private var pluralWords: String {
        switch self {
        case .integer(let bounds): Self.join("integers", bounds.words.map { "each " + $0 })
        case .number(let bounds): Self.join("numbers", bounds.words.map { "each " + $0 })
        case .string, .text: "strings"
        case .path: "paths"
        case .choice(let names): "names, each one of " + names.joined(separator: ", ")
        case .component(let slot): slot.kind.pluralNoun
        case .object(let object): object.name + "s"
        case .map(let element, let keys): "mappings from \(keys) to \(element.pluralWords)"
        case .optional, .list, .either, .anything: "values"
        case .boolean: "booleans"
        }
    }

    private static func list(of element: FieldType, _ count: Bounds<Int>) -> String {
        let items = element.pluralWords
        guard let words = count.words else { return "a list of \(items)" }
        if case .inclusive(1)? = count.lower, count.upper == nil {
            return "a non-empty list of \(items)"
        }
        return "a list of \(items) (\(words) of them)"
    }

    private static func join(_ noun: String, _ bounds: String?) -> String {
        bounds.map { "\(noun), \($0)" } ?? noun
    }
}
