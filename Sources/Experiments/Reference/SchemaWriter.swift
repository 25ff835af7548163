import ResultsFormat
import Retrieval

/// Writes the schema of one type after another.
struct SchemaWriter {
    let catalog: Catalog
    /// Whether nothing is required, because the rest may stand in the spec that is extended.
    let isPartial: Bool
    let objects: SharedObjects

    /// The definition of what may stand wherever a value may: a name of the spec's own value.
    static let referenceName = "reference"

    /// A value of the type, or a reference to one.
    private func value(_ type: FieldType) -> JSONObject {
        switch type {
        // Of any text a reference is one.
        case .string, .text, .path, .anything, .optional(.string), .optional(.text),
            .optional(.path):
            return schema(type)
        default:
            return [
                "if": ["$ref": .string("#/definitions/\(Self.referenceName)")],
                "else": .object(schema(type)),
            ]
        }
    }

    func schema(_ type: FieldType) -> JSONObject {
        switch type {
        case .boolean:
            return ["type": "boolean"]
        case .integer(let bounds):
            return bounded("integer", bounds) { .integer($0) }
        case .number(let bounds):
            return bounded("number", bounds) { .number($0) }
        case .text:
            return ["type": "string"]
        case .string, .path:
            return ["type": "string", "minLength": 1]
        case .choice(let names):
            return ["enum": .array(names.map(JSONValue.string))]
        case .optional(let wrapped):
            return optional(schema(wrapped))
        case .list(let element, let count):
            return list(element, count)
        case .object(let object):
            let schema = self.object(object.fields)
            let name = objects.name(of: schema, called: object.name + " mapping" + suffix)
            return ["$ref": .string("#/definitions/\(name)")]
        case .component(let slot):
            return ["$ref": .string("#/definitions/\(definitionName(slot))")]
        case .either(let types):
            return either(types)
        case .map(let element, _):
            return [
                "type": "object", "minProperties": 1,
                "additionalProperties": .object(value(element)),
            ]
        case .anything:
            return [:]
        }
    }

    /// The first of the types that the kind of the value fits; the last one refuses what fits none.
    private func either(_ types: [FieldType]) -> JSONObject {
        guard let first = types.first else { return [:] }
        let schema = schema(first)
        let rest = Array(types.dropFirst())
        guard !rest.isEmpty else { return schema }
        let kinds = first.jsonKinds.map(JSONValue.string)
        return [
            "if": ["type": kinds.count == 1 ? kinds[0] : .array(kinds)],
            "then": .object(schema), "else": .object(either(rest)),
        ]
    }

    /// `null` or what the schema allows: in one word where the schema is one of a single type.
    private func optional(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        if let type = schema["type"]?.stringValue {
            schema["type"] = [.string(type), "null"]
        } else if case .array(let names)? = schema["enum"] {
            schema["enum"] = .array(names + [.null])
        } else {
            return ["if": ["not": ["type": "null"]], "then": .object(schema)]
        }
        return schema
    }

    var suffix: String { isPartial ? "_in_part" : "" }

    /// A mapping with these fields and no others.
    func object(
        _ fields: [FieldDescription], discriminator: JSONObject.Member? = nil
    ) -> JSONObject {
        var properties = JSONObject()
        if let discriminator { properties[discriminator.key] = discriminator.value }
        for field in fields {
            properties[field.name] = .object(property(field))
            for name in field.formerNames {
                var former = value(field.type)
                former["description"] = .string("The former name of '\(field.name)'.")
                properties[name] = .object(former)
            }
        }
        var schema: JSONObject = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        let required = fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty, !isPartial {
            schema["required"] = .array(required.map(JSONValue.string))
        }
        return schema
    }

    private func property(_ field: FieldDescription) -> JSONObject {
        var schema = value(field.type)
        schema["description"] = .string(
            field.unit.map { "\(field.summary) Unit: \($0)." } ?? field.summary)
        if let value = field.defaultValue {
            schema["default"] = SpecEncoding.json(catalog.resolving(value, as: field.type))
        }
        schema["examples"] = .array(
            (field.examples.isEmpty
                ? [ExampleWriter(catalog: catalog).example(of: field)] : field.examples)
                .map(SpecEncoding.json))
        return schema
    }

    private func list(_ element: FieldType, _ count: Bounds<Int>) -> JSONObject {
        var schema: JSONObject = ["type": "array", "items": .object(value(element))]
        switch count.lower {
        case .inclusive(let least)?: schema["minItems"] = .integer(least)
        case .exclusive(let limit)?: schema["minItems"] = .integer(limit + 1)
        case nil: break
        }
        switch count.upper {
        case .inclusive(let most)?: schema["maxItems"] = .integer(most)
        case .exclusive(let limit)?: schema["maxItems"] = .integer(limit - 1)
        case nil: break
        }
        return schema
    }

    private func bounded<Value>(
        _ type: JSONValue, _ bounds: Bounds<Value>, _ json: (Value) -> JSONValue
    ) -> JSONObject {
        var schema: JSONObject = ["type": type]
        switch bounds.lower {
        case .inclusive(let limit)?: schema["minimum"] = json(limit)
        case .exclusive(let limit)?: schema["exclusiveMinimum"] = json(limit)
        case nil: break
        }
        switch bounds.upper {
        case .inclusive(let limit)?: schema["maximum"] = json(limit)
        case .exclusive(let limit)?: schema["exclusiveMaximum"] = json(limit)
        case nil: break
        }
        return schema
    }
}

extension FieldType {
    /// The kinds of JSON values that the type may accept.
    fileprivate var jsonKinds: [String] {
        switch self {
        case .boolean: ["boolean"]
        case .integer: ["integer"]
        case .number: ["number"]
        case .string, .text, .path, .choice: ["string"]
        case .optional(let wrapped): wrapped.jsonKinds + ["null"]
        case .list: ["array"]
        case .object, .map: ["object"]
        case .anything: ["null", "boolean", "integer", "number", "string", "array", "object"]
        case .component: ["string", "object"]
        case .either(let types): types.flatMap(\.jsonKinds)
        }
    }
}
