/// The metrics of one split, with the model that the run ended with.
public struct EvaluationRecord: Hashable, Sendable {
    /// Metrics by name, in the order in which they are declared. A metric that was not computed
    /// is absent, never 0.
    public var metrics: OrderedMap<Double>
    /// How many examples were evaluated.
    public var examples: Int
    /// The loss over the split, if it was computed.
    public var loss: Double?
    /// The penalties that regularizers put on the weights; nil where there are none.
    public var regularizationLoss: Double?
    /// The mean of the batches' losses with ``regularizationLoss``, `total_loss` of `tfrs.Model`;
    /// nil where there are no penalties.
    public var totalLoss: Double?
    /// The 95% interval of each metric that has one, by the metric's name.
    public var intervals: OrderedMap<ConfidenceInterval>
    /// The metrics of parts of the split, by the part's name.
    public var slices: OrderedMap<SliceRecord>
    /// What the model lists for its queries: whether it tells them apart at all.
    public var diagnosis: JSONValue?
    /// The metrics of rankings without training by the same protocol, by the ranking's name.
    /// Outside the digest: what the model is held against says nothing of it.
    public var baselines: OrderedMap<OrderedMap<Double>>
    /// SHA-256 of the file with the figures of single queries, where one was written.
    public var perQuerySHA256: String?
    /// What the metrics mean: ties, averaging, the candidates ranked against.
    public var definitions: JSONValue?

    public init(
        metrics: OrderedMap<Double>, examples: Int, loss: Double? = nil,
        regularizationLoss: Double? = nil, totalLoss: Double? = nil,
        intervals: OrderedMap<ConfidenceInterval> = [:], slices: OrderedMap<SliceRecord> = [:],
        diagnosis: JSONValue? = nil, baselines: OrderedMap<OrderedMap<Double>> = [:],
        perQuerySHA256: String? = nil,
        definitions: JSONValue? = nil
    ) {
        self.metrics = metrics
        self.examples = examples
        self.loss = loss
        self.regularizationLoss = regularizationLoss
        self.totalLoss = totalLoss
        self.intervals = intervals
        self.slices = slices
        self.diagnosis = diagnosis
        self.baselines = baselines
        self.perQuerySHA256 = perQuerySHA256
        self.definitions = definitions
    }

    var json: JSONValue {
        .record([
            ("metrics", .object(metrics.mapValues(JSONValue.number))),
            ("examples", .integer(examples)),
            ("loss", loss.map(JSONValue.number)),
            ("regularization_loss", regularizationLoss.map(JSONValue.number)),
            ("total_loss", totalLoss.map(JSONValue.number)),
            ("intervals", intervals.isEmpty ? nil : .object(intervals.mapValues(\.json))),
            ("slices", slices.isEmpty ? nil : .object(slices.mapValues(\.json))),
            ("diagnosis", diagnosis),
            (
                "baselines",
                baselines.isEmpty
                    ? nil
                    : .object(baselines.mapValues { .object($0.mapValues(JSONValue.number)) })
            ),
            ("per_query_sha256", perQuerySHA256.map(JSONValue.string)),
            ("definitions", definitions),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        metrics = try node.required("metrics").doubles()
        examples = try node.required("examples").integer()
        loss = try node.optional("loss")?.double()
        regularizationLoss = try node.optional("regularization_loss")?.double()
        totalLoss = try node.optional("total_loss")?.double()
        intervals = try node.optional("intervals")?.map(ConfidenceInterval.init) ?? [:]
        slices = try node.optional("slices")?.map(SliceRecord.init) ?? [:]
        diagnosis = try node.optional("diagnosis")?.value
        baselines =
            try node.optional("baselines")?.map { metrics throws(ResultsDecodingError) in
                try metrics.doubles()
            } ?? [:]
        perQuerySHA256 = try node.optional("per_query_sha256")?.string()
        definitions = try node.optional("definitions")?.value
    }
}

/// Where a metric lies, as `[lower, upper]` in a file.
public struct ConfidenceInterval: Hashable, Sendable {
    /// The 2.5% percentile.
    public var lower: Double
    /// The 97.5% percentile.
    public var upper: Double

    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    var json: JSONValue { [.number(lower), .number(upper)] }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        let bounds = try node.list { element throws(ResultsDecodingError) in
            try element.double()
        }
        guard bounds.count == 2 else {
            throw node.error(
                .invalid(expected: "two numbers", found: "\(bounds.count) of them"))
        }
        self.init(lower: bounds[0], upper: bounds[1])
    }
}

/// The metrics of a part of a split.
public struct SliceRecord: Hashable, Sendable {
    /// How many examples the part has.
    public var examples: Int
    /// Metrics by name; empty for a part without examples.
    public var metrics: OrderedMap<Double>

    public init(examples: Int, metrics: OrderedMap<Double>) {
        self.examples = examples
        self.metrics = metrics
    }

    var json: JSONValue {
        [
            "examples": .integer(examples),
            "metrics": .object(metrics.mapValues(JSONValue.number)),
        ]
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        examples = try node.required("examples").integer()
        metrics = try node.required("metrics").doubles()
    }
}
