import Platform
import Retrieval

/// Values as a spec would write them.
enum YAMLText {
    /// On one line: `{type: adagrad, learning_rate: 0.1}`.
    static func flow(_ value: FieldValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): string(value)
        case .list(let values): "[" + values.map(flow).joined(separator: ", ") + "]"
        case .object(let values):
            "{" + values.members.map { "\($0.name): \(flow($0.value))" }.joined(separator: ", ")
                + "}"
        }
    }

    /// As a spec file: mappings in lines of their own, lists of scalars and short mappings on one.
    static func block(_ values: FieldValues) -> String {
        lines(values).joined(separator: "\n") + "\n"
    }

    private static let widestLine = 96

    private static func lines(_ values: FieldValues) -> [String] {
        values.members.flatMap { member -> [String] in
            let name = string(member.name)
            let onOneLine = "\(name): \(flow(member.value))"
            switch member.value {
            case .object(let values) where !values.members.isEmpty:
                return ["\(name):"] + lines(values).map { "  " + $0 }
            case .list(let items) where items.contains(where: \.isObject):
                return ["\(name):"] + items.flatMap(itemLines).map { "  " + $0 }
            default:
                return [onOneLine]
            }
        }
    }

    private static func itemLines(_ item: FieldValue) -> [String] {
        let onOneLine = "- " + flow(item)
        guard case .object(let values) = item, !values.members.isEmpty,
            onOneLine.count > widestLine
        else { return [onOneLine] }
        return lines(values).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
    }

    /// Plain where nothing else could be meant by it, else in double quotes.
    static func string(_ text: String) -> String {
        let isPlain = text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.\/+-]*/) != nil
        guard isPlain, !meansSomethingElse.contains(text.lowercased()) else {
            let content = text.unicodeScalars.map(escaped).joined()
            // Where it is printed, GitHub's runner takes it for a command.
            return "\"" + content.replacing("##[", with: "#\\u0023[") + "\""
        }
        return text
    }

    private static let meansSomethingElse: Set<String> = ["null", "true", "false"]

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default: break
        }
        let isShown =
            switch scalar.value {
            case 0x20..<0x7F, 0xA0..<0x2028, 0x202F..<0x2066, 0x206A..<0xFEFF, 0xFF00..<0xFFFE:
                true
            default: scalar.value > 0xFFFF
            }
        if isShown { return String(scalar) }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (letter, width) = scalar.value > 0xFFFF ? ("U", 8) : ("u", 4)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}

extension FieldValue {
    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}
