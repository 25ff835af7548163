/// The weighted share of the positives that are called positive:
/// `tf.keras.metrics.Recall`, `TP / (TP + FN)`.
///
/// With `topK`, the k best scores of each row are called positive (of equal scores the lower
/// column), unless they are masked; a row narrower than k is an error. Otherwise scores strictly
/// above a threshold are, 0.5 by default, whatever range the scores have.
public struct Recall: ConfusionMetric {
    /// Nil: 0.5, or no threshold with ``topK``.
    public var thresholds: [Float]?
    public var topK: Int?
    public var name: String

    /// - Parameter name: nil: `recall`, or `recall_top_3` for topK = 3.
    public init(thresholds: [Float]? = nil, topK: Int? = nil, name: String? = nil) {
        self.thresholds = thresholds
        self.topK = topK
        self.name = name ?? topK.map { "recall_top_\($0)" } ?? "recall"
    }

    public var figure: FigureDescription { .share("positives that are called positive") }

    public func ratio(_ counts: ConfusionCounts, threshold: Int) -> Double {
        Ratio.orZero(
            counts.truePositives[threshold], counts.positives)
    }
}

extension Recall: CatalogComponent {
    public static let entry = ComponentEntry<any BatchMetric>(
        "recall",
        summary: "Share of the positives that are called positive.",
        source: "tf.keras.metrics.Recall",
        fields: [
            ConfusionThresholds.thresholdsField.description,
            ConfusionThresholds.topKField.description, MetricName.optionalField.description,
        ]
    ) { values in
        Recall(
            thresholds: values[ConfusionThresholds.thresholdsField].map { $0.map(Float.init) },
            topK: values[ConfusionThresholds.topKField],
            name: values[MetricName.optionalField])
    }
}
