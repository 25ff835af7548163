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
