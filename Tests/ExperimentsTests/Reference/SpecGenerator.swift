import Experiments
import ResultsFormat
import Retrieval

/// Specs at random from the catalogue: right ones, and ones with something wrong in them.
struct SpecGenerator {
    let catalog: Catalog
    /// How likely any value, key or name is spoilt.
    let mischief: Double
    var random: RandomStream

    mutating func spec() -> JSONValue {
        .object(object(ExperimentSpec.description.fields, depth: 0))
    }

    // MARK: Values

    private mutating func value(_ type: FieldType, depth: Int) -> JSONValue {
        if isSpoilt() { return nonsense() }
        switch type {
        case .boolean:
            return .bool(random.coin())
        case .integer(let bounds):
            return .integer(integer(bounds))
        case .number(let bounds):
            return number(bounds)
        case .string:
            return .string(random.pick(["user_id", "a b", "5x", "é"]))
        case .text:
            return .string(random.pick(["", "[UNK]", "é"]))
        case .path:
            return .string(random.pick(["data", "/a/b.csv", "${NONE:-data}/x"]))
        case .choice(let names):
            return .string(random.pick(names))
        case .optional(let wrapped):
            return random.coin() ? .null : value(wrapped, depth: depth)
        case .list(let element, let count):
            var least = 0
            if case .inclusive(let bound)? = count.lower { least = bound }
            var length = least + random.below(depth > 4 ? 1 : 3)
            if case .inclusive(let bound)? = count.upper { length = min(length, bound) }
            if isSpoilt() { length = max(0, least - 1) }
            return .array((0..<length).map { _ in value(element, depth: depth + 1) })
        case .object(let object):
            return .object(self.object(object.fields, depth: depth + 1))
        case .component(let slot):
            return component(slot, depth: depth + 1)
        case .either(let types):
            return value(random.pick(types), depth: depth)
        case .map(let element, _):
            return .object(["train.epochs": value(element, depth: depth + 1)])
        case .anything:
            return random.pick([1, "word", [0.5]])
        }
    }

    private mutating func component(_ slot: ComponentSlot, depth: Int) -> JSONValue {
        let all = catalog.descriptions(of: slot.kind)
        let simple = all.filter { description in
            !description.fields.contains { $0.isRequired && $0.type.isNested }
        }
        let chosen = random.pick(depth > 5 && !simple.isEmpty ? simple : all)
        let fields = slot.commonFields + chosen.fields
        if random.below(4) == 0, !fields.contains(where: \.isRequired) || isSpoilt() {
            return .string(chosen.name)
        }
        var members: JSONObject = [:]
        let isNamed = slot.defaultName == nil || random.coin()
        if isNamed != isSpoilt() { members[slot.discriminator] = .string(chosen.name) }
        for member in object(fields, depth: depth) { members[member.key] = member.value }
        return .object(members)
    }

    private mutating func object(_ fields: [FieldDescription], depth: Int) -> JSONObject {
        var members: JSONObject = [:]
        for field in fields where field.name != "extends" {
            let isGiven = field.isRequired || (depth < 5 && random.below(3) == 0)
            guard isGiven != isSpoilt() else { continue }
            members[field.name] = value(field.type, depth: depth)
        }
        if isSpoilt() { members["zebra"] = 1 }
        return members
    }

    // MARK: Numbers

    private mutating func integer(_ bounds: Bounds<Int>) -> Int {
        var least = -5
        switch bounds.lower {
        case .inclusive(let limit)?: least = limit
        case .exclusive(let limit)?: least = limit + 1
        case nil: break
        }
        if isSpoilt() { return least - 1 }
        switch bounds.upper {
        case .inclusive(let limit)?: return min(least + random.below(50), limit)
        case .exclusive(let limit)?: return min(least + random.below(50), limit - 1)
        case nil: return least + random.below(50)
        }
    }

    /// Numbers at, just within and beyond the bounds, none of them whole: JSON cannot tell `2.0`
    /// from 2, and a spec does.
    private mutating func number(_ bounds: Bounds<Double>) -> JSONValue {
        let limits: [Double] = [bounds.lower, bounds.upper].compactMap {
            switch $0 {
            case .inclusive(let limit)?, .exclusive(let limit)?: limit
            case nil: nil
            }
        }
        var candidates =
            [0.5, 0.03125, 1.5, -0.25] + limits.flatMap { [$0 + 0.0625, $0 - 0.0625] }
        if !isSpoilt() { candidates = candidates.filter(bounds.contains) }
        let number = candidates.isEmpty ? 0.5 : random.pick(candidates)
        return random.below(4) == 0 && bounds.contains(1) ? 1 : .number(number)
    }

    // MARK: Mischief

    private mutating func isSpoilt() -> Bool {
        mischief > 0 && Double(random.below(10_000)) < mischief * 10_000
    }

    private mutating func nonsense() -> JSONValue {
        random.pick([
            .null, true, 0, -1, 5, .number(1.5), .number(-0.5), "zebra", "", [], [:], ["zebra": 1],
            [1, "a"], ["hinge"], ["type": "hinge"], ["column": "a"],
        ])
    }
}

extension FieldType {
    /// Whether a value may hold components or mappings.
    fileprivate var isNested: Bool {
        switch self {
        case .object, .component: true
        case .optional(let wrapped): wrapped.isNested
        case .list(let element, _): element.isNested
        case .either(let types): types.contains(where: \.isNested)
        default: false
        }
    }
}

extension RandomStream {
    mutating func coin() -> Bool { below(2) == 0 }
    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
}
