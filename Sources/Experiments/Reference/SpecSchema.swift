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
final class SharedObjects {
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
