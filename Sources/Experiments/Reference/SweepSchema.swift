import ResultsFormat

/// The JSON Schema of the index that a sweep writes.
public enum SweepSchema {
    /// The schema of `sweep.json`, JSON Schema 2020-12.
    public static let index: JSONValue = {
        let string: JSONValue = ["type": "string"]
        let integer: JSONValue = ["type": "integer"]
        let number: JSONValue = ["type": "number"]
        let hash: JSONValue = ["type": "string", "pattern": "^[0-9a-f]{64}$"]
        func map(_ value: JSONValue) -> JSONValue {
            ["type": "object", "additionalProperties": value]
        }
        func object(_ properties: JSONObject, optional: [String] = []) -> JSONValue {
            let required = properties.keys.filter { !optional.contains($0) }
            return [
                "type": "object", "additionalProperties": false,
                "required": .array(required.map(JSONValue.string)),
                "properties": .object(properties),
            ]
        }
        let summary = object(
            ["mean": number, "standard_deviation": number, "count": integer],
            optional: ["standard_deviation"])
        let trial = object(
            [
                "name": string, "configuration": string, "settings": ["type": "object"],
                "seed": integer, "fold": integer, "rung_epochs": integer,
                "final": ["type": "boolean"],
                "status": .object([
                    "enum": .array(TrialStatus.allCases.map { .string($0.rawValue) })
                ]),
                "reason": string, "results": string, "spec_sha256": hash,
                "data_fingerprint": hash, "digest": hash, "metrics": map(map(number)),
            ],
            optional: [
                "seed", "fold", "rung_epochs", "reason", "results", "data_fingerprint", "digest",
            ])
        let configuration = object(
            [
                "name": string, "settings": ["type": "object"], "rank": integer,
                "trials": integer, "completed": integer, "metrics": map(map(summary)),
            ], optional: ["rank"])
        let root = object(
            [
                "schema_version": ["const": .integer(SweepIndex.schemaVersion)],
                "kind": ["const": "sweep"], "name": string, "spec_path": string,
                "shard": ["type": "string", "pattern": "^[0-9]+/[0-9]+$"],
                "program_sha256": hash,
                "objective": object([
                    "metric": string, "direction": ["enum": ["maximize", "minimize"]],
                    "on": string,
                ]),
                "best": string,
                "failed": ["type": "array", "items": object(["name": string, "reason": string])],
                "configurations": ["type": "array", "items": configuration],
                "trials": ["type": "array", "items": trial], "digest": hash,
            ], optional: ["spec_path", "shard", "program_sha256", "objective", "best"])
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "tfrs-run sweep index",
        ]
        for member in root.objectValue ?? [:] { schema[member.key] = member.value }
        return .object(schema)
    }()
}
