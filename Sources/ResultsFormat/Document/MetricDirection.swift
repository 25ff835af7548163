/// Which way a metric is better.
public enum MetricDirection: String, Hashable, Sendable, CaseIterable {
    /// Larger is better.
    case maximize
    /// Smaller is better.
    case minimize

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        self = try node.choice(MetricDirection.self)
    }
}
