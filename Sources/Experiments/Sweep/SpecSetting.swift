import ResultsFormat
import YAMLTree

/// One value that is put into a spec's tree before the tree is decoded, so that whatever is wrong
/// with it is reported where it is written.
struct SpecSetting: Sendable {
    /// Where in the spec: `train.optimizer.learning_rate`, `towers.query.features[0].column`.
    let path: JSONPath
    /// The path as it is written.
    let key: YAMLKey
    let value: YAMLNode
}

extension YAMLNode {
    /// This tree with a setting's value at its path.
    ///
    /// A mapping is merged into the mapping that stands there, unless the two name different
    /// components; anything else replaces. Below the bare name of a component, as in `optimizer:
    /// adagrad`, the value becomes a field of that component.
    func applying(_ setting: SpecSetting) throws(Diagnostic) -> YAMLNode {
        try replacing(setting.path.components[...], by: setting)
    }

    private func replacing(
        _ path: ArraySlice<JSONPath.Component>, by setting: SpecSetting
    ) throws(Diagnostic) -> YAMLNode {
        guard let step = path.first else { return merging(setting.value) }
        let rest = path.dropFirst()
        var node = self
        switch (content, step) {
        case (.sequence(var items), .index(let index)):
            guard items.indices.contains(index) else {
                throw setting.error("there is no [\(index)]: the list has \(items.count) items")
            }
            items[index] = try items[index].replacing(rest, by: setting)
            node.content = .sequence(items)
        case (.sequence, .key(let name)):
            throw setting.error("'\(name)' would stand in a list; an index such as [0] has to")
        case (_, .index(let index)):
            throw setting.error("there is no list for [\(index)] to stand in")
        case (.mapping(var mapping), .key(let name)):
            let old = mapping.entry(name)
            let value: YAMLNode
            if let old {
                value = try old.value.replacing(rest, by: setting)
            } else {
                value = try setting.tree(rest)
            }
            mapping.set(
                YAMLMapping.Entry(key: old?.key ?? setting.key(named: name), value: value))
            node.content = .mapping(mapping)
        case (.scalar(let scalar), .key(let name)):
            var mapping = YAMLMapping()
            if case .string = scalar.value {
                mapping.set(YAMLMapping.Entry(key: setting.key(named: "type"), value: self))
            }
            mapping.set(
                YAMLMapping.Entry(key: setting.key(named: name), value: try setting.tree(rest)))
            node.content = .mapping(mapping)
        }
        return node
    }

    /// This value with another laid over it.
    func merging(_ other: YAMLNode) -> YAMLNode {
        guard case .mapping(var mapping) = content, case .mapping(let newer) = other.content,
            !namesOtherComponent(mapping, newer)
        else { return other }
        for entry in newer.entries {
            let value = mapping[entry.key.text]?.merging(entry.value) ?? entry.value
            mapping.set(YAMLMapping.Entry(key: entry.key, value: value))
        }
        var node = self
        node.content = .mapping(mapping)
        return node
    }

    private func namesOtherComponent(_ old: YAMLMapping, _ new: YAMLMapping) -> Bool {
        ["type", "source", "strategy"].contains { key in
            guard let name = new[key]?.scalar?.text else { return false }
            return old[key]?.scalar?.text != name
        }
    }

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

extension SpecSetting {
    /// The value with what leads to it, where nothing of that is there yet.
    fileprivate func tree(
        _ path: ArraySlice<JSONPath.Component>
    ) throws(Diagnostic) -> YAMLNode {
        guard let step = path.first else { return value }
        guard case .key(let name) = step else {
            throw error("there is no list for an index to stand in")
        }
        var mapping = YAMLMapping()
        mapping.set(
            YAMLMapping.Entry(key: key(named: name), value: try tree(path.dropFirst())))
        return YAMLNode(.mapping(mapping), range: key.range, source: key.source)
    }

    fileprivate func key(named name: String) -> YAMLKey {
        YAMLKey(text: name, range: key.range, source: key.source)
    }

    fileprivate func error(_ message: String) -> Diagnostic {
        Diagnostic(
            message: "'\(key.text)' leads nowhere: \(message)", source: key.source,
            range: key.range)
    }
}
