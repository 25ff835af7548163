/// The weighted share of rows whose positive is among the k best columns:
/// `tf.keras.metrics.TopKCategoricalAccuracy`.
///
/// A positive is among the k best when fewer than k columns score strictly higher, as TensorFlow's
/// `in_top_k` has it: ties are hits, a k beyond the row's width always hits, and a score that is
/// not finite, the positive's or one met before more than k higher ones, makes the row a miss. A
/// row without a positive is measured as if column 0 were it, because Keras takes the argmax of
/// its labels.
public struct TopKCategoricalAccuracy: RowMeanMetric {
    /// How many of the best columns count; at least 1.
    public var k: Int
    public var name: String

    public var figure: FigureDescription {
        .share("share of rows in which fewer than k columns score above the positive")
    }
    public var cutoffs: [Int] { [k] }
    public var supportsCounts: Bool { true }

    /// - Parameter name: nil: `top_5_categorical_accuracy` for k = 5.
    public init(k: Int = 5, name: String? = nil) {
        self.k = k
        self.name = name ?? "top_\(k)_categorical_accuracy"
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        guard labels.target < logits.count, logits[labels.target].isFinite else { return 0 }
        let score = logits[labels.target]
        var greater: Float = 0
        for column in logits.indices {
            guard logits[column].isFinite else { return 0 }
            guard logits[column] > score else { continue }
            greater += labels.counts.map { $0[column] } ?? 1
            if greater > Float(k) { return 0 }
        }
        return greater < Float(k) ? 1 : 0
    }
}

extension TopKCategoricalAccuracy: CatalogComponent {
    static let kField = Field<Int>(
        "k", default: 5, .atLeast(1), "How many of the best candidates count.")

    public static let entry = ComponentEntry<any BatchMetric>(
        "top_k_categorical_accuracy",
        summary: "Share of examples whose positive is among the k best of the batch.",
        source: "tf.keras.metrics.TopKCategoricalAccuracy",
        fields: [kField.description, MetricName.optionalField.description]
    ) { values in
        TopKCategoricalAccuracy(k: values[kField], name: values[MetricName.optionalField])
    }
}
