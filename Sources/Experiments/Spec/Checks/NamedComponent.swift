import Retrieval

/// A component that a spec names, wherever it stands.
struct NamedComponent {
    var path: String
    /// The field that it is the value of, or an element of the value.
    var field: String
    var slot: ComponentSlot
    var choice: ComponentChoice
}

extension ExperimentSpec {
    /// Every component that the spec names, however deep, each after those inside it.
    func components(in catalog: Catalog) -> [NamedComponent] {
        catalog.namedComponents(in: resolved, Self.description.fields, at: "")
    }
}

extension Catalog {
    fileprivate func namedComponents(
        in values: FieldValues, _ fields: [FieldDescription], at path: String
    ) -> [NamedComponent] {
        fields.flatMap { field in
            values[field.name].map { value in
                namedComponents(
                    in: value, field.type, at: SpecPath.of(field.name, in: path), field.name)
            } ?? []
        }
    }

    private func namedComponents(
        in value: FieldValue, _ type: FieldType, at path: String, _ field: String
    ) -> [NamedComponent] {
        switch (type, value) {
        case (.optional(let wrapped), _):
            return namedComponents(in: value, wrapped, at: path, field)
        case (.list(let element, _), .list(let values)):
            return values.enumerated().flatMap { index, value in
                namedComponents(in: value, element, at: "\(path)[\(index)]", field)
            }
        case (.object(let object), .object(let values)):
            return namedComponents(in: values, object.fields, at: path)
        case (.component(let slot), .object(let values)):
            guard let choice = ComponentChoice(fieldValue: value),
                let description = descriptions(of: slot.kind).first(where: {
                    $0.name == choice.name
                })
            else { return [] }
            return namedComponents(in: values, slot.commonFields + description.fields, at: path)
                + [NamedComponent(path: path, field: field, slot: slot, choice: choice)]
        case (.either(let types), .object(let values)):
            // The one whose fields these are.
            guard let type = types.first(where: { $0.mayHold(values) }) else { return [] }
            return namedComponents(in: value, type, at: path, field)
        case (.either(let types), .list):
            guard let type = types.first(where: \.isList) else { return [] }
            return namedComponents(in: value, type, at: path, field)
        default:
            return []
        }
    }
}

extension FieldType {
    fileprivate func mayHold(_ values: FieldValues) -> Bool {
        switch self {
        case .component(let slot): values[slot.discriminator] != nil
        case .object(let object):
            values.members.allSatisfy { member in
                object.fields.contains { $0.name == member.name }
            }
        default: false
        }
    }
}
