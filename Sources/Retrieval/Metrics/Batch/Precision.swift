/// The weighted share of true positives among what is called positive:
/// `tf.keras.metrics.Precision`, `TP / (TP + FP)`.
///
/// With `topK`, the k best scores of each row are called positive (of equal scores the lower
/// column), unless they are masked; a row narrower than k is an error. Otherwise scores strictly
/// above a threshold are, 0.5 by default, whatever range the scores have.
public struct Precision: ConfusionMetric {
    /// Nil: 0.5, or no threshold with ``topK``.
    public var thresholds: [Float]?
    public var topK: Int?
    public var name: String

    /// - Parameter name: nil: `precision`, or `precision_top_3` for topK = 3.
    public init(thresholds: [Float]? = nil, topK: Int? = nil, name: String? = nil) {
        self.thresholds = thresholds
        self.topK = topK
        self.name = name ?? topK.map { "precision_top_\($0)" } ?? "precision"
    }

    public var figure: FigureDescription { .share("true positives among what is called positive") }

    public func ratio(_ counts: ConfusionCounts, threshold: Int) -> Double {
        Ratio.orZero(
            counts.truePositives[threshold],
            counts.truePositives[threshold] + counts.falsePositives[threshold])
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
