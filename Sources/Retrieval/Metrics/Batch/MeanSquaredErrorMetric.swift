/// The weighted mean over the rows of `mean over the columns of (z − y)²`:
/// `tf.keras.metrics.MeanSquaredError`.
///
/// A removed column's score of −3.4e36 squares to infinity, in 32 bits as in Keras.
public struct MeanSquaredErrorMetric: RowMeanMetric {
    public var name: String

    public var supportsCounts: Bool { true }

    public var figure: FigureDescription {
        FigureDescription(
            better: .lower, range: .from(0),
            definition: "mean over rows and columns of (score - label)^2")
    }

    public init(name: String = "mean_squared_error") {
        self.name = name
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        var sum: Float = 0
        for column in logits.indices {
            let logit = logits[column]
            let copies = labels.negatives(in: column)
            if copies > 0 { sum += copies * (logit * logit) }
            if column == labels.positive { sum += (logit - 1) * (logit - 1) }
        }
        return sum / labels.columnCount
    }
}

extension MeanSquaredErrorMetric: CatalogComponent {
    static let nameField = MetricName.field(default: "mean_squared_error")

    public static let entry = ComponentEntry<any BatchMetric>(
        "mean_squared_error",
        summary: "Mean squared difference of scores and labels.",
        source: "tf.keras.metrics.MeanSquaredError", fields: [nameField.description]
    ) { values in
        MeanSquaredErrorMetric(name: values[nameField])
    }
}
