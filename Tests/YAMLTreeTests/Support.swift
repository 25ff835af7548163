import YAMLTree

func read(_ text: String, limits: YAMLReader.Limits = .init()) throws(YAMLError) -> YAMLNode {
    try YAMLReader.read(text: text, name: "spec.yaml", limits: limits)
}

/// The error of reading a text, or nil if it can be read.
func failure(_ text: String, limits: YAMLReader.Limits = .init()) -> YAMLError? {
    failure(bytes: Array(text.utf8), limits: limits)
}

func failure(bytes: [UInt8], limits: YAMLReader.Limits = .init()) -> YAMLError? {
    do {
        _ = try YAMLReader.read(bytes: bytes, name: "spec.yaml", limits: limits)
        return nil
    } catch {
        return error
    }
}

/// A tree without its marks, in a notation like JSON: `{a: 1, b: ['x', null]}`.
func outline(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let scalar):
        switch scalar.value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): "'\(value)'"
        }
    case .sequence(let items):
        "[" + items.map(outline).joined(separator: ", ") + "]"
    case .mapping(let mapping):
        "{" + mapping.entries.map { "\($0.key.text): \(outline($0.value))" }.joined(separator: ", ")
            + "}"
    }
}

/// The marks of a tree in the order of the file: `key a 1:1-1:2`, `scalar 1 1:4-1:5` and so on.
func marks(_ node: YAMLNode) -> [String] {
    switch node.content {
    case .scalar(let scalar):
        ["scalar \(scalar.text) \(node.range)"]
    case .sequence(let items):
        ["sequence \(node.range)"] + items.flatMap(marks)
    case .mapping(let mapping):
        ["mapping \(node.range)"]
            + mapping.entries.flatMap { ["key \($0.key.text) \($0.key.range)"] + marks($0.value) }
    }
}
