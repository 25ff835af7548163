import Hashing

/// What was accepted: the values that later runs are compared with. A small file, to be committed
/// beside the specs.
public struct AcceptedResults: Hashable, Sendable {
    /// The version of the format that this library writes, and the newest that it reads. Since
    /// version 2 the file has a digest.
    public static let schemaVersion = 2

    /// The version of the tool that ran the experiments.
    public var toolVersion: String
    /// By name.
    public var experiments: [Experiment]

    public init(toolVersion: String, experiments: [Experiment]) {
        self.toolVersion = toolVersion
        self.experiments = experiments
    }

    /// One experiment: a single run, or the configurations of a sweep.
    public struct Experiment: Hashable, Sendable {
        public var name: String
        /// What the experiment was run with.
        public var configurations: [Configuration]

        public init(name: String, configurations: [Configuration]) {
            self.name = name
            self.configurations = configurations
        }
    }

    /// Runs that differ only by seed and fold.
    public struct Configuration: Hashable, Sendable {
        /// Empty for an experiment without a sweep.
        public var name: String
        /// The resolved spec of the first run.
        public var spec: JSONValue
        /// One for each seed and fold.
        public var runs: [Run]

        public init(name: String, spec: JSONValue, runs: [Run]) {
            self.name = name
            self.spec = spec
            self.runs = runs
        }
    }

    /// What one run found.
    public struct Run: Hashable, Sendable {
        /// The run's seed.
        public var seed: Int
        /// The fold that it tested on; nil without folds.
        public var fold: Int?
        /// What the results state.
        public var digest: String
        /// Over content and split.
        public var dataFingerprint: String
        /// Over the data's content alone.
        public var contentSHA256: String?
        /// The metrics by part of the data.
        public var metrics: OrderedMap<OrderedMap<Double>>
        /// What the metrics mean, by part of the data.
        public var definitions: OrderedMap<JSONValue>
        /// By part of the data; none where the runs did not record them.
        public var perQuery: OrderedMap<PerQueryValues>

        public init(
            seed: Int, fold: Int? = nil, digest: String, dataFingerprint: String,
            contentSHA256: String? = nil, metrics: OrderedMap<OrderedMap<Double>>,
            definitions: OrderedMap<JSONValue> = [:],
            perQuery: OrderedMap<PerQueryValues> = [:]
        ) {
            self.seed = seed
            self.fold = fold
            self.digest = digest
            self.dataFingerprint = dataFingerprint
            self.contentSHA256 = contentSHA256
            self.metrics = metrics
            self.definitions = definitions
            self.perQuery = perQuery
        }
    }
}

/// Metrics of the single test examples, in the order of the split: what a paired test works on.
public struct PerQueryValues: Hashable, Sendable {
    /// The query of each example, as a number that is the same for the same query.
    public var queries: [Int]
    /// A value for each example, by metric.
    public var metrics: OrderedMap<[Double]>

    public init(queries: [Int], metrics: OrderedMap<[Double]>) {
        self.queries = queries
        self.metrics = metrics
    }
}

// MARK: - JSON

extension AcceptedResults {
    /// The baseline as the file shows it. Intervals are there for readers; they follow from the
    /// runs and are not read back.
    ///
    /// - Throws: ``JSONEncodingError`` if it holds a NaN or an infinity.
    public func json() throws(JSONEncodingError) -> JSONValue {
        var json = JSONValue.record([
            ("schema_version", .integer(Self.schemaVersion)),
            ("kind", "baseline"),
            ("tool_version", .string(toolVersion)),
            ("experiments", .array(experiments.map(\.json))),
        ])
        json["digest"] = .string(try Self.digest(of: json))
        return json
    }

    /// SHA-256 over the canonical text of a file's JSON without its digest.
    static func digest(of json: JSONValue) throws(JSONEncodingError) -> String {
        SHA256.hexadecimal(of: try json.removing(["digest"]).jsonText(.canonical))
    }

    /// Whether a file is of the first version, which had no digest.
    public static func predatesDigests(_ json: JSONValue) -> Bool {
        json["digest"] == nil && json["schema_version"] == 1
    }

    /// Why the content of a file cannot be believed; nil where it agrees with its digest.
    public static func objection(to json: JSONValue) -> String? {
        guard let stated = json["digest"]?.stringValue else {
            return predatesDigests(json)
                ? "the baseline is of an older version and has no digest that vouches for it; "
                    + "tfrs-run accept renews it"
                : "the baseline has no digest"
        }
        return (try? digest(of: json)) == stated
            ? nil : "the baseline was changed after it was accepted: its digest does not fit"
    }

    public init(json: JSONValue) throws(ResultsDecodingError) {
        let root = JSONNode(json)
        try root.require(kind: "baseline", version: Self.schemaVersion)
        toolVersion = try root.required("tool_version").string()
        experiments = try root.required("experiments").list(Experiment.init)
    }
}

extension AcceptedResults.Experiment {
    fileprivate var json: JSONValue {
        ["name": .string(name), "configurations": .array(configurations.map(\.json))]
    }

    fileprivate init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").string()
        configurations = try node.required("configurations").list(
            AcceptedResults.Configuration.init)
    }
}

extension AcceptedResults.Configuration {
    /// Mean, standard deviation and count of each metric over the runs.
    public var summaries: OrderedMap<OrderedMap<MetricSummary>> {
        MetricSummary.byPart(runs.map(\.metrics))
    }

    fileprivate var json: JSONValue {
        [
            "name": .string(name),
            "metrics": .object(summaries.mapValues { .object($0.mapValues(\.jsonWithInterval)) }),
            "spec": spec,
            "runs": .array(runs.map(\.json)),
        ]
    }

    fileprivate init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").string()
        spec = try node.required("spec").value
        runs = try node.required("runs").list(AcceptedResults.Run.init)
    }
}

extension MetricSummary {
    /// Summaries of metrics by part and name, over runs; a metric that a run lacks counts for the
    /// others.
    public static func byPart(
        _ runs: [OrderedMap<OrderedMap<Double>>]
    ) -> OrderedMap<OrderedMap<MetricSummary>> {
        var values: OrderedMap<OrderedMap<[Double]>> = [:]
        for run in runs {
            for part in run {
                var metrics = values[part.key] ?? [:]
                for metric in part.value {
                    metrics[metric.key] = (metrics[metric.key] ?? []) + [metric.value]
                }
                values[part.key] = metrics
            }
        }
        return values.mapValues { $0.mapValues { MetricSummary($0) } }
    }

    /// The 95% interval of the mean over runs; nil for one run.
    public var interval: ClosedRange<Double>? {
        guard let standardDeviation, standardDeviation.isFinite, mean.isFinite else { return nil }
        let half =
            StudentT.quantile(0.975, degreesOfFreedom: Double(count - 1)) * standardDeviation
            / Double(count).squareRoot()
        guard half.isFinite, (mean - half).isFinite, (mean + half).isFinite else { return nil }
        return (mean - half)...(mean + half)
    }

    fileprivate var jsonWithInterval: JSONValue {
        guard var members = json.objectValue else { return json }
        if let interval {
            members["interval_95"] = [
                .number(interval.lowerBound), .number(interval.upperBound),
            ]
        }
        return .object(members)
    }
}

extension AcceptedResults.Run {
    fileprivate var json: JSONValue {
        .record([
            ("seed", .integer(seed)),
            ("fold", fold.map(JSONValue.integer)),
            ("digest", .string(digest)),
            ("data_fingerprint", .string(dataFingerprint)),
            ("content_sha256", contentSHA256.map(JSONValue.string)),
            ("metrics", .object(metrics.mapValues { .object($0.mapValues(JSONValue.number)) })),
            ("definitions", .object(definitions)),
            ("per_query", perQuery.isEmpty ? nil : .object(perQuery.mapValues(\.json))),
        ])
    }

    fileprivate init(_ node: JSONNode) throws(ResultsDecodingError) {
        seed = try node.required("seed").integer()
        fold = try node.optional("fold")?.integer()
        digest = try node.required("digest").string()
        dataFingerprint = try node.required("data_fingerprint").string()
        contentSHA256 = try node.optional("content_sha256")?.string()
        metrics = try node.required("metrics").map { part throws(ResultsDecodingError) in
            try part.doubles()
        }
        definitions = try node.required("definitions").map { $0.value }
        perQuery =
            try node.optional("per_query") { parts throws(ResultsDecodingError) in
                try parts.map(PerQueryValues.init)
            } ?? [:]
    }
}

extension PerQueryValues {
    /// Whole numbers are written as such: a hit is 1, and a baseline is committed.
    var json: JSONValue {
        [
            "queries": .array(queries.map(JSONValue.integer)),
            "metrics": .object(
                metrics.mapValues { values in
                    .array(
                        values.map { value in
                            Int(exactly: value).map(JSONValue.integer) ?? .number(value)
                        })
                }),
        ]
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        let queriesNode = try node.required("queries")
        let queries = try queriesNode.list { element throws(ResultsDecodingError) in
            try element.integer()
        }
        self.queries = queries
        metrics = try node.required("metrics").map { member throws(ResultsDecodingError) in
            let values = try member.numbers()
            guard values.count == queries.count else {
                throw member.error(
                    .invalid(
                        expected: "\(queries.count) numbers, one for each query",
                        found: "\(values.count)"))
            }
            return values
        }
    }
}
