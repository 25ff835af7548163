/// The weighted share of true positives among what is called positive:
/// `tf.keras.metrics.Precision`, `TP / (TP + FP)`.
///
/// With `topK`, the k best scores of each row are called positive (of equal scores the lower
/// column), unless they are masked; a row narrower than k is an error. Otherwise scores strictly
/// above a threshold are, 0.5 by default, whatever range the scores have.
public struct Precision: BatchMetric {
    /// Nil: 0.5, or no threshold with ``topK``.
    public var thresholds: [Float]?
    public var topK: Int?
    public var name: String

    public var requiredColumns: Int { topK ?? 0 }

    /// - Parameter name: nil: `precision`, or `precision_top_3` for topK = 3.
    public init(thresholds: [Float]? = nil, topK: Int? = nil, name: String? = nil) {
        self.thresholds = thresholds
        self.topK = topK
        self.name = name ?? topK.map { "precision_top_\($0)" } ?? "precision"
    }

    private var levels: ConfusionThresholds { ConfusionThresholds(thresholds, topK: topK) }

    public func makeAccumulator() -> ConfusionCounts {
        ConfusionCounts(thresholds: levels.values.count)
    }

    public func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float,
        into counts: inout ConfusionCounts
    ) {
        levels.measure(logits, labels: labels, weight: weight, into: &counts)
    }

    public func merge(_ other: ConfusionCounts, into counts: inout ConfusionCounts) {
        counts.merge(other)
    }

    public func summarize(_ counts: ConfusionCounts) -> [MetricValue] {
        levels.summarize(name: name) {
            Ratio.orZero(counts.truePositives[$0], counts.truePositives[$0] + counts.falsePositives[$0])
        }
    }
}

extension Precision: CatalogComponent {
    public static let entry = ComponentEntry<any BatchMetric>(
        "precision",
        summary: "Share of right ones among the pairs called positive.",
        source: "tf.keras.metrics.Precision",
        fields: [
            ConfusionThresholds.thresholdsField.description,
            ConfusionThresholds.topKField.description, MetricName.optionalField.description,
        ]
    ) { values in
        Precision(
            thresholds: values[ConfusionThresholds.thresholdsField].map { $0.map(Float.init) },
            topK: values[ConfusionThresholds.topKField],
            name: values[MetricName.optionalField])
    }
}
