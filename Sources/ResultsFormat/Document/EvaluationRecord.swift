/// The metrics of one split, with the model that the run ended with.
public struct EvaluationRecord: Hashable, Sendable {
    /// Metrics by name, in the order in which they are declared. A metric that was not computed
    /// is absent, never 0.
    public var metrics: OrderedMap<Double>
    /// How many examples were evaluated.
    public var examples: Int
    /// The loss over the split, if it was computed.
    public var loss: Double?
    /// What the metrics mean: ties, averaging, the candidates ranked against.
    public var definitions: JSONValue?

    public init(
        metrics: OrderedMap<Double>, examples: Int, loss: Double? = nil,
        definitions: JSONValue? = nil
    ) {
        self.metrics = metrics
        self.examples = examples
        self.loss = loss
        self.definitions = definitions
    }

    var json: JSONValue {
        .record([
            ("metrics", .object(metrics.mapValues(JSONValue.number))),
            ("examples", .integer(examples)),
            ("loss", loss.map(JSONValue.number)),
            ("definitions", definitions),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        metrics = try node.required("metrics").doubles()
        examples = try node.required("examples").integer()
        loss = try node.optional("loss")?.double()
        definitions = try node.optional("definitions")?.value
    }
}
