/// What one run of an experiment found, as its results file says it.
///
/// The document knows nothing of training: it is a format, with a version of its own. In the file
/// members have snake_case names and the order in which they are declared here; optional members
/// that are `nil` are absent. A reader ignores members it does not know.
public struct ResultsDocument: Hashable, Sendable {
    /// The version of the format that this library writes, and the newest that it reads.
    public static let schemaVersion = 1

    /// How the run ended.
    public var status: RunStatus
    /// Why the run did not complete.
    public var failure: RunFailure?
    /// What was run.
    public var experiment: ExperimentRecord
    /// The seed of every random stream of the run.
    public var seed: Int
    /// The data the run saw; `nil` if it ended before it had any.
    public var data: DataRecord?
    /// What training went through; `nil` if it never began.
    public var training: TrainingRecord?
    /// The final metrics by name of the split: `test`, `validation`.
    public var evaluation: OrderedMap<EvaluationRecord>
    /// What the user should know, a sentence each. Part of the digest: no folders, no times.
    public var warnings: [String]
    /// Where the run took place.
    public var environment: EnvironmentRecord
    /// Where the time went.
    public var timing: TimingRecord
    /// The most memory the process held, in bytes.
    public var peakMemoryBytes: Int?
    /// What reports draw beside the figures; nil in results of versions that did not record it.
    public var profile: RunProfile?
    /// The model that the run has written, where it was asked to.
    public var model: ModelReference?
    /// The digest that the file states; ``sealed()`` sets it, any later change makes it stale.
    public var digest: String?

    /// A document; everything that a run may lack has a default.
    public init(
        status: RunStatus,
        failure: RunFailure? = nil,
        experiment: ExperimentRecord,
        seed: Int,
        data: DataRecord? = nil,
        training: TrainingRecord? = nil,
        evaluation: OrderedMap<EvaluationRecord> = [:],
        warnings: [String] = [],
        environment: EnvironmentRecord,
        timing: TimingRecord = TimingRecord(),
        peakMemoryBytes: Int? = nil,
        profile: RunProfile? = nil,
        model: ModelReference? = nil,
        digest: String? = nil
    ) {
        self.status = status
        self.failure = failure
        self.experiment = experiment
        self.seed = seed
        self.data = data
        self.training = training
        self.evaluation = evaluation
        self.warnings = warnings
        self.environment = environment
        self.timing = timing
        self.peakMemoryBytes = peakMemoryBytes
        self.profile = profile
        self.model = model
        self.digest = digest
    }
}

// MARK: - JSON

extension ResultsDocument {
    /// The document as the file shows it.
    public var json: JSONValue {
        .record([
            ("schema_version", .integer(Self.schemaVersion)),
            ("status", .string(status.rawValue)),
            ("failure", failure?.json),
            ("experiment", experiment.json),
            ("seed", .integer(seed)),
            ("data", data?.json),
            ("training", training?.json),
            ("evaluation", .object(evaluation.mapValues(\.json))),
            ("warnings", .array(warnings.map(JSONValue.string))),
            ("environment", environment.json),
            ("timing", timing.json),
            ("peak_memory_bytes", peakMemoryBytes.map(JSONValue.integer)),
            ("profile", profile?.json),
            ("model", model?.json),
            ("digest", digest.map(JSONValue.string)),
        ])
    }

    /// Reads a document.
    ///
    /// - Throws: ``ResultsDecodingError`` naming the first member that is missing or wrong.
    public init(json: JSONValue) throws(ResultsDecodingError) {
        let root = JSONNode(json)
        let versionNode = try root.required("schema_version")
        let version = try versionNode.integer()
        guard (1...Self.schemaVersion).contains(version) else {
            throw versionNode.error(.unknownVersion(version, known: Self.schemaVersion))
        }
        status = try RunStatus(root.required("status"))
        failure = try root.optional("failure", RunFailure.init)
        experiment = try ExperimentRecord(root.required("experiment"))
        seed = try root.required("seed").integer()
        data = try root.optional("data", DataRecord.init)
        training = try root.optional("training", TrainingRecord.init)
        evaluation = try root.required("evaluation").map(EvaluationRecord.init)
        warnings = try root.required("warnings").strings()
        environment = try EnvironmentRecord(root.required("environment"))
        timing = try TimingRecord(root.required("timing"))
        peakMemoryBytes = try root.optional("peak_memory_bytes")?.integer()
        profile = try root.optional("profile", RunProfile.init)
        model = try root.optional("model", ModelReference.init)
        digest = try root.optional("digest")?.string()
    }
}
