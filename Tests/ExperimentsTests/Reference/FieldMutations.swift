import Experiments
import ResultsFormat
import Retrieval

/// For every field that the catalogue describes, specs in which that field alone is wrong: missing,
/// of another type, beyond its bounds, or with an unknown neighbour.
struct FieldMutations {
    struct Mutation {
        /// Which field, and what became of it.
        var name: String
        var spec: JSONValue
    }

    let catalog: Catalog
    private var entered: Set<AnyComponentKind> = []
    private(set) var mutations: [Mutation] = []

    init(catalog: Catalog) {
        self.catalog = catalog
        let fields = ExperimentSpec.description.fields.filter { $0.name != "extends" }
        mutate(fields, of: minimal(fields), at: "") { .object($0) }
    }

    // MARK: The least that is right

    private func minimal(_ fields: [FieldDescription]) -> JSONObject {
        var members: JSONObject = [:]
        for field in fields where field.isRequired { members[field.name] = minimal(field.type) }
        return members
    }

    private func minimal(_ type: FieldType) -> JSONValue {
        switch type {
        case .boolean: .bool(true)
        case .integer(let bounds): .integer(least(bounds) ?? 1)
        case .number(let bounds): .number(inside(bounds))
        case .string, .text, .path: "user_id"
        case .choice(let names): .string(names[0])
        case .optional(let wrapped): minimal(wrapped)
        case .list(let element, let count):
            .array(Array(repeating: minimal(element), count: max(1, least(count) ?? 1)))
        case .object(let object): .object(minimal(object.fields))
        case .component(let slot): .object(minimal(slot, simplest(slot)))
        case .either(let types): minimal(types[0])
        case .map(let element, _): .object(["train.epochs": minimal(element)])
        case .anything: 1
        }
    }

    private func simplest(_ slot: ComponentSlot) -> ComponentDescription {
        let all = catalog.descriptions(of: slot.kind)
        return all.first { !$0.fields.contains(where: \.isRequired) } ?? all[0]
    }

    private func minimal(_ slot: ComponentSlot, _ description: ComponentDescription) -> JSONObject {
        var members: JSONObject = [slot.discriminator: .string(description.name)]
        for member in minimal(slot.commonFields + description.fields) {
            members[member.key] = member.value
        }
        return members
    }

    private func least(_ bounds: Bounds<Int>) -> Int? {
        switch bounds.lower {
        case .inclusive(let limit)?: limit
        case .exclusive(let limit)?: limit &+ 1
        case nil: nil
        }
    }

    private func inside(_ bounds: Bounds<Double>) -> Double {
        let candidates = [0.5, 1.5, 3.5, -0.5, 0.125, 1e-3]
        return candidates.first(where: bounds.contains) ?? 0.5
    }

    // MARK: What is wrong

    /// - Parameters:
    ///   - object: a right value of these fields.
    ///   - spec: the whole spec with another value in the place of `object`.
    private mutating func mutate(
        _ fields: [FieldDescription], of object: JSONObject, at path: String,
        _ spec: (JSONObject) -> JSONValue
    ) {
        add("\(path) with an unknown neighbour") {
            var changed = object
            changed["zebra"] = 1
            return spec(changed)
        }
        for field in fields {
            let place = path.isEmpty ? field.name : "\(path).\(field.name)"
            if field.isRequired {
                add("\(place) is missing") {
                    var changed = object
                    changed[field.name] = nil
                    return spec(changed)
                }
            }
            for (what, value) in wrong(field.type) {
                add("\(place) is \(what)") {
                    var changed = object
                    changed[field.name] = value
                    return spec(changed)
                }
            }
            enter(field.type, at: place) { value in
                var changed = object
                changed[field.name] = value
                return spec(changed)
            }
        }
    }

    /// The fields of what a value may hold.
    private mutating func enter(
        _ type: FieldType, at path: String, _ spec: (JSONValue) -> JSONValue
    ) {
        switch type {
        case .optional(let wrapped):
            enter(wrapped, at: path, spec)
        case .either(let types):
            for type in types { enter(type, at: path, spec) }
        case .list(let element, let count):
            let length = max(1, least(count) ?? 1)
            enter(element, at: path + "[]") { value in
                spec(.array(Array(repeating: value, count: length)))
            }
        case .object(let object):
            mutate(object.fields, of: minimal(object.fields), at: path) { spec(.object($0)) }
        case .component(let slot):
            // Every family once.
            guard entered.insert(slot.kind).inserted else { return }
            for description in catalog.descriptions(of: slot.kind) {
                mutate(
                    slot.commonFields + description.fields, of: minimal(slot, description),
                    at: "\(path)(\(description.name))"
                ) { spec(.object($0)) }
            }
        default:
            break
        }
    }

    private mutating func add(_ name: String, _ spec: () -> JSONValue) {
        mutations.append(Mutation(name: name, spec: spec()))
    }

    /// Values that the type may not have; both judges say whether one of them fits after all.
    private func wrong(_ type: FieldType) -> [(what: String, value: JSONValue)] {
        var values: [(what: String, value: JSONValue)] = [
            ("an empty list", []), ("true", true), ("an unknown mapping", ["zebra": 1]),
        ]
        switch type {
        case .optional(let wrapped):
            return [(what: "null", value: JSONValue.null)] + wrong(wrapped)
        case .either(let types):
            return types.flatMap(wrong)
        case .integer(let bounds):
            values += [("half", 0.5), ("a word", "zebra")]
            if let least = least(bounds) { values.append(("too small", .integer(least &- 1))) }
            switch bounds.upper {
            case .inclusive(let limit)?: values.append(("too large", .integer(limit &+ 1)))
            case .exclusive(let limit)?: values.append(("too large", .integer(limit)))
            case nil: break
            }
        case .number(let bounds):
            values.append(("a word", "zebra"))
            for limit in [bounds.lower, bounds.upper] {
                guard case .inclusive(let limit)? = limit else {
                    if case .exclusive(let limit)? = limit {
                        values += [("its limit", .number(limit)), ("below", .number(limit - 0.25))]
                    }
                    continue
                }
                values += [
                    ("just below", .number(limit - 0.25)), ("just above", .number(limit + 0.25)),
                ]
            }
        case .string, .path, .text:
            values += [("empty", ""), ("a number", 5)]
        case .boolean:
            values += [("a word", "yes"), ("a number", 1)]
        case .choice:
            values += [("another word", "zebra"), ("a number", 7)]
        case .list(let element, let count):
            values += [("no list", minimal(element))]
            if let least = least(count), least > 1 {
                values.append(("too short", .array([minimal(element)])))
            }
        case .object, .component, .map:
            values += [("a word", "zebra"), ("a number", 7)]
        case .anything:
            return []
        }
        return values
    }
}
