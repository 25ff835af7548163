/// What may not get worse, and by how much: the `gate:` of a spec, as the results record it.
public struct GateRules: Hashable, Sendable {
    /// The share of checks that may fail although nothing got worse, over all metrics together.
    public var significance: Double
    /// The part of the data that counts: `test` or `validation`.
    public var part: String
    /// Nil: every metric that says which way it is better.
    public var metrics: [MetricRule]?
    /// How many times slower than a reference run of the same job; nil: not gated.
    public var timeRatio: Double?
    /// The same for the peak of memory.
    public var memoryRatio: Double?

    public init(
        significance: Double = 0.01, part: String = "test", metrics: [MetricRule]? = nil,
        timeRatio: Double? = nil, memoryRatio: Double? = nil
    ) {
        self.significance = significance
        self.part = part
        self.metrics = metrics
        self.timeRatio = timeRatio
        self.memoryRatio = memoryRatio
    }

    /// The rules of a results document's spec; the defaults where it has none.
    public init(spec: JSONValue) throws(ResultsDecodingError) {
        self.init()
        guard let node = try JSONNode(spec, at: ["experiment", "spec"]).optional("gate") else {
            return
        }
        significance = try node.optional("significance")?.double() ?? significance
        part = try node.optional("on")?.string() ?? part
        metrics = try node.optional("metrics") { list throws(ResultsDecodingError) in
            try list.list(MetricRule.init)
        }
        timeRatio = try node.optional("time_ratio")?.double()
        memoryRatio = try node.optional("memory_ratio")?.double()
    }
}

/// The rule for one metric.
public struct MetricRule: Hashable, Sendable {
    /// As in the results: `factorized_top_k/top_10_categorical_accuracy`, or `loss`.
    public var name: String
    /// Nil: as the metric says.
    public var direction: MetricDirection?
    /// The metric may get worse by this, or by the share of the baseline's value that
    /// ``relativeTolerance`` says: by the larger of the two. Of a baseline of 0 every share is 0.
    public var absoluteTolerance: Double
    /// By what share of the accepted figure a figure may be worse; at least 0.
    public var relativeTolerance: Double
    /// A mean below it fails, whatever the baseline.
    public var floor: Double?
    /// A mean above it fails, whatever the baseline.
    public var ceiling: Double?
    /// Whether results without the metric cannot be compared, rather than pass without it.
    public var isRequired: Bool

    public init(
        name: String, direction: MetricDirection? = nil, absoluteTolerance: Double = 0,
        relativeTolerance: Double = MetricRule.defaultRelativeTolerance, floor: Double? = nil,
        ceiling: Double? = nil, isRequired: Bool = true
    ) {
        self.name = name
        self.direction = direction
        self.absoluteTolerance = absoluteTolerance
        self.relativeTolerance = relativeTolerance
        self.floor = floor
        self.ceiling = ceiling
        self.isRequired = isRequired
    }

    /// What rules that say nothing allow: 1%.
    public static let defaultRelativeTolerance = 0.01

    /// How much worse than a baseline the metric may be.
    public func allowance(for baseline: Double) -> Double {
        max(absoluteTolerance, relativeTolerance * abs(baseline))
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").string()
        direction = try node.optional("direction", MetricDirection.init)
        absoluteTolerance = try node.optional("absolute_tolerance")?.double() ?? 0
        relativeTolerance =
            try node.optional("relative_tolerance")?.double() ?? Self.defaultRelativeTolerance
        floor = try node.optional("floor")?.double()
        ceiling = try node.optional("ceiling")?.double()
        isRequired = try node.optional("required")?.boolean() ?? true
    }
}
