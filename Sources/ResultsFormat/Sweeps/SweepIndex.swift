/// What a sweep found: one entry for each trial, and what they come to together.
///
/// The index stands above the trials' results files and names them by paths below its folder, so
/// that the folder can be moved; an index that leads elsewhere is none.
public struct SweepIndex: Hashable, Sendable {
    /// The version of the format that this library writes, and the newest that it reads.
    public static let schemaVersion = 1
    /// The index's file name in its folder.
    public static let fileName = "sweep.json"

    /// The experiment's name.
    public var name: String
    /// The spec as the command line named it.
    public var specPath: String?
    /// Which part of the sweep this is: `2/4`; nil for a whole one.
    public var shard: String?
    /// SHA-256 of the executable that ran the trials: another one's are not taken over.
    public var programSHA256: String?
    /// What trials are ranked by.
    public var objective: SweepObjective?
    /// Every trial of the sweep or of its shard, by name.
    public var trials: [TrialEntry]
    /// The configurations, best first; those without a value of the objective come last.
    public var configurations: [ConfigurationEntry]
    /// What the figures of the trials are, by name.
    public var figures: OrderedMap<FigureRecord>

    public init(
        name: String, specPath: String? = nil, shard: String? = nil,
        programSHA256: String? = nil, objective: SweepObjective? = nil, trials: [TrialEntry],
        configurations: [ConfigurationEntry] = [], figures: OrderedMap<FigureRecord> = [:]
    ) {
        self.name = name
        self.specPath = specPath
        self.shard = shard
        self.programSHA256 = programSHA256
        self.objective = objective
        self.trials = trials
        self.configurations = configurations
        self.figures = figures
    }

    /// The completed trial with the best value of the objective; of equals the first by name.
    public var best: TrialEntry? {
        guard let objective else { return nil }
        var best: (trial: TrialEntry, value: Double)?
        for trial in trials where trial.status == .completed && trial.isFinal {
            guard let value = trial.value(of: objective) else { continue }
            if best.map({ objective.prefers(value, to: $0.value) }) ?? true {
                best = (trial, value)
            }
        }
        return best?.trial
    }

    /// SHA-256 over the trials' names and digests: equal for sweeps that found the same.
    public var digest: String {
        var fingerprint = Fingerprint("tfrs-run/sweep/1")
        for trial in trials {
            fingerprint.combine(trial.name)
            fingerprint.combine(trial.status.rawValue)
            fingerprint.combine(trial.digest ?? "")
        }
        return fingerprint.hexadecimal()
    }
}

extension SweepIndex {
    /// The index as the file shows it.
    public var json: JSONValue {
        let failed = trials.filter { $0.status == .failed || $0.status == .killed }
        return .record([
            ("schema_version", .integer(Self.schemaVersion)),
            ("kind", "sweep"),
            ("name", .string(name)),
            ("spec_path", specPath.map(JSONValue.string)),
            ("shard", shard.map(JSONValue.string)),
            ("program_sha256", programSHA256.map(JSONValue.string)),
            ("objective", objective?.json),
            ("best", best.map { .string($0.name) }),
            (
                "failed",
                .array(
                    failed.map { trial in
                        .record([
                            ("name", .string(trial.name)), ("reason", .string(trial.reason ?? "")),
                        ])
                    })
            ),
            ("configurations", .array(configurations.map(\.json))),
            ("trials", .array(trials.map(\.json))),
            ("figures", figures.isEmpty ? nil : .object(figures.mapValues(\.json))),
            ("digest", .string(digest)),
        ])
    }

    /// Reads an index. What follows from the trials, such as the best one, is not read but
    /// computed.
    public init(json: JSONValue) throws(ResultsDecodingError) {
        let root = JSONNode(json)
        try root.require(kind: "sweep", version: Self.schemaVersion)
        name = try root.required("name").string()
        specPath = try root.optional("spec_path")?.string()
        shard = try root.optional("shard")?.string()
        programSHA256 = try root.optional("program_sha256")?.string()
        objective = try root.optional("objective", SweepObjective.init)
        trials = try root.required("trials").list(TrialEntry.init)
        configurations = try root.required("configurations").list(ConfigurationEntry.init)
        figures =
            try root.optional("figures")?.map { node throws(ResultsDecodingError) in
                FigureRecord(json: node.value)
            } ?? [:]
    }
}
