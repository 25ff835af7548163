import ResultsFormat
import Retrieval

/// The JSON Schema of spec files, written from the catalogue that decodes them.
public enum SpecSchema {
    /// The whole schema, JSON Schema 2020-12: strict, with descriptions and defaults.
    public static func document(for catalog: Catalog) -> JSONValue {
        var schema = JSONObject()
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = "tfrs-run experiment"
        let fields = SchemaWriter(catalog: catalog).object(ExperimentSpec.description.fields)
        for member in fields { schema[member.key] = member.value }
        schema["properties"]?["sweep"] = SweepSchema.section
        return .object(schema)
    }
}

/// Writes the schema of one type after another.
private struct SchemaWriter {
    let catalog: Catalog

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
            return ["anyOf": [["type": "null"], .object(schema(wrapped))]]
        case .list(let element, let count):
            return list(element, count)
        case .object(let object):
            return self.object(object.fields)
        case .component(let slot):
            return component(slot)
        case .either(let types):
            return ["anyOf": .array(types.map { .object(schema($0)) })]
        }
    }

    /// A mapping with these fields and no others.
    func object(_ fields: [FieldDescription], discriminator: JSONObject.Member? = nil) -> JSONObject
    {
        var properties = JSONObject()
        if let discriminator { properties[discriminator.key] = discriminator.value }
        for field in fields { properties[field.name] = .object(property(field)) }
        var schema: JSONObject = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return schema
    }

    private func property(_ field: FieldDescription) -> JSONObject {
        var schema = schema(field.type)
        schema["description"] = .string(
            field.unit.map { "\(field.summary) Unit: \($0)." } ?? field.summary)
        if let value = field.defaultValue {
            schema["default"] = SpecEncoding.json(catalog.resolving(value, as: field.type))
        }
        return schema
    }

    /// One alternative for each component, and its bare name where it needs nothing else.
    private func component(_ slot: ComponentSlot) -> JSONObject {
        var bare: [JSONValue] = []
        var alternatives: [JSONValue] = []
        for description in catalog.descriptions(of: slot.kind) {
            let fields = slot.commonFields + description.fields
            if !fields.contains(where: \.isRequired) { bare.append(.string(description.name)) }
            var schema = object(
                fields,
                discriminator: JSONObject.Member(
                    key: slot.discriminator, value: ["const": .string(description.name)]))
            if slot.defaultName == nil {
                schema["required"] = .array(
                    [.string(slot.discriminator)] + (schema["required"]?.arrayValue ?? []))
            }
            schema["description"] = .string("\(description.summary) (\(description.source))")
            alternatives.append(.object(schema))
        }
        if !bare.isEmpty { alternatives.insert(["enum": .array(bare)], at: 0) }
        return ["anyOf": .array(alternatives)]
    }

    private func list(_ element: FieldType, _ count: Bounds<Int>) -> JSONObject {
        var schema: JSONObject = ["type": "array", "items": .object(self.schema(element))]
        if case .inclusive(let least)? = count.lower { schema["minItems"] = .integer(least) }
        if case .inclusive(let most)? = count.upper { schema["maxItems"] = .integer(most) }
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
