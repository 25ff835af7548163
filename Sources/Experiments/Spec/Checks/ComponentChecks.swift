import Retrieval

extension SpecFindings {
    /// Makes every component of the spec, however deep, to see whether its own fields go together.
    mutating func checkComponents() {
        check(spec.resolved, ExperimentSpec.description.fields, at: "")
    }

    private mutating func check(
        _ values: FieldValues, _ fields: [FieldDescription], at path: String
    ) {
        for field in fields {
            guard let value = values[field.name] else { continue }
            check(value, field.type, at: SpecPath.of(field.name, in: path))
        }
    }

    private mutating func check(_ value: FieldValue, _ type: FieldType, at path: String) {
        switch (type, value) {
        case (.optional(let wrapped), _):
            check(value, wrapped, at: path)
        case (.list(let element, _), .list(let values)):
            for (index, value) in values.enumerated() {
                check(value, element, at: "\(path)[\(index)]")
            }
        case (.object(let object), .object(let values)):
            check(values, object.fields, at: path)
        case (.component(let slot), .object(let values)):
            check(component: values, slot, at: path)
        case (.either(let types), .object(let values)):
            // The one whose fields these are.
            guard let type = types.first(where: { $0.mayHold(values) }) else { return }
            check(value, type, at: path)
        case (.either(let types), .list):
            guard let type = types.first(where: \.isList) else { return }
            check(value, type, at: path)
        default:
            break
        }
    }

    private mutating func check(
        component values: FieldValues, _ slot: ComponentSlot, at path: String
    ) {
        guard let choice = ComponentChoice(fieldValue: .object(values)),
            let description = catalog.descriptions(of: slot.kind).first(where: {
                $0.name == choice.name
            })
        else { return }
        let found = diagnostics.count
        check(values, slot.commonFields + description.fields, at: path)
        // What cannot be made for a part of it has been told of the part.
        guard diagnostics.count == found else { return }
        do {
            try catalog.components.check(choice, of: slot.kind)
        } catch let error as LayerError {
            self.error(at: path + error.place, error.description)
        } catch {
            self.error(at: path, "\(error)")
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
