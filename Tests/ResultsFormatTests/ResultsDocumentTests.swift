import ResultsFormat
import Testing

/// Documents that the tests share.
enum Sample {
    /// A document with every member, of numbers that print alike everywhere.
    static func full() throws -> ResultsDocument {
        ResultsDocument(
            status: .completed,
            failure: RunFailure(reason: "none really", epoch: 2, step: 7),
            experiment: try ExperimentRecord(
                name: "movielens",
                spec: [
                    "name": "movielens",
                    "data": ["source": "movielens", "directory": "/somewhere"],
                    "train": ["learning_rate": 0.1, "epochs": 2],
                    "threads": 2,
                ],
                localMembers: [["data", "directory"], ["threads"]]),
            seed: 42,
            data: DataRecord(
                source: "movielens", variant: "100k", standInFor: "the archive",
                fingerprint: "f00d",
                counts: ["interactions": 100_000, "train": 80_000, "test": 20_000],
                notes: ["4 films have no title"]),
            training: TrainingRecord(
                epochs: [
                    EpochRecord(
                        epoch: 1, loss: 72000.5, batchLossMean: 7200.05,
                        metrics: ["top_5": 0.25, "top_10": 0.5], examples: 80_000, steps: 10,
                        seconds: 0.5, examplesPerSecond: 160_000),
                    EpochRecord(
                        epoch: 2, loss: 71000, batchLossMean: 7100, learningRates: ["default": 0.1],
                        examples: 80_000, steps: 10, seconds: 0.25, examplesPerSecond: 320_000),
                ],
                engine: ["path": "deduplicated", "reasons": ["one feature a tower"]]),
            evaluation: [
                "test": EvaluationRecord(
                    metrics: ["factorized_top_k/top_100": 0.21, "a_later_one": 1e-05],
                    examples: 20_000, loss: 3000.25, definitions: ["ties": "optimistic"])
            ],
            warnings: ["a warning é"],
            environment: EnvironmentRecord(
                toolVersion: "0.1.0", os: "Debian 12", cpu: "a CPU", instructionSet: "avx512",
                threads: 2, swift: "6.3.1"),
            timing: TimingRecord(seconds: ["load": 0.25, "train": 0.75], totalSeconds: 1.5),
            peakMemoryBytes: 123_456_789)
    }

    /// The least that a document can say.
    static func minimal() throws -> ResultsDocument {
        ResultsDocument(
            status: .failed, failure: RunFailure(reason: "no data"),
            experiment: try ExperimentRecord(name: "x", spec: [:]), seed: 0,
            environment: EnvironmentRecord(
                toolVersion: "0", os: "o", cpu: "c", instructionSet: "i", threads: 1))
    }
}

@Suite struct ResultsDocumentTests {
    @Test func documentsSurviveTheirText() throws {
        for document in [try Sample.full(), try Sample.full().sealed(), try Sample.minimal()] {
            let text = try document.json.jsonText()
            #expect(try ResultsDocument(json: JSONValue(parsing: text)) == document)
        }
    }

    @Test func membersHaveAFixedOrderAndAbsentOnesAreAbsent() throws {
        #expect(
            try Sample.full().sealed().json.objectValue?.keys == [
                "schema_version", "status", "failure", "experiment", "seed", "data", "training",
                "evaluation", "warnings", "environment", "timing", "peak_memory_bytes", "digest",
            ])
        #expect(
            try Sample.minimal().json.objectValue?.keys == [
                "schema_version", "status", "failure", "experiment", "seed", "evaluation",
                "warnings", "environment", "timing",
            ])
        let json = try Sample.full().json
        #expect(
            json[path: ["evaluation", "test", "metrics"]]?.objectValue?.keys
                == ["factorized_top_k/top_100", "a_later_one"])
        #expect(
            json[path: ["training", "epochs", 0]]?.objectValue?.keys == [
                "epoch", "loss", "batch_loss_mean", "metrics", "examples", "steps", "seconds",
                "examples_per_second",
            ])
    }

    @Test func theMinimalDocumentReadsLikeThis() throws {
        #expect(
            try Sample.minimal().json.jsonText() == """
                {
                  "schema_version": 1,
                  "status": "failed",
                  "failure": {
                    "reason": "no data"
                  },
                  "experiment": {
                    "name": "x",
                    "spec": {},
                    "local_members": [],
                    "spec_sha256": \
                "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
                  },
                  "seed": 0,
                  "evaluation": {},
                  "warnings": [],
                  "environment": {
                    "tool_version": "0",
                    "os": "o",
                    "cpu": "c",
                    "instruction_set": "i",
                    "threads": 1
                  },
                  "timing": {
                    "seconds": {},
                    "total_seconds": 0.0
                  }
                }
                """)
    }

    @Test func unknownMembersAreIgnored() throws {
        var json = try Sample.full().json
        json["from_the_future"] = [1, 2]
        json["training"]?["schedule"] = "cosine"
        #expect(try ResultsDocument(json: json) == Sample.full())
    }

    @Test func wholeNumbersServeAsNumbers() throws {
        var json = try Sample.full().json
        json["timing"]?["total_seconds"] = 3
        #expect(try ResultsDocument(json: json).timing.totalSeconds == 3)
    }

    @Test(
        arguments: [
            (["schema_version"], 2, "schema_version is 2, and only versions 1 to 1 are known"),
            (["schema_version"], 0, "schema_version is 0, and only versions 1 to 1 are known"),
            (["schema_version"], nil, "schema_version is missing"),
            (["schema_version"], "1", "schema_version must be an integer, found a string"),
            (
                ["status"], "done",
                "status must be 'completed' or 'failed' or 'interrupted', found 'done'"
            ),
            (["seed"], 1.5, "seed must be an integer, found a number"),
            (["seed"], .null, "seed is missing"),
            (["data"], [1], "data must be an object, found an array"),
            (
                ["data", "counts", "train"], 0.5,
                "data.counts.train must be an integer, found a number"
            ),
            (["experiment", "spec_sha256"], nil, "experiment.spec_sha256 is missing"),
            (
                ["experiment", "local_members"], ["a", "b..c"],
                "experiment.local_members[1] must be a path like a.b[0], found 'b..c'"
            ),
            (["warnings"], ["w", 3], "warnings[1] must be a string, found an integer"),
            (
                ["environment", "threads"], true,
                "environment.threads must be an integer, found a boolean"
            ),
            (["training", "epochs"], [:], "training.epochs must be an array, found an object"),
            (
                ["evaluation", "test", "metrics", "factorized_top_k/top_100"], "0.2",
                "evaluation.test.metrics[\"factorized_top_k/top_100\"] must be a number, found a string"
            ),
            (["timing", "total_seconds"], nil, "timing.total_seconds is missing"),
        ] as [([String], JSONValue?, String)])
    func wrongMembersAreNamed(path: [String], value: JSONValue?, message: String) throws {
        let json = setting(path[...], of: try Sample.full().json, to: value)
        #expect {
            try ResultsDocument(json: json)
        } throws: {
            ($0 as? ResultsDecodingError)?.description == message
        }
    }

    @Test func aWrongElementIsNamedByItsIndex() throws {
        var json = try Sample.full().json
        json["training"]?["epochs"] = [["epoch": 1]]
        #expect {
            try ResultsDocument(json: json)
        } throws: {
            ($0 as? ResultsDecodingError)?.description == "training.epochs[0].loss is missing"
        }
        #expect {
            try ResultsDocument(json: 5)
        } throws: {
            ($0 as? ResultsDecodingError)?.description
                == "(root) must be an object, found an integer"
        }
    }

    private func setting(
        _ path: ArraySlice<String>, of object: JSONValue, to value: JSONValue?
    ) -> JSONValue {
        guard let key = path.first else { return value ?? .null }
        var object = object
        let inner = object[key] ?? [:]
        object[key] = path.count == 1 ? value : setting(path.dropFirst(), of: inner, to: value)
        return object
    }
}
