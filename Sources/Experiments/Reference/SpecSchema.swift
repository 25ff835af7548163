import ResultsFormat
import Retrieval

/// The JSON Schema of spec files, written from the catalogue that decodes them.
///
/// It says what the decoder says, with two exceptions: JSON knows no difference between `2` and
/// `2.0`, which is no integer in a spec, and rules across fields are the decoder's alone.
public enum SpecSchema {
    /// What the schema is called where it stands beside specs.
    public static let fileName = "experiment.schema.json"

    /// The whole schema, JSON Schema draft-07, the newest that the YAML language servers of editors
    /// read whole: strict, with descriptions, defaults and examples.
    ///
    /// What depends on a component's name is chosen by `if`, and not by `anyOf`: so any validator
    /// says what is wrong with the component that is meant, where it would else say that none of
    /// a dozen alternatives fits.
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
        definitions[SchemaWriter.referenceName] = [
            "type": "string",
            "pattern": .string("^\\$\\{\(ExperimentSpec.extensionPrefix)[^}]+\\}$"),
        ]
        // What a spec that extends another leaves out is in the other one.
        return .object([
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "tfrs-run experiment",
            "if": [
                "required": [.string(extendsName)],
                "properties": [extendsName: ["not": ["type": "null"]]],
            ],
            "then": parts,
            "else": all,
            "definitions": .object(definitions),
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

    /// The families of components and the components, each under its name: they are referred to
    /// from wherever a spec names one.
    func definitions() -> [(name: String, schema: JSONObject)] {
        var written: [(name: String, schema: JSONObject)] = []
        for place in SpecOutline(catalog: catalog).places {
            let name = definitionName(place.slot)
            if written.contains(where: { $0.name == name }) { continue }
            written.append((name, family(place.slot)))
            for description in catalog.descriptions(of: place.slot.kind) {
                written.append(
                    ("\(name).\(description.name)", component(description, place.slot)))
            }
        }
        return written
    }

    private func definitionName(_ slot: ComponentSlot) -> String {
        // A place that asks for more than others of its kind has a definition of its own.
        let required = slot.commonFields.filter(\.isRequired).map { "_with_" + $0.name }.joined()
        return slot.kind.noun.replacing(" ", with: "_") + required + suffix
    }

    // MARK: Types

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

    private var suffix: String { isPartial ? "_in_part" : "" }

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

    /// A component's name alone where it needs nothing else, or a mapping that names it.
    private func family(_ slot: ComponentSlot) -> JSONObject {
        let descriptions = catalog.descriptions(of: slot.kind)
        let bare = descriptions.filter { description in
            isPartial || !(slot.commonFields + description.fields).contains(where: \.isRequired)
        }.map { JSONValue.string($0.name) }
        // An editor offers these where nothing stands yet.
        let examples = descriptions.map { description in
            SpecEncoding.json(
                ExampleWriter(catalog: catalog).example(of: description, in: slot))
        }
        var schema: JSONObject
        if bare.isEmpty {
            schema = mapping(slot)
        } else {
            schema = [
                "if": ["type": "string"], "then": ["enum": .array(bare)],
                "else": .object(mapping(slot)),
            ]
        }
        if !isPartial { schema["examples"] = .array(examples) }
        return schema
    }

    /// A mapping whose fields are those of the component that it names.
    private func mapping(_ slot: ComponentSlot) -> JSONObject {
        let descriptions = catalog.descriptions(of: slot.kind)
        let key = slot.discriminator
        func reference(_ description: ComponentDescription) -> JSONValue {
            ["$ref": .string("#/definitions/\(definitionName(slot)).\(description.name)")]
        }
        var choices: [JSONValue] = descriptions.map { description in
            [
                "if": [
                    "required": [.string(key)],
                    "properties": [key: ["const": .string(description.name)]],
                ],
                "then": reference(description),
            ]
        }
        let names = descriptions.map { JSONValue.string($0.name) }
        var schema: JSONObject = [
            "type": "object",
            "properties": [
                key: [
                    "description": .string("Which \(slot.kind.noun)."), "enum": .array(names),
                ]
            ],
        ]
        if let implied = implied(slot, descriptions, reference) {
            choices.append(["if": ["not": ["required": [.string(key)]]], "then": implied])
        } else {
            schema["required"] = [.string(key)]
        }
        schema["allOf"] = .array(choices)
        return schema
    }

    /// What a mapping without a name means: any component that its fields fit where the name may
    /// stand in the spec below; else the one that alone requires a field that is there, or the
    /// slot's own. Nil where a name is required.
    private func implied(
        _ slot: ComponentSlot, _ descriptions: [ComponentDescription],
        _ reference: (ComponentDescription) -> JSONValue
    ) -> JSONValue? {
        if isPartial { return ["anyOf": .array(descriptions.map(reference))] }
        guard let standard = descriptions.first(where: { $0.name == slot.defaultName }) else {
            return nil
        }
        return descriptions.reversed().reduce(reference(standard)) { rest, description in
            let required = description.fields.filter(\.isRequired)
            guard !required.isEmpty else { return rest }
            return [
                "if": ["anyOf": .array(required.map { ["required": [.string($0.name)]] })],
                "then": reference(description), "else": rest,
            ]
        }
    }

    private func component(
        _ description: ComponentDescription, _ slot: ComponentSlot
    ) -> JSONObject {
        var schema = object(
            slot.commonFields + description.fields,
            discriminator: JSONObject.Member(
                key: slot.discriminator, value: ["const": .string(description.name)]))
        schema["title"] = .string(description.name)
        schema["description"] = .string("\(description.summary) (\(description.source))")
        let example = ExampleWriter(catalog: catalog).mapping(of: description, in: slot)
        schema["examples"] = [SpecEncoding.json(.object(example))]
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
