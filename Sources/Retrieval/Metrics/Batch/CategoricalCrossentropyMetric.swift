import CKernels

/// The weighted mean of the rows' softmax cross-entropy:
/// `tf.keras.metrics.CategoricalCrossentropy`.
///
/// `−Σⱼ y'ⱼ · log pⱼ` with `y' = y·(1 − s) + s / C`; p is `softmax(z)` from logits, else
/// `clip(z / Σ z, 1e-7, 1 − 1e-7)`. A row without a positive is 0 unless labels are smoothed.
public struct CategoricalCrossentropyMetric: RowMeanMetric {
    /// Whether the scores are logits; Keras's own default is that they are probabilities.
    public var fromLogits: Bool
    /// The share of each label that is spread evenly over the columns, in [0, 1].
    public var labelSmoothing: Float
    public var name: String

    public var supportsCounts: Bool { true }

    public init(
        fromLogits: Bool = true, labelSmoothing: Float = 0,
        name: String = "categorical_crossentropy"
    ) {
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
        self.name = name
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        guard !logits.isEmpty else { return 0 }
        let negativeLog =
            fromLogits ? softmaxTerm(logits, labels) : probabilityTerm(logits, labels)
        var loss = labels.positive.map { (1 - labelSmoothing) * negativeLog($0) } ?? 0
        guard labelSmoothing > 0 else { return loss }
        let share = labelSmoothing / labels.columnCount
        for column in 0..<logits.count {
            loss += share * labels.copies(of: column) * negativeLog(column)
        }
        return loss
    }

    /// `−log softmax(z)ⱼ = log Σ exp(z − max) − (zⱼ − max)`.
    private func softmaxTerm(_ logits: Span<Float>, _ labels: RowLabels) -> (Int) -> Float {
        let row = logits.withUnsafeBufferPointer { Array($0) }
        let maximum = tk_max(row, row.count)
        let sum = row.indices.reduce(0.0) {
            $0 + Double(labels.copies(of: $1)) * Double(tk_exp1(row[$1] - maximum))
        }
        let logSum = tk_log1(Float(sum))
        return { logSum - (row[$0] - maximum) }
    }

    private func probabilityTerm(_ probabilities: Span<Float>, _ labels: RowLabels)
        -> (Int) -> Float
    {
        let row = probabilities.withUnsafeBufferPointer { Array($0) }
        let sum = Float(
            row.indices.reduce(0.0) {
                $0 + Double(labels.copies(of: $1)) * Double(row[$1])
            })
        return { -tk_log1(min(max(row[$0] / sum, 1e-7), 1 - 1e-7)) }
    }
}

extension CategoricalCrossentropyMetric: CatalogComponent {
    static let fromLogitsField = Field<Bool>(
        "from_logits", default: true, "Whether the scores are logits, not probabilities.")
    static let labelSmoothingField = LossFields.labelSmoothing
    static let nameField = MetricName.field(default: "categorical_crossentropy")

    public static let entry = ComponentEntry<any BatchMetric>(
        "categorical_crossentropy",
        summary: "Mean softmax cross-entropy per example, whatever loss the task trains.",
        source: "tf.keras.metrics.CategoricalCrossentropy",
        fields: [
            fromLogitsField.description, labelSmoothingField.description, nameField.description,
        ]
    ) { values in
        CategoricalCrossentropyMetric(
            fromLogits: values[fromLogitsField],
            labelSmoothing: Float(values[labelSmoothingField]), name: values[nameField])
    }
}
