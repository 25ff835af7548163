import ResultsFormat
import YAMLTree

/// One value that a sweep lays over the spec's tree before the tree is decoded, as `--set` does, so
/// that whatever is wrong with it is reported where it is written.
struct SpecSetting: Sendable {
    /// Where in the spec: `train.optimizer.learning_rate`, `towers.query.features[0].column`.
    let path: JSONPath
    /// The path as it is written.
    let key: YAMLKey
    let value: YAMLNode
}

extension YAMLNode {
    /// The value at a path, or nil.
    func value(at path: JSONPath) -> YAMLNode? {
        var node = self
        for step in path.components {
            let next: YAMLNode? =
                switch step {
                case .key(let key): node.mapping?[key]
                case .index(let index):
                    node.items.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                }
            guard let next else { return nil }
            node = next
        }
        return node
    }

    /// What the value says, without where it stands: equal for `0.1` and `1e-1`.
    var plainValue: JSONValue {
        switch content {
        case .sequence(let items): .array(items.map(\.plainValue))
        case .mapping(let mapping):
            .object(OrderedMap(mapping.entries.map { ($0.key.text, $0.value.plainValue) }))
        case .scalar(let scalar):
            switch scalar.value {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .number(let value): value.isFinite ? .number(value) : .string(scalar.text)
            case .string(let value): .string(value)
            }
        }
    }

    /// A scalar that nobody wrote, to be blamed on what asked for it.
    static func scalar(
        _ value: ScalarValue, text: String, at range: SourceRange, in source: SourceFile
    ) -> YAMLNode {
        YAMLNode(
            .scalar(Scalar(text: text, style: .plain, value: value)), range: range, source: source)
    }
}
