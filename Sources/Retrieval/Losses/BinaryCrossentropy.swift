/// The mean over the row's columns of the binary cross-entropy: every pair is a yes-or-no question.
///
/// With `y' = y·(1 − s) + s/2` for label smoothing s, from logits
/// `log(1 + eᶻ) − z·y'`, whose gradient is `(σ(z) − y') / C`; from probabilities
/// `−y'·log(p + ε) − (1 − y')·log(1 − p + ε)`, p being z clipped to [ε, 1 − ε], ε = 1e-7, without a
/// gradient where it was clipped: `tf.keras.losses.BinaryCrossentropy`.
public struct BinaryCrossentropy: Loss {
    /// Whether scores are logits (true) or probabilities (Keras's default, not ours).
    public var fromLogits: Bool
    /// How far each label is drawn towards one half, in [0, 1].
    public var labelSmoothing: Float
    public var reduction: Reduction

    public var supportsCounts: Bool { true }

    public init(
        fromLogits: Bool = true, labelSmoothing: Float = 0, reduction: Reduction = .sum
    ) {
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        fromLogits
            ? logits.withUnsafeMutableBufferPointer { evaluate(logits: $0, labels) }
            : evaluate(probabilities: &logits, labels)
    }

    private func smoothed(_ label: Float) -> Float {
        label * (1 - labelSmoothing) + 0.5 * labelSmoothing
    }

    private func evaluate(logits row: UnsafeMutableBufferPointer<Float>, _ labels: RowLabels)
        -> Float
    {
        let on = smoothed(1)
        let off = smoothed(0)
        let total = labels.withScratch(of: Float.self, count: row.count) { softplus in
            var total = 0.0
            Kernels.softplus(softplus.baseAddress, row.baseAddress, row.count)
            for column in row.indices {
                let copies = labels.negatives(in: column)
                if copies > 0 {
                    total += Double(copies) * Double(softplus[column] - row[column] * off)
                }
                if column == labels.positive {
                    total += Double(softplus[column] - row[column] * on)
                }
            }
            return total
        }
        Kernels.sigmoid(row.baseAddress, row.baseAddress, row.count)
        for column in row.indices {
            let copies = labels.negatives(in: column)
            var gradient = copies > 0 ? copies * (row[column] - off) : 0
            if column == labels.positive { gradient += row[column] - on }
            row[column] = gradient / labels.columnCount
        }
        return Float(total / Double(labels.columnCount))
    }

    private func evaluate(probabilities: inout MutableSpan<Float>, _ labels: RowLabels) -> Float {
        let range = KerasEpsilon.probabilities
        let epsilon = KerasEpsilon.value
        return ColumnTerms.mean(&probabilities, labels) { given, label in
            let yes = smoothed(label)
            let no = 1 - yes
            let clipped = range.clip(given)
            let (p, q) = (clipped + epsilon, 1 - clipped + epsilon)
            let slope = range.passesGradient(given) ? no / q - yes / p : 0
            return (-(yes * Kernels.log(p) + no * Kernels.log(q)), slope)
        }
    }
}

extension BinaryCrossentropy: SelfChecking {
    public func advice() -> [Advice] {
        LossFields.advice(fromLogits: fromLogits, labelSmoothing: labelSmoothing)
    }
}

extension BinaryCrossentropy: CatalogComponent {
    static let labelSmoothingField = Field<Double>(
        "label_smoothing", default: 0, .between(0, and: 1),
        "How far each label is drawn towards one half.")

    public static let entry = ComponentEntry<any Loss>(
        "binary_crossentropy",
        summary: "Mean cross-entropy of a yes-or-no question for each candidate.",
        source: "tf.keras.losses.BinaryCrossentropy(from_logits=True)",
        fields: [
            LossFields.fromLogits.description, labelSmoothingField.description,
            Reduction.field.description,
        ]
    ) { values in
        BinaryCrossentropy(
            fromLogits: values[LossFields.fromLogits],
            labelSmoothing: Float(values[labelSmoothingField]),
            reduction: values[Reduction.field])
    }
}
