import ResultsFormat
import Testing

@Suite struct DigestTests {
    /// A change to a document, and what it is called in a failing test.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (inout ResultsDocument) throws -> Void

        init(_ name: String, _ apply: @escaping @Sendable (inout ResultsDocument) throws -> Void) {
            testDescription = name
            self.apply = apply
        }
    }

    static func experiment(
        directory: String = "/somewhere", threads: Int = 2, rate: JSONValue = 0.1
    ) throws -> ExperimentRecord {
        try ExperimentRecord(
            name: "movielens",
            spec: [
                "name": "movielens",
                "data": ["source": "movielens", "directory": .string(directory)],
                "train": ["learning_rate": rate, "epochs": 2],
                "threads": .integer(threads),
            ],
            localMembers: [["data", "directory"], ["threads"]])
    }

    /// Computed by another program from the same content: compact JSON with sorted names, hashed.
    /// It may only change together with the version of the format.
    @Test func theDigestOfAFixedDocumentIsFixed() throws {
        let document = try Sample.full().sealed()
        #expect(
            document.digest == "6e692150e425beeb57c407e561f99fe391865618d102033acf337e59f4400e43")
        #expect(
            document.experiment.specSHA256
                == "e0bac049ca4e3dfcbe2842042de6766cb3298c4f41c765aacb633e9a4ae624d5")
    }

    static let harmless: [Change] = [
        Change("environment") {
            $0.environment = EnvironmentRecord(
                toolVersion: "9", os: "macOS", cpu: "another", instructionSet: "neon", threads: 8)
        },
        Change("timing") { $0.timing = TimingRecord(seconds: ["load": 9], totalSeconds: 99) },
        Change("notes on the data") { $0.data?.notes = [] },
        Change("peak memory") { $0.peakMemoryBytes = nil },
        Change("digest") { $0.digest = "stale" },
        Change("seconds of an epoch") { $0.training?.epochs[1].seconds = 77 },
        Change("speed of an epoch") { $0.training?.epochs[0].examplesPerSecond = 1 },
        Change("folder and threads") {
            $0.experiment = try DigestTests.experiment(directory: "/elsewhere", threads: 1)
        },
        Change("order of metrics") {
            let metrics = $0.evaluation["test"]?.metrics.sortedByKey() ?? [:]
            $0.evaluation["test"]?.metrics = metrics
        },
    ]

    @Test(arguments: harmless)
    func whatNeedNotRepeatLeavesTheDigestAlone(change: Change) throws {
        let original = try Sample.full()
        var document = original
        try change.apply(&document)
        #expect(document != original)
        #expect(try document.sealed().digest == original.sealed().digest)
        #expect(document.experiment.specSHA256 == original.experiment.specSHA256)
    }

    static let telling: [Change] = [
        Change("a metric's last bit") {
            let value = $0.evaluation["test"]?.metrics["a_later_one"]?.nextUp
            $0.evaluation["test"]?.metrics["a_later_one"] = value
        },
        Change("a metric's name") {
            let metrics = $0.evaluation["test"]?.metrics ?? [:]
            $0.evaluation["test"]?.metrics = OrderedMap(metrics.map { ($0.key + "x", $0.value) })
        },
        Change("status") { $0.status = .interrupted },
        Change("failure") { $0.failure = nil },
        Change("name") { $0.experiment.name = "other" },
        Change("learning rate") { $0.experiment = try DigestTests.experiment(rate: 0.2) },
        Change("seed") { $0.seed = 43 },
        Change("data") { $0.data?.fingerprint = "beef" },
        Change("stand-in") { $0.data?.standInFor = nil },
        Change("counts") { $0.data?.counts["train"] = 1 },
        Change("loss of an epoch") { $0.training?.epochs[0].loss = 1 },
        Change("number of epochs") { $0.training?.epochs.removeLast() },
        Change("engine") { $0.training?.engine = nil },
        Change("examples") { $0.evaluation["test"]?.examples = 1 },
        Change("definitions") { $0.evaluation["test"]?.definitions = nil },
        Change("split") { $0.evaluation["validation"] = $0.evaluation["test"] },
        Change("warnings") { $0.warnings = [] },
    ]

    @Test(arguments: telling)
    func whatMustRepeatChangesTheDigest(change: Change) throws {
        let original = try Sample.full()
        var document = original
        try change.apply(&document)
        #expect(try document.sealed().digest != original.sealed().digest)
    }

    @Test func theDigestCanBeTakenOfTheFileAlone() throws {
        let document = try Sample.full().sealed()
        let json = try JSONValue(parsing: document.json.jsonText())
        #expect(try ResultsDocument.digest(of: json) == document.digest)
        #expect(document.reproducibleContent() == ResultsDocument.reproducibleContent(of: json))
        // A member that this library does not know counts all the same.
        var extended = json
        extended["from_the_future"] = 1
        #expect(try ResultsDocument.digest(of: extended) != document.digest)
    }

    @Test func theReproducibleContentNamesNoFolderNorTime() throws {
        let text = try Sample.full().reproducibleContent().jsonText(.canonical)
        for word in ["somewhere", "seconds", "threads", "environment", "memory", "digest"] {
            #expect(!text.contains("\"\(word)") && !text.contains("/\(word)"), "\(word)")
        }
    }

    @Test func aDocumentWithoutTrainingHasADigest() throws {
        #expect(try Sample.minimal().sealed().digest?.utf8.count == 64)
        #expect(ResultsDocument.reproducibleContent(of: 5) == 5)
    }

    @Test func aNaNIsRefusedByName() throws {
        var document = try Sample.full()
        document.training?.epochs[1].loss = .nan
        #expect(
            throws: JSONEncodingError(path: ["training", "epochs", 1, "loss"], number: "nan")
        ) {
            try document.sealed()
        }
    }
}
