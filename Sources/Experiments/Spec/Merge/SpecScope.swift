import Retrieval
import YAMLTree

/// What the catalogue knows of a place in a tree that is not decoded yet: enough to put values
/// where they belong.
struct SpecScope {
    let catalog: Catalog

    /// The type without what stands around it, as far as the node decides it.
    func core(_ type: FieldType, of node: YAMLNode?) -> FieldType {
        switch type {
        case .optional(let wrapped):
            return core(wrapped, of: node)
        case .either(let types):
            let isSequence = node?.items != nil
            let fitting = types.map { core($0, of: node) }.first {
                switch $0 {
                case .object, .component: !isSequence
                case .list: isSequence
                default: false
                }
            }
            return fitting ?? type
        default:
            return type
        }
    }

    /// The field that a key of a value means; nil where there is none of the name.
    func field(_ key: String, in type: FieldType, of node: YAMLNode?) -> FieldDescription? {
        let fields: [FieldDescription] =
            switch core(type, of: node) {
            case .object(let object): object.fields
            case .component(let slot):
                slot.commonFields + ownFields(of: name(of: node, slot), slot)
            default: []
            }
        return fields.first { $0.name == key }
    }

    /// The component that a node names, or that its slot implies.
    func name(of node: YAMLNode?, _ slot: ComponentSlot) -> String? {
        switch node?.content {
        case .scalar(let scalar)?: scalar.value == .null ? slot.defaultName : scalar.text
        case .mapping(let mapping)?: mapping[slot.discriminator]?.scalar?.text ?? slot.defaultName
        default: slot.defaultName
        }
    }

    private func ownFields(of name: String?, _ slot: ComponentSlot) -> [FieldDescription] {
        catalog.descriptions(of: slot.kind).first { $0.name == name }?.fields ?? []
    }

    /// The node as a mapping: a component's bare name is one with its discriminator, null is an
    /// empty one. Nil for what cannot hold keys.
    func mapping(_ node: YAMLNode, _ type: FieldType) -> YAMLMapping? {
        switch node.content {
        case .mapping(let mapping):
            return mapping
        case .scalar(let scalar) where scalar.value == .null:
            return YAMLMapping()
        case .scalar:
            guard case .component(let slot) = core(type, of: node) else { return nil }
            var mapping = YAMLMapping()
            let key = YAMLKey(text: slot.discriminator, range: node.range, source: node.source)
            mapping.append(YAMLMapping.Entry(key: key, value: node))
            return mapping
        case .sequence:
            return nil
        }
    }
}

extension YAMLNode {
    /// A default of the catalogue as if it were written at a place.
    init(_ value: FieldValue, at place: YAMLKey) {
        let content: Content =
            switch value {
            case .null: .scalar(Scalar(text: "null", style: .plain, value: .null))
            case .boolean(let value): Self.plain("\(value)", .bool(value))
            case .integer(let value): Self.plain("\(value)", .integer(value))
            case .number(let value): Self.plain("\(value)", .number(value))
            case .string(let value): Self.plain(value, .string(value))
            case .list(let values): .sequence(values.map { YAMLNode($0, at: place) })
            case .object(let values): .mapping(Self.mapping(values, at: place))
            }
        self.init(content, range: place.range, source: place.source)
    }

    private static func plain(_ text: String, _ value: ScalarValue) -> Content {
        .scalar(Scalar(text: text, style: .plain, value: value))
    }

    private static func mapping(_ values: FieldValues, at place: YAMLKey) -> YAMLMapping {
        var mapping = YAMLMapping()
        for member in values.members {
            let key = YAMLKey(text: member.name, range: place.range, source: place.source)
            mapping.append(YAMLMapping.Entry(key: key, value: YAMLNode(member.value, at: place)))
        }
        return mapping
    }
}
