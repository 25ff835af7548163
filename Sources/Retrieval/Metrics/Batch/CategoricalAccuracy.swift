/// The weighted share of rows whose first largest score is the positive's:
/// `tf.keras.metrics.CategoricalAccuracy`, `argmax(y) = argmax(z)`.
///
/// Unlike ``TopKCategoricalAccuracy`` with k = 1, a tie is a hit only where the positive comes
/// first. A row without a positive is measured as if column 0 were it.
public struct CategoricalAccuracy: RowMeanMetric {
    public var name: String

    public var figure: FigureDescription {
        .share("share of rows whose first largest score is the positive's")
    }

    public init(name: String = "categorical_accuracy") {
        self.name = name
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        let best = logits.withUnsafeBufferPointer { Kernels.argmax($0.baseAddress, $0.count) }
        return best == labels.target ? 1 : 0
    }
}

extension CategoricalAccuracy: CatalogComponent {
    static let nameField = MetricName.field(default: "categorical_accuracy")

    public static let entry = ComponentEntry<any BatchMetric>(
        "categorical_accuracy",
        summary: "Share of examples whose positive scores highest in the batch, ties by column.",
        source: "tf.keras.metrics.CategoricalAccuracy", fields: [nameField.description]
    ) { values in
        CategoricalAccuracy(name: values[nameField])
    }
}
