import Retrieval

/// Values that a spec could give, made from the catalogue: each is accepted by the decoder.
struct ExampleWriter {
    let catalog: Catalog

    /// What a field might be given: its declared example, its default, or what its type allows.
    func example(of field: FieldDescription) -> FieldValue {
        if let declared = field.examples.first { return declared }
        switch field.defaultValue {
        case nil, .null?: return example(of: field.type)
        case .object(let values)? where values.members.isEmpty: return example(of: field.type)
        case let value?: return value
        }
    }

    /// A component with the fields that it requires; its bare name where it requires none.
    func example(of component: ComponentDescription, in slot: ComponentSlot) -> FieldValue {
        let required = (slot.commonFields + component.fields).filter(\.isRequired)
        guard !required.isEmpty else { return .string(component.name) }
        return .object(mapping(of: component, in: slot))
    }

    /// A component as a mapping, with its name and the fields that it requires.
    func mapping(of component: ComponentDescription, in slot: ComponentSlot) -> FieldValues {
        var values = FieldValues()
        values[slot.discriminator] = .string(component.name)
        for field in slot.commonFields + component.fields where field.isRequired {
            values[field.name] = example(of: field)
        }
        return values
    }

    func example(of type: FieldType) -> FieldValue {
        switch type {
        case .boolean: .boolean(true)
        case .integer(let bounds): .integer(bounds.example { $0 + 1 })
        case .number(let bounds): .number(bounds.example { $0 + 0.5 })
        case .string, .text: .string("name")
        case .path: .string("folder/file")
        case .choice(let names): .string(names.first ?? "")
        case .optional(let wrapped): example(of: wrapped)
        case .list(let element, _): .list([example(of: element)])
        case .object(let object): .object(example(of: object))
        case .component(let slot):
            catalog.descriptions(of: slot.kind).first.map { example(of: $0, in: slot) } ?? .null
        case .either(let types): types.first.map(example) ?? .null
        case .map(let element, _): .object(example(ofMapTo: element))
        case .anything: .integer(1)
        }
    }

    private func example(ofMapTo element: FieldType) -> FieldValues {
        var values = FieldValues()
        values["train.epochs"] = example(of: element)
        return values
    }

    /// A mapping with what it requires; with its first member where it requires nothing.
    private func example(of object: ObjectDescription) -> FieldValues {
        let required = object.fields.filter(\.isRequired)
        var values = FieldValues()
        for field in required.isEmpty ? Array(object.fields.prefix(1)) : required {
            values[field.name] = example(of: field)
        }
        return values
    }
}

extension Bounds where Value: ExpressibleByIntegerLiteral {
    /// A value within the bounds, near the lower one.
    fileprivate func example(_ next: (Value) -> Value) -> Value {
        let limits: [Value] = [lower, upper].compactMap {
            switch $0 {
            case .inclusive(let limit)?, .exclusive(let limit)?: limit
            case nil: nil
            }
        }
        let candidates: [Value] = [1] + limits.map(next) + limits + [0]
        return candidates.first(where: contains) ?? 0
    }
}
