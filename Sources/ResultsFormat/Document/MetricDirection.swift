/// Which way a metric is better.
public enum MetricDirection: String, Hashable, Sendable, CaseIterable {
    case maximize
    case minimize

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        self = try node.choice(MetricDirection.self)
    }
}
