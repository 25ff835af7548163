/// A mapping while it is read.
struct MappingDraft {
    /// A key as it is read: whether it asks for a merge depends on how it is written.
    struct Key {
        var key: YAMLKey
        var isMerge: Bool
    }

    private var mapping = YAMLMapping()
    private var pending: Key?
    private var merge: (key: YAMLKey, mappings: [YAMLMapping])?

    /// Whether what comes next is a key.
    var expectsKey: Bool { pending == nil }

    mutating func add(key: Key) throws(YAMLError.Kind) {
        let first = key.isMerge ? merge?.key : mapping.entry(key.key.text)?.key
        if let first {
            throw .duplicateKey(key.key.text, firstLine: first.range.start.line)
        }
        pending = key
    }

    /// Adds the value of the last key.
    mutating func add(value: YAMLNode) throws(YAMLError.Kind) {
        guard let key = pending else { return }
        pending = nil
        if key.isMerge {
            merge = (key.key, try Self.mappings(merging: value))
        } else {
            mapping.append(YAMLMapping.Entry(key: key.key, value: value))
        }
    }

    /// The mapping, with what it merges: its own keys win over merged ones, and among these those
    /// of earlier mappings over those of later ones.
    consuming func finished() -> YAMLMapping {
        var result = mapping
        for merged in merge?.mappings ?? [] {
            for entry in merged.entries { result.append(entry) }
        }
        return result
    }

    private static func mappings(merging value: YAMLNode) throws(YAMLError.Kind) -> [YAMLMapping] {
        switch value.content {
        case .mapping(let mapping):
            return [mapping]
        case .sequence(let items):
            let mappings = items.compactMap(\.mapping)
            guard mappings.count == items.count else { throw .invalidMerge }
            return mappings
        case .scalar:
            throw .invalidMerge
        }
    }
}
