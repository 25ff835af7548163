import ResultsFormat
import Retrieval

/// What a spec chooses by name: families of components, and what each of them has.
extension SchemaWriter {
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

    func definitionName(_ slot: ComponentSlot) -> String {
        // A place that asks for more than others of its kind has a definition of its own.
        let required = slot.commonFields.filter(\.isRequired).map { "_with_" + $0.name }.joined()
        return slot.kind.noun.replacing(" ", with: "_") + required + suffix
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
}
