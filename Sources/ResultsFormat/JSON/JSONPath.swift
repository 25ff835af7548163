/// Where a value stands in a JSON document: `training.epochs[3].loss`.
///
/// A name that is not made of letters, digits, `_` and `-` is written in quotes, with `\"` and
/// `\\` for a quote and a backslash: `metrics["factorized_top_k/top_5"]`.
public struct JSONPath: Hashable, Sendable {
    /// One step down.
    public enum Component: Hashable, Sendable {
        /// Into a member of an object.
        case key(String)
        /// Into an element of an array, counted from 0.
        case index(Int)
    }

    /// The steps from the root; none for the root itself.
    public var components: [Component]

    /// A path of the given steps.
    public init(_ components: [Component] = []) {
        self.components = components
    }

    /// This path and one step more.
    public func appending(_ component: Component) -> JSONPath {
        JSONPath(components + [component])
    }

    /// The path that starts with this one and goes on with another.
    public func appending(_ other: JSONPath) -> JSONPath {
        JSONPath(components + other.components)
    }
}

extension JSONPath: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Component...) { self.init(elements) }
}

extension JSONPath.Component: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .key(value) }
}

extension JSONPath.Component: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self = .index(value) }
}

// MARK: - Text

extension JSONPath: CustomStringConvertible {
    /// The written form; `(root)` for the root.
    public var description: String {
        components.isEmpty ? "(root)" : text
    }

    /// The written form that ``init(parsing:)`` reads back; empty for the root.
    public var text: String {
        var text = ""
        for component in components {
            switch component {
            case .index(let index):
                text += "[\(index)]"
            case .key(let key) where !key.isEmpty && key.utf8.allSatisfy(Self.isPlain):
                text += text.isEmpty ? key : ".\(key)"
            case .key(let key):
                text += "[\""
                for scalar in key.unicodeScalars {
                    if scalar == "\"" || scalar == "\\" { text += "\\" }
                    text.unicodeScalars.append(scalar)
                }
                text += "\"]"
            }
        }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Reads the written form; `nil` for anything else.
    public init?(parsing text: String) {
        var rest = Substring(text).unicodeScalars
        var components: [Component] = []
        while let first = rest.first {
            if first == "[" {
                rest.removeFirst()
                guard let component = Self.bracketed(&rest), rest.popFirst() == "]" else {
                    return nil
                }
                components.append(component)
                continue
            }
            if first == "." {
                guard !components.isEmpty else { return nil }
                rest.removeFirst()
            } else if !components.isEmpty {
                return nil
            }
            let name = rest.prefix { $0.isASCII && Self.isPlain(UInt8($0.value)) }
            guard !name.isEmpty else { return nil }
            components.append(.key(String(name)))
            rest = rest[name.endIndex...]
        }
        self.init(components)
    }

    /// What stands between `[` and `]`: digits, or a quoted name.
    private static func bracketed(_ rest: inout Substring.UnicodeScalarView) -> Component? {
        if rest.first == "\"" {
            rest.removeFirst()
            var key = String.UnicodeScalarView()
            while let scalar = rest.popFirst() {
                switch scalar {
                case "\"":
                    return .key(String(key))
                case "\\":
                    guard let escaped = rest.popFirst() else { return nil }
                    key.append(escaped)
                default:
                    key.append(scalar)
                }
            }
            return nil
        }
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest[digits.endIndex...]
        return Int(String(digits)).map(Component.index)
    }
}
