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

    public var figure: FigureDescription {
        FigureDescription(
            better: .lower, range: .from(0),
            definition: "mean over rows of the softmax cross-entropy of the positive")
    }
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
        let row = fromLogits ? Normalized(logits: logits, labels) : Normalized(logits, labels)
        var loss: Float = 0
        if let positive = labels.positive {
            loss = (1 - labelSmoothing) * row.negativeLog(logits[positive])
        }
        guard labelSmoothing > 0 else { return loss }
        let share = labelSmoothing / labels.columnCount
        for column in 0..<logits.count {
            loss += share * labels.copies(of: column) * row.negativeLog(logits[column])
        }
        return loss
    }

    /// What a row's scores are divided by to be probabilities.
    private enum Normalized {
        /// `−log softmax(z)ⱼ = log Σ exp(z − max) − (zⱼ − max)`.
        case logits(maximum: Float, logSum: Float)
        case probabilities(sum: Float)

        init(logits: Span<Float>, _ labels: RowLabels) {
            let maximum = logits.withUnsafeBufferPointer { Kernels.max($0.baseAddress, $0.count) }
            var sum = 0.0
            for column in logits.indices {
                sum +=
                    Double(labels.copies(of: column))
                    * Double(Kernels.exp(logits[column] - maximum))
            }
            self = .logits(maximum: maximum, logSum: Kernels.log(Float(sum)))
        }

        init(_ probabilities: Span<Float>, _ labels: RowLabels) {
            var sum = 0.0
            for column in probabilities.indices {
                sum += Double(labels.copies(of: column)) * Double(probabilities[column])
            }
            self = .probabilities(sum: Float(sum))
        }

        func negativeLog(_ score: Float) -> Float {
            switch self {
            case .logits(let maximum, let logSum): logSum - (score - maximum)
            case .probabilities(let sum): -Kernels.log(min(max(score / sum, 1e-7), 1 - 1e-7))
            }
        }
    }
}

extension CategoricalCrossentropyMetric: SelfChecking {
    public func advice() -> [Advice] {
        fromLogits ? [] : [.takingScoresForProbabilities(at: Self.fromLogitsField)]
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
