import ResultsFormat
import Retrieval

/// The JSON Schema of spec files, written from the catalogue that decodes them.
///
/// It says what the decoder says, with two exceptions: JSON knows no difference between `2` and
/// `2.0`, which is no integer in a spec, and rules across fields are the decoder's alone.
public enum SpecSchema {
    /// The whole schema, JSON Schema 2020-12: strict, with descriptions, defaults and examples.
    public static func document(for catalog: Catalog) -> JSONValue {
        let fields = ExperimentSpec.fileDescription.fields
        let objects = SharedObjects()
        let whole = SchemaWriter(catalog: catalog, isPartial: false, objects: objects)
        let partial = SchemaWriter(catalog: catalog, isPartial: true, objects: objects)
        let extendsName = ExperimentSpec.extendsField.name
        var definitions = JSONObject()
        for writer in [whole, partial] {
            for (name, schema) in writer.definitions() { definitions[name] = .object(schema) }
        }
        func specs(_ writer: SchemaWriter) -> JSONValue {
            var schema = writer.object(fields)
            schema["patternProperties"] = [
                "^\(ExperimentSpec.extensionPrefix)": [
                    "description": "Your own: passed over, a place for anchors."
                ]
            ]
            return .object(schema)
        }
        let (parts, all) = (specs(partial), specs(whole))
        for member in objects.definitions { definitions[member.key] = member.value }
        // What a spec that extends another leaves out is in the other one.
        return .object([
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "tfrs-run experiment",
            "if": [
                "required": [.string(extendsName)],
                "properties": [extendsName: ["not": ["type": "null"]]],
            ],
            "then": parts,
            "else": all,
            "$defs": .object(definitions),
        ])
    }
}

/// The mappings with fixed fields, each written once: what equals another is the same definition.
private final class SharedObjects {
    private(set) var definitions = JSONObject()

    /// The name of a definition; a number tells those apart that only share their name.
    func name(of schema: JSONObject, called name: String) -> String {
        let base = name.replacing(" ", with: "_")
        var candidate = base
        var number = 1
        while let known = definitions[candidate], known != .object(schema) {
            number += 1
            candidate = "\(base)_\(number)"
        }
        definitions[candidate] = .object(schema)
        return candidate
    }
}

/// Writes the schema of one type after another.
private struct SchemaWriter {
    let catalog: Catalog
    /// Whether nothing is required, because the rest may stand in the spec that is extended.
    let isPartial: Bool
    let objects: SharedObjects

    // MARK: Definitions

    /// The families of components, each under its name: they are referred to from wherever a spec
    /// names one.
    func definitions() -> [(name: String, schema: JSONObject)] {
        var written: [(name: String, schema: JSONObject)] = []
        for place in SpecOutline(catalog: catalog).places {
            let name = definitionName(place.slot)
            if written.contains(where: { $0.name == name }) { continue }
            written.append((name, component(place.slot)))
        }
        return written
    }

    private func definitionName(_ slot: ComponentSlot) -> String {
        // A place that asks for more than others of its kind has a definition of its own.
        let required = slot.commonFields.filter(\.isRequired).map { "_with_" + $0.name }.joined()
        return slot.kind.noun.replacing(" ", with: "_") + required + suffix
    }

    // MARK: Types

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
            return ["$ref": .string("#/$defs/\(name)")]
        case .component(let slot):
            return ["$ref": .string("#/$defs/\(definitionName(slot))")]
        case .either(let types):
            return ["anyOf": .array(types.map { .object(schema($0)) })]
        case .map(let element, _):
            return [
                "type": "object", "minProperties": 1,
                "additionalProperties": .object(schema(element)),
            ]
        case .anything:
            return [:]
        }
    }

    /// `null` or what the schema allows: in one word where the schema is one of a single type.
    private func optional(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        if let type = schema["type"]?.stringValue {
            schema["type"] = [.string(type), "null"]
        } else if case .array(let names)? = schema["enum"] {
            schema["enum"] = .array(names + [.null])
        } else {
            return ["anyOf": [["type": "null"], .object(schema)]]
        }
        return schema
    }

    private var suffix: String { isPartial ? "_in_part" : "" }

    /// A mapping with these fields and no others.
    func object(
        _ fields: [FieldDescription], discriminator: JSONObject.Member? = nil,
        requiresDiscriminator: Bool = false
    ) -> JSONObject {
        var properties = JSONObject()
        if let discriminator { properties[discriminator.key] = discriminator.value }
        for field in fields { properties[field.name] = .object(property(field)) }
        var schema: JSONObject = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        var required: [String] = []
        if let discriminator, requiresDiscriminator { required.append(discriminator.key) }
        required += fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty, !isPartial {
            schema["required"] = .array(required.map(JSONValue.string))
        }
        return schema
    }

    private func property(_ field: FieldDescription) -> JSONObject {
        var schema = schema(field.type)
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

    /// One alternative for each component, and its bare name where it needs nothing else.
    private func component(_ slot: ComponentSlot) -> JSONObject {
        var bare: [JSONValue] = []
        var alternatives: [JSONValue] = []
        for description in catalog.descriptions(of: slot.kind) {
            let fields = slot.commonFields + description.fields
            if isPartial || !fields.contains(where: \.isRequired) {
                bare.append(.string(description.name))
            }
            // Its name may be left to its slot, or to the fields that only it requires.
            let isImplied =
                slot.defaultName != nil
                && (slot.defaultName == description.name
                    || description.fields.contains(where: \.isRequired))
            var schema = object(
                fields,
                discriminator: JSONObject.Member(
                    key: slot.discriminator, value: ["const": .string(description.name)]),
                requiresDiscriminator: !isImplied)
            schema["title"] = .string(description.name)
            schema["description"] = .string("\(description.summary) (\(description.source))")
            let example = ExampleWriter(catalog: catalog).mapping(of: description, in: slot)
            schema["examples"] = [SpecEncoding.json(.object(example))]
            alternatives.append(.object(schema))
        }
        if !bare.isEmpty { alternatives.insert(["enum": .array(bare)], at: 0) }
        return ["anyOf": .array(alternatives)]
    }

    private func list(_ element: FieldType, _ count: Bounds<Int>) -> JSONObject {
        var schema: JSONObject = ["type": "array", "items": .object(self.schema(element))]
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
