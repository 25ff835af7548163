import ResultsFormat
import Retrieval

/// Which settings of a resolved spec somebody chose: those that are not as by default.
public enum ChosenSettings {
    /// The paths of the settings, such as `train.optimizer.learning_rate`. A setting without a
    /// default counts as chosen; one that the catalogue does not know is left out.
    public static func paths(in spec: JSONValue, catalog: Catalog) -> Set<String> {
        var chosen = ChosenPaths(catalog: catalog)
        chosen.look(
            at: spec, .object(ExperimentSpec.description), default: .object(FieldValues()), [])
        // Its default is what another setting says.
        let byID: JSONPath = [
            .key(ExperimentSpec.evaluateField.name), .key(EvaluateSection.idBasedField.name),
        ]
        let removal: JSONPath = [
            .key(ExperimentSpec.taskField.name), .key(TaskSection.removeAccidentalHitsField.name),
        ]
        if spec[path: byID] == spec[path: removal] { chosen.paths.remove(byID.text) }
        return chosen.paths
    }
}

private struct ChosenPaths {
    let catalog: Catalog
    var paths: Set<String> = []

    mutating func look(
        at value: JSONValue, _ type: FieldType, default standard: FieldValue?, _ path: JSONPath
    ) {
        if let standard, isSame(value, SpecEncoding.json(standard)) { return }
        switch (type, value) {
        case (.optional(let wrapped), _) where value != .null:
            look(at: value, wrapped, default: standard == .null ? nil : standard, path)
        case (.object(let object), .object(let members)):
            look(at: members, object.fields, path)
        case (.component(let slot), .object(let members)):
            let name = members[slot.discriminator]?.stringValue
            if name != standard.flatMap({ Self.name(of: $0, slot) }) {
                paths.insert(path.appending(.key(slot.discriminator)).text)
            }
            let own = catalog.descriptions(of: slot.kind).first { $0.name == name }?.fields ?? []
            look(at: members, slot.commonFields + own, path)
        case (.list(let element, _), .array(let values)):
            var standards: [FieldValue] = []
            if case .list(let values)? = standard { standards = values }
            let isAsLong = standards.count == values.count
            for (index, value) in values.enumerated() {
                look(
                    at: value, element, default: isAsLong ? standards[index] : nil,
                    path.appending(.index(index)))
            }
        case (.either(let types), _):
            guard let fitting = types.first(where: { Self.fits(value, $0) }) else {
                paths.insert(path.text)
                return
            }
            look(at: value, fitting, default: standard, path)
        default:
            paths.insert(path.text)
        }
    }

    private mutating func look(
        at members: JSONObject, _ fields: [FieldDescription], _ path: JSONPath
    ) {
        for field in fields {
            guard let value = members[field.name] else { continue }
            look(
                at: value, field.type, default: field.defaultValue, path.appending(.key(field.name))
            )
        }
    }

    private static func name(of value: FieldValue, _ slot: ComponentSlot) -> String? {
        switch value {
        case .string(let name): name
        case .object(let members):
            if case .string(let name)? = members[slot.discriminator] { name } else { nil }
        default: nil
        }
    }

    private static func fits(_ value: JSONValue, _ type: FieldType) -> Bool {
        switch (type, value) {
        case (.object, .object), (.component, .object), (.list, .array): true
        case (.object, _), (.component, _), (.list, _): false
        default: value.objectValue == nil && value.arrayValue == nil
        }
    }

    /// Whole numbers and others alike.
    private func isSame(_ value: JSONValue, _ other: JSONValue) -> Bool {
        if let left = value.doubleValue, let right = other.doubleValue { return left == right }
        return value == other
    }
}
