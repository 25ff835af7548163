/// The weighted share of pairs that a threshold classifies rightly:
/// `tf.keras.metrics.BinaryAccuracy`, the mean over all elements of `(z > threshold) = y`.
///
/// The mean is over elements, so batches with more columns weigh more.
public struct BinaryAccuracy: BatchMetric {
    /// A score strictly above it calls the pair a positive.
    public var threshold: Float
    public var name: String

    public var figure: FigureDescription {
        .share("share of the pairs that the threshold \(threshold) classifies rightly")
    }
    public var supportsCounts: Bool { true }

    public init(threshold: Float = 0.5, name: String = "binary_accuracy") {
        self.threshold = threshold
        self.name = name
    }

    public func makeAccumulator() -> WeightedMean { WeightedMean() }

    public func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float, into mean: inout WeightedMean
    ) {
        guard !logits.isEmpty else { return }
        var matches: Float = 0
        for column in logits.indices {
            let isAbove = logits[column] > threshold
            if !isAbove { matches += labels.negatives(in: column) }
            if isAbove && column == labels.positive { matches += 1 }
        }
        let columns = Double(labels.columnCount)
        mean.add(Double(matches) / columns, weight: Double(weight) * columns)
    }

    public func merge(_ other: WeightedMean, into mean: inout WeightedMean) {
        mean.merge(other)
    }

    public func summarize(_ mean: WeightedMean) -> [MetricValue] {
        [MetricValue(name: name, value: mean.value)]
    }
}

extension BinaryAccuracy: CatalogComponent {
    static let thresholdField = Field<Double>(
        "threshold", default: 0.5, "A score strictly above it calls the pair a positive.")
    static let nameField = MetricName.field(default: "binary_accuracy")

    public static let entry = ComponentEntry<any BatchMetric>(
        "binary_accuracy",
        summary: "Share of query-candidate pairs on the right side of a threshold.",
        source: "tf.keras.metrics.BinaryAccuracy",
        fields: [thresholdField.description, nameField.description]
    ) { values in
        BinaryAccuracy(
            threshold: Float(values[thresholdField]), name: values[nameField])
    }
}
