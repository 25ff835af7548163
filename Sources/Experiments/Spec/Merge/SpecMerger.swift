import Retrieval
import YAMLTree

/// How the lists of two specs are put together.
public enum ListRule: String, FieldChoice {
    /// The upper list stands for itself.
    case replace
    /// The upper list's items follow those of the lower.
    case append
}

/// Lays one spec over another, mapping by mapping. Every value keeps its own place in its own file.
///
/// - A mapping keeps the keys that the upper one does not mention.
/// - A component of the same name keeps its fields; of another name, only those that are not the
///   component's own: an optimizer's fields mean nothing to another optimizer.
/// - Lists follow the ``ListRule``. Anything else, null included, replaces what it is laid over.
struct SpecMerger {
    let scope: SpecScope
    let lists: ListRule

    func merge(_ upper: YAMLNode, over lower: YAMLNode, as type: FieldType) -> YAMLNode {
        switch (scope.core(type, of: upper), upper.content, lower.content) {
        case (.list, .sequence(let items), .sequence(let others)) where lists == .append:
            return upper.with(.sequence(others + items))
        case (.component(let slot), _, _):
            return component(upper, over: lower, slot, as: type)
        case (_, .mapping(let mapping), .mapping(let other)):
            return upper.with(.mapping(merge(mapping, over: other, of: lower, as: type)))
        default:
            return upper
        }
    }

    private func component(
        _ upper: YAMLNode, over lower: YAMLNode, _ slot: ComponentSlot, as type: FieldType
    ) -> YAMLNode {
        guard upper.scalar?.value != .null, let mapping = scope.mapping(upper, type),
            let other = scope.mapping(lower, type)
        else { return upper }
        let given = scope.name(
            of: upper, ComponentSlot(slot.kind, discriminator: slot.discriminator))
        if given == nil || given == scope.name(of: lower, slot) {
            return upper.with(.mapping(merge(mapping, over: other, of: lower, as: type)))
        }
        var kept = YAMLMapping()
        for entry in other.entries
        where slot.commonFields.contains(where: { $0.name == entry.key.text }) {
            kept.append(entry)
        }
        guard !kept.entries.isEmpty else { return upper }
        return upper.with(.mapping(merge(mapping, over: kept, of: upper, as: type)))
    }

    /// - Parameter node: what holds `lower`, where it tells the type.
    private func merge(
        _ upper: YAMLMapping, over lower: YAMLMapping, of node: YAMLNode, as type: FieldType
    ) -> YAMLMapping {
        var merged = lower
        for entry in upper.entries {
            var value = entry.value
            if let below = lower[entry.key.text],
                let field = scope.field(entry.key.text, in: type, of: node)
            {
                value = merge(value, over: below, as: field.type)
            }
            merged.set(YAMLMapping.Entry(key: entry.key, value: value))
        }
        return merged
    }
}

extension YAMLNode {
    /// The same place with another content.
    func with(_ content: Content) -> YAMLNode {
        var copy = self
        copy.content = content
        return copy
    }
}
