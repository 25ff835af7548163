import ResultsFormat
import Retrieval

/// A resolved spec as the results record it.
enum SpecEncoding {
    static func json(_ value: FieldValue) -> JSONValue {
        switch value {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        case .list(let values): .array(values.map(json))
        case .object(let values):
            .object(OrderedMap(values.members.map { ($0.name, json($0.value)) }))
        }
    }

    /// The members that name files or folders of this machine: what stands in the files is in the
    /// data's fingerprint.
    static func localMembers(
        of value: FieldValue, as type: FieldType, catalog: Catalog, at path: JSONPath = []
    ) -> [JSONPath] {
        switch (type, value) {
        case (.path, .string):
            [path]
        case (.optional(let wrapped), _):
            localMembers(of: value, as: wrapped, catalog: catalog, at: path)
        case (.list(let element, _), .list(let values)):
            values.enumerated().flatMap {
                localMembers(
                    of: $1, as: element, catalog: catalog, at: path.appending(.index($0)))
            }
        case (.object(let object), .object(let values)):
            localMembers(of: values, object.fields, catalog: catalog, at: path)
        case (.component(let slot), .object(let values)):
            localMembers(
                of: values, slot.commonFields + catalog.fields(of: values, slot),
                catalog: catalog, at: path)
        default:
            []
        }
    }

    private static func localMembers(
        of values: FieldValues, _ fields: [FieldDescription], catalog: Catalog, at path: JSONPath
    ) -> [JSONPath] {
        fields.flatMap { field in
            values[field.name].map {
                localMembers(
                    of: $0, as: field.type, catalog: catalog,
                    at: path.appending(.key(field.name)))
            } ?? []
        }
    }
}

extension Catalog {
    /// The own fields of the component that a decoded object names.
    fileprivate func fields(of values: FieldValues, _ slot: ComponentSlot) -> [FieldDescription] {
        descriptions(of: slot.kind).first {
            values[slot.discriminator] == .string($0.name)
        }?.fields ?? []
    }
}
