import ResultsFormat

/// The JSON Schemas of sweeps: of `sweep:` in a spec, and of the index that a sweep writes.
public enum SweepSchema {
    /// What stands under `sweep:`.
    static let section: JSONValue = [
        "type": "object", "additionalProperties": false,
        "description":
            """
            Many trials of this spec: list x grid x random x seeds x folds, each a process of its \
            own.
            """,
        "properties": [
            "list": [
                "description": "Overlays, each a mapping from paths into the spec to values.",
                "type": "array", "minItems": 1, "items": ["type": "object", "minProperties": 1],
            ],
            "grid": [
                "description": "By path into the spec, the values that it takes in turn.",
                "type": "object", "minProperties": 1,
                "additionalProperties": [
                    "anyOf": [
                        ["type": "array", "minItems": 1],
                        [
                            "type": "object", "additionalProperties": false,
                            "required": ["values"],
                            "properties": [
                                "values": ["type": "array", "minItems": 1], "when": condition,
                            ],
                        ],
                    ]
                ],
            ],
            "random": [
                "description": "Draws of all axes together.", "type": "object",
                "additionalProperties": false, "required": ["trials", "axes"],
                "properties": [
                    "trials": [
                        "type": "integer", "minimum": 1, "description": "How many to draw.",
                    ],
                    "seed": [
                        "type": "integer", "minimum": 0,
                        "description": "Of the draws; without it, the spec's seed.",
                    ],
                    "axes": [
                        "type": "object", "minProperties": 1, "additionalProperties": axis,
                    ],
                ],
            ],
            "seeds": integers("Every configuration runs with each of these seeds."),
            "folds": integers("The same with each of these values of data.split.fold."),
            "exclude": [
                "description": "Trials of which one of these holds are left out.",
                "type": "array", "minItems": 1, "items": condition,
            ],
            "max_runs": [
                "description": "More trials than this are refused.", "type": "integer",
                "minimum": 1, "maximum": 1_000_000, "default": 1000,
            ],
            "objective": [
                "description":
                    """
                    What trials are ranked by; without it, the first metric with a usual \
                    direction.
                    """,
                "type": "object", "additionalProperties": false, "required": ["metric"],
                "properties": [
                    "metric": ["type": "string", "minLength": 1],
                    "direction": ["enum": ["maximize", "minimize"]],
                    "on": ["enum": ["test", "validation"], "default": "test"],
                ],
            ],
            "halving": [
                "description":
                    "Synchronous successive halving by the objective on the validation part.",
                "type": "object", "additionalProperties": false, "required": ["epochs"],
                "properties": [
                    "epochs": [
                        "description": "The epochs of each rung, ascending.", "type": "array",
                        "minItems": 2, "items": ["type": "integer", "minimum": 1],
                    ],
                    "factor": [
                        "description": "After a rung the best 1/factor go on.",
                        "type": "integer", "minimum": 2, "maximum": 1000, "default": 3,
                    ],
                ],
            ],
        ],
    ]

    private static let condition: JSONValue = [
        "description": "Holds where each path has the value, or one of the list's.",
        "type": "object", "minProperties": 1,
    ]

    private static let axis: JSONValue = {
        let bounds: JSONValue = [
            "type": "array", "minItems": 2, "maxItems": 2, "items": ["type": "number"],
        ]
        return [
            "type": "object", "additionalProperties": false,
            "properties": [
                "choice": ["type": "array", "minItems": 1], "uniform": bounds,
                "log_uniform": bounds,
                "int": [
                    "type": "array", "minItems": 2, "maxItems": 2, "items": ["type": "integer"],
                ],
                "when": condition,
            ],
            "oneOf": [
                ["required": ["choice"]], ["required": ["uniform"]],
                ["required": ["log_uniform"]], ["required": ["int"]],
            ],
        ]
    }()

    private static func integers(_ description: JSONValue) -> JSONValue {
        [
            "description": description, "type": "array", "minItems": 1, "uniqueItems": true,
            "items": ["type": "integer", "minimum": 0],
        ]
    }

    // MARK: The index

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
