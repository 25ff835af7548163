import Retrieval

/// What a spec can hold, walked from its top: every field with its dotted path, every place of a
/// component.
struct SpecOutline {
    /// One field and where it stands. List elements are marked by `[]`: `features[].column`.
    struct Row {
        var path: String
        var field: FieldDescription
    }

    /// Where components of a family stand.
    struct Place {
        var path: String
        var slot: ComponentSlot
    }

    let catalog: Catalog

    /// The families that a spec can name, in the order in which it comes to them.
    var kinds: [AnyComponentKind] {
        var found: [AnyComponentKind] = []
        for place in places where !found.contains(place.slot.kind) { found.append(place.slot.kind) }
        return found
    }

    /// The fields, and the fields of the mappings inside them; not those of components.
    static func rows(_ fields: [FieldDescription], at prefix: String = "") -> [Row] {
        fields.flatMap { field in
            let path = prefix + field.name
            return [Row(path: path, field: field)]
                + field.type.objects.flatMap {
                    rows($0.object.fields, at: path + $0.suffix + ".")
                }
        }
    }

    /// Every place of every component, those inside components of other families included, each
    /// family's own fields once.
    var places: [Place] {
        var found: [Place] = []
        var entered: Set<AnyComponentKind> = []
        collect(ExperimentSpec.description.fields, at: "", &found, &entered)
        return found
    }

    private func collect(
        _ fields: [FieldDescription], at prefix: String, _ found: inout [Place],
        _ entered: inout Set<AnyComponentKind>
    ) {
        for row in Self.rows(fields, at: prefix) {
            for (slot, suffix) in row.field.type.slots {
                let path = row.path + suffix
                if !found.contains(where: { $0.path == path && $0.slot.kind == slot.kind }) {
                    found.append(Place(path: path, slot: slot))
                }
                collect(slot.commonFields, at: path + ".", &found, &entered)
                guard entered.insert(slot.kind).inserted else { continue }
                for description in catalog.descriptions(of: slot.kind) {
                    collect(description.fields, at: "\(description.name).", &found, &entered)
                }
            }
        }
    }
}

extension FieldType {
    /// The mappings with fixed fields that a value may be, and what a path to them adds.
    var objects: [(object: ObjectDescription, suffix: String)] {
        switch self {
        case .object(let object): [(object, "")]
        case .optional(let wrapped): wrapped.objects
        case .list(let element, _): element.objects.map { ($0.object, "[]" + $0.suffix) }
        case .either(let types): types.flatMap(\.objects)
        case .map(let element, _): element.objects.map { ($0.object, ".PATH" + $0.suffix) }
        default: []
        }
    }

    /// Whether a value, or an item of it, may be a mapping from keys of a user's own.
    var hasOwnKeys: Bool {
        switch self {
        case .map: true
        case .optional(let wrapped): wrapped.hasOwnKeys
        case .list(let element, _): element.hasOwnKeys
        case .either(let types): types.contains { $0.hasOwnKeys }
        default: false
        }
    }

    /// The components that a value may be, and what a path to them adds.
    var slots: [(slot: ComponentSlot, suffix: String)] {
        switch self {
        case .component(let slot): [(slot, "")]
        case .optional(let wrapped): wrapped.slots
        case .list(let element, _): element.slots.map { ($0.slot, "[]" + $0.suffix) }
        case .either(let types): types.flatMap(\.slots)
        default: []
        }
    }
}
