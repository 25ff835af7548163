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
