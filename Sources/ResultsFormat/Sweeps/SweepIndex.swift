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

/// What the trials of a sweep are ranked by.
public struct SweepObjective: Hashable, Sendable {
    /// A metric by its name in the results; `loss` for the mean loss per example.
    public var metric: String
    /// Which way the figure is better.
    public var direction: MetricDirection
    /// The part of the data: `test` or `validation`.
    public var part: String

    public init(metric: String, direction: MetricDirection, part: String) {
        self.metric = metric
        self.direction = direction
        self.part = part
    }

    /// Whether a value is strictly better than another.
    public func prefers(_ value: Double, to other: Double) -> Bool {
        direction == .maximize ? value > other : value < other
    }

    var json: JSONValue {
        .record([
            ("metric", .string(metric)), ("direction", .string(direction.rawValue)),
            ("on", .string(part)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        metric = try node.required("metric").string()
        direction = try MetricDirection(node.required("direction"))
        part = try node.required("on").string()
    }
}

/// How a trial stands.
public enum TrialStatus: String, Hashable, Sendable, CaseIterable {
    /// Trained and evaluated.
    case completed
    /// The run ended by an error: it diverged, or its spec and data do not fit.
    case failed
    /// A signal that the run did not catch ended its process.
    case killed
    /// The run was told to stop; it will be run again.
    case interrupted
    /// Not run yet.
    case pending
}

/// One trial of a sweep.
public struct TrialEntry: Hashable, Sendable {
    /// Unique within the sweep: `learning_rate=0.1,seed=2`.
    public var name: String
    /// The name without seed and fold: trials that share it are repetitions.
    public var configuration: String
    /// What the trial says beyond the base, by path into the spec.
    public var settings: OrderedMap<JSONValue>
    /// The trial's seed; nil: the spec's.
    public var seed: Int?
    /// The trial's fold; nil: the spec's.
    public var fold: Int?
    /// The epochs that successive halving gave the trial; nil without it.
    public var rungEpochs: Int?
    /// Whether the trial went the whole length; false for one that halving ended early.
    public var isFinal: Bool
    /// How the trial ended.
    public var status: TrialStatus
    /// Why the trial did not complete.
    public var reason: String?
    /// The results file, relative to the index's folder.
    public var results: String?
    /// SHA-256 of the trial's resolved spec.
    public var specSHA256: String
    /// Over content and split; nil where it did not get so far.
    public var dataFingerprint: String?
    /// SHA-256 of what was read, whatever was left out of it and however it was split: the same
    /// for all trials on the same source.
    public var contentSHA256: String?
    /// What its results state; nil where it did not complete.
    public var digest: String?
    /// The metrics by part of the data.
    public var metrics: OrderedMap<OrderedMap<Double>>

    public init(
        name: String, configuration: String, settings: OrderedMap<JSONValue> = [:],
        seed: Int? = nil, fold: Int? = nil, rungEpochs: Int? = nil, isFinal: Bool = true,
        status: TrialStatus = .pending, reason: String? = nil, results: String? = nil,
        specSHA256: String, dataFingerprint: String? = nil, contentSHA256: String? = nil,
        digest: String? = nil, metrics: OrderedMap<OrderedMap<Double>> = [:]
    ) {
        self.name = name
        self.configuration = configuration
        self.settings = settings
        self.seed = seed
        self.fold = fold
        self.rungEpochs = rungEpochs
        self.isFinal = isFinal
        self.status = status
        self.reason = reason
        self.results = results
        self.specSHA256 = specSHA256
        self.dataFingerprint = dataFingerprint
        self.contentSHA256 = contentSHA256
        self.digest = digest
        self.metrics = metrics
    }

    /// The trial's value of an objective.
    public func value(of objective: SweepObjective) -> Double? {
        metrics[objective.part]?[objective.metric]
    }

    /// What of the data a trial sets itself: trials that share it read the same files.
    public var dataSettings: JSONValue {
        .object(
            OrderedMap(
                settings.filter { setting in
                    setting.key.hasPrefix("data.") && !setting.key.hasPrefix("data.split")
                        && !setting.key.hasPrefix("data.filters")
                }.map { ($0.key, $0.value) }))
    }

    var json: JSONValue {
        .record([
            ("name", .string(name)),
            ("configuration", .string(configuration)),
            ("settings", .object(settings)),
            ("seed", seed.map(JSONValue.integer)),
            ("fold", fold.map(JSONValue.integer)),
            ("rung_epochs", rungEpochs.map(JSONValue.integer)),
            ("final", .bool(isFinal)),
            ("status", .string(status.rawValue)),
            ("reason", reason.map(JSONValue.string)),
            ("results", results.map(JSONValue.string)),
            ("spec_sha256", .string(specSHA256)),
            ("data_fingerprint", dataFingerprint.map(JSONValue.string)),
            ("data_content_sha256", contentSHA256.map(JSONValue.string)),
            ("digest", digest.map(JSONValue.string)),
            ("metrics", .object(metrics.mapValues { .object($0.mapValues(JSONValue.number)) })),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").fileName()
        configuration = try node.required("configuration").string()
        settings = try node.required("settings").map { $0.value }
        seed = try node.optional("seed")?.integer()
        fold = try node.optional("fold")?.integer()
        rungEpochs = try node.optional("rung_epochs")?.integer()
        isFinal = try node.required("final").boolean()
        status = try node.required("status").choice(TrialStatus.self)
        reason = try node.optional("reason")?.string()
        results = try node.optional("results")?.pathBelow()
        specSHA256 = try node.required("spec_sha256").string()
        dataFingerprint = try node.optional("data_fingerprint")?.string()
        contentSHA256 = try node.optional("data_content_sha256")?.string()
        digest = try node.optional("digest")?.string()
        metrics = try node.required("metrics").map { part throws(ResultsDecodingError) in
            try part.doubles()
        }
    }
}

extension JSONNode {
    /// A name that becomes a file's.
    fileprivate func fileName() throws(ResultsDecodingError) -> String {
        let name = try string()
        guard !name.isEmpty, !name.hasPrefix("."),
            !name.utf8.contains(where: { [0, 47].contains($0) })
        else { throw error(.invalid(expected: "a name that a file can have", found: "'\(name)'")) }
        return name
    }

    /// A path that leads nowhere but down: an index may come from anybody.
    fileprivate func pathBelow() throws(ResultsDecodingError) -> String {
        let path = try string()
        let steps = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.utf8.contains(0), !steps.contains(".."), steps.first != "" else {
            throw error(
                .invalid(
                    expected: "a path below the index's folder ('tfrs-run collect' joins folders)",
                    found: "'\(path)'"))
        }
        return path
    }
}

/// The trials of one configuration together.
public struct ConfigurationEntry: Hashable, Sendable {
    public var name: String
    /// What the trials of the group have in common, by path.
    public var settings: OrderedMap<JSONValue>
    /// From 1, the best; nil without a value of the objective.
    public var rank: Int?
    /// Trials of the configuration, and how many of them completed.
    public var trials: Int
    /// Trials that completed.
    public var completed: Int
    /// By part of the data and metric, over the completed trials.
    public var metrics: OrderedMap<OrderedMap<MetricSummary>>

    public init(
        name: String, settings: OrderedMap<JSONValue>, rank: Int? = nil, trials: Int,
        completed: Int, metrics: OrderedMap<OrderedMap<MetricSummary>>
    ) {
        self.name = name
        self.settings = settings
        self.rank = rank
        self.trials = trials
        self.completed = completed
        self.metrics = metrics
    }

    var json: JSONValue {
        .record([
            ("name", .string(name)),
            ("settings", .object(settings)),
            ("rank", rank.map(JSONValue.integer)),
            ("trials", .integer(trials)),
            ("completed", .integer(completed)),
            ("metrics", .object(metrics.mapValues { .object($0.mapValues(\.json)) })),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").string()
        settings = try node.required("settings").map { $0.value }
        rank = try node.optional("rank")?.integer()
        trials = try node.required("trials").integer()
        completed = try node.required("completed").integer()
        metrics = try node.required("metrics").map { part throws(ResultsDecodingError) in
            try part.map(MetricSummary.init)
        }
    }
}

/// A metric over repetitions.
public struct MetricSummary: Hashable, Sendable {
    /// The mean over seeds and folds.
    public var mean: Double
    /// With n - 1 in the denominator; nil for a single value, or too large for a number.
    public var standardDeviation: Double?
    public var count: Int

    /// The summary of at least one value.
    public init(_ values: [Double]) {
        precondition(!values.isEmpty, "a summary needs a value")
        count = values.count
        let sum = values.reduce(0, +)
        // Values near the largest number add up beyond it.
        let mean =
            sum.isFinite
            ? sum / Double(values.count) : values.reduce(0) { $0 + $1 / Double(values.count) }
        self.mean = mean
        guard values.count > 1 else { return }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(values.count - 1)).squareRoot()
        standardDeviation = deviation.isFinite ? deviation : nil
    }

    var json: JSONValue {
        .record([
            ("mean", .number(mean)),
            ("standard_deviation", standardDeviation.map(JSONValue.number)),
            ("count", .integer(count)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        mean = try node.required("mean").double()
        standardDeviation = try node.optional("standard_deviation")?.double()
        count = try node.required("count").integer()
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
