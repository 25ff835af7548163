/// A batch metric that is the weighted mean of one figure per example: `tf.keras.metrics.Mean` of
/// a function of each row.
public protocol RowMeanMetric: BatchMetric where Accumulator == WeightedMean {
    /// What the results call the metric.
    var name: String { get }

    /// The figure of one example; nil leaves the example out of the mean.
    func value(of logits: Span<Float>, labels: RowLabels) -> Float?
}

extension RowMeanMetric {
    public func makeAccumulator() -> WeightedMean { WeightedMean() }

    public func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float, into mean: inout WeightedMean
    ) {
        guard let value = value(of: logits, labels: labels) else { return }
        mean.add(Double(value), weight: Double(weight))
    }

    public func merge(_ other: WeightedMean, into mean: inout WeightedMean) {
        mean.merge(other)
    }

    public func summarize(_ mean: WeightedMean) -> [MetricValue] {
        [MetricValue(name: name, value: mean.value)]
    }
}

/// A running weighted mean, Σ w·v / Σ w.
public struct WeightedMean: Hashable, Sendable {
    /// Σ w·v.
    public private(set) var total = 0.0
    /// Σ w.
    public private(set) var weight = 0.0

    public init() {}

    /// A weight of 0 does not hide a value that is infinite: the mean becomes NaN, as Keras's.
    public mutating func add(_ value: Double, weight: Double = 1) {
        total += value * weight
        self.weight += weight
    }

    public mutating func merge(_ other: WeightedMean) {
        total += other.total
        weight += other.weight
    }

    /// The mean; 0 where the weights sum to 0, as Keras has it.
    public var value: Double { weight == 0 ? 0 : total / weight }
}

extension WeightedMean: RestorableParts {
    public static var parts: [StatePart<WeightedMean>] {
        [StatePart("total", \.total), StatePart("weight", \.weight)]
    }
}
