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
