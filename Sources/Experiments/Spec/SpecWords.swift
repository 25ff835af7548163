import Retrieval
import YAMLTree

/// How messages put words together.
enum Words {
    /// A text of the spec in quotes, cut when long.
    static func quoted(_ text: String) -> String {
        let cut = text.prefix(60)
        return cut.endIndex == text.endIndex ? "'\(cut)'" : "'\(cut)…'"
    }

    /// `a`, `a or b`, `a, b or c`.
    static func list(_ words: [String], _ conjunction: String) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }
}

extension FieldType {
    /// Whether a node is of the kind that the type is written as, whatever its value.
    func fitsKind(of node: YAMLNode) -> Bool {
        switch (self, node.content) {
        case (.optional(let wrapped), _): node.scalar?.value == .null || wrapped.fitsKind(of: node)
        case (.anything, _), (.map, .mapping): true
        case (.object, .mapping), (.component, .mapping), (.list, .sequence): true
        case (.boolean, .scalar(let scalar)): if case .bool = scalar.value { true } else { false }
        case (.integer, .scalar(let scalar)):
            if case .integer = scalar.value { true } else { false }
        case (.number, .scalar(let scalar)):
            switch scalar.value {
            case .integer, .number: true
            default: false
            }
        case (.string, .scalar(let scalar)), (.text, .scalar(let scalar)),
            (.path, .scalar(let scalar)),
            (.choice, .scalar(let scalar)), (.component, .scalar(let scalar)):
            if case .string = scalar.value { true } else { false }
        default: false
        }
    }
}

extension FieldType {
    /// What was surely meant by a scalar of the wrong kind, as the spec would write it.
    func nearMiss(_ node: YAMLNode) -> String? {
        guard let scalar = node.scalar else { return nil }
        switch (self, scalar.value) {
        case (.optional(let wrapped), _):
            return wrapped.nearMiss(node)
        case (.either(let types), _):
            return types.lazy.compactMap { $0.nearMiss(node) }.first
        case (.string, .integer), (.string, .number), (.string, .bool), (.text, .integer),
            (.text, .number), (.text, .bool), (.path, .integer),
            (.path, .number), (.path, .bool):
            return "\"\(scalar.text)\""
        case (.boolean, .string(let text)):
            // YAML 1.1's words, which YAML 1.2 reads as strings.
            switch text.lowercased() {
            case "yes", "on", "y", "true": return "true"
            case "no", "off", "n", "false": return "false"
            default: return nil
            }
        case (.integer(let bounds), .number(let value)):
            return Int(exactly: value).flatMap { bounds.contains($0) ? "\($0)" : nil }
        case (.integer(let bounds), .string(let text)):
            let digits = text.filter { $0 != "_" && $0 != "," }
            return Int(digits).flatMap { bounds.contains($0) ? "\($0)" : nil }
        case (.number(let bounds), .string(let text)):
            return Double(text).flatMap {
                $0.isFinite && bounds.contains($0) ? "\(text), without quotes" : nil
            }
        default:
            return nil
        }
    }
}

extension YAMLNode {
    /// What stands there, in words, and how large it is: "a list of 3".
    var sizeWords: String {
        switch content {
        case .sequence(let items) where !items.isEmpty: "a list of \(items.count)"
        case .mapping(let mapping) where mapping.entries.isEmpty: "an empty mapping"
        default: foundWords
        }
    }

    /// What stands there, in words: "the string 'fast'", "a list".
    var foundWords: String {
        switch content {
        case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.value {
            case .null: scalar.text.isEmpty ? "no value" : "null"
            case .bool(let value): "\(value)"
            case .integer, .number: scalar.text
            case .string(let text): text.isEmpty ? "an empty string" : Words.quoted(text)
            }
        }
    }
}
