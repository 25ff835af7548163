import ResultsFormat
import Retrieval

/// Settings of a spec as results record them, with what versions of this tool that had fewer
/// fields left unsaid: there a field that came later had its default. So two versions say the same
/// of a spec that uses none of the newer fields.
struct CompleteSettings {
    let catalog: Catalog

    /// A value with the defaults of all fields of its type that it lacks. Members that the type
    /// does not know stay, but for those that say nothing: null and empty lists.
    func of(_ value: JSONValue, as type: FieldType) -> JSONValue {
        switch (type, value) {
        case (.optional(let wrapped), _):
            return of(value, as: wrapped)
        case (.either(let types), _):
            return types.first { Self.fits(value, $0) }.map { of(value, as: $0) } ?? value
        case (.list(let element, _), .array(let values)):
            return .array(values.map { of($0, as: element) })
        case (.map(let element, _), .object(let members)):
            return .object(members.mapValues { of($0, as: element) })
        case (.object(let object), .object(let members)):
            return complete(members, object.fields)
        case (.component(let slot), .string(let name)):
            return complete([slot.discriminator: .string(name)], slot)
        case (.component(let slot), .object(let members)):
            return complete(members, slot)
        default:
            return value
        }
    }

    /// The type of what stands at a path of a type's values; nil where nothing says it.
    func type(
        at path: ArraySlice<JSONPath.Component>, in type: FieldType
    ) -> FieldType? {
        guard let first = path.first else { return type }
        switch (type, first) {
        case (.optional(let wrapped), _):
            return self.type(at: path, in: wrapped)
        case (.either(let types), _):
            return types.lazy.compactMap { self.type(at: path, in: $0) }.first
        case (.list(let element, _), .index):
            return self.type(at: path.dropFirst(), in: element)
        case (.object(let object), .key(let key)):
            return object.fields.first { $0.name == key }.flatMap {
                self.type(at: path.dropFirst(), in: $0.type)
            }
        default:
            return nil
        }
    }

    private func complete(_ members: JSONObject, _ slot: ComponentSlot) -> JSONValue {
        let name = members[slot.discriminator]?.stringValue ?? slot.defaultName
        let own = catalog.descriptions(of: slot.kind).first { $0.name == name }?.fields ?? []
        return complete(members, slot.commonFields + own)
    }

    private func complete(_ members: JSONObject, _ fields: [FieldDescription]) -> JSONValue {
        var complete = JSONObject()
        for (key, value) in members.map({ ($0.key, $0.value) }) {
            if let field = fields.first(where: { $0.name == key }) {
                complete[key] = of(value, as: field.type)
            } else if value != .null, value != [] {
                complete[key] = value
            }
        }
        for field in fields where members[field.name] == nil {
            complete[field.name] = field.defaultValue.map {
                of(SpecEncoding.json($0), as: field.type)
            }
        }
        return .object(complete)
    }

    /// Whether a type can be that of a value, as far as their kinds say.
    private static func fits(_ value: JSONValue, _ type: FieldType) -> Bool {
        switch (type, value) {
        case (.optional(let wrapped), _): value == .null || fits(value, wrapped)
        case (.list, .array), (.object, .object), (.map, .object), (.component, .object): true
        case (.component, .string), (.choice, .string): true
        default: false
        }
    }
}
