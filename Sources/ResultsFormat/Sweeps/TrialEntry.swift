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
