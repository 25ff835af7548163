/// The mean over the row's columns of the binary cross-entropy: every pair is a yes-or-no question.
///
/// With `y' = y·(1 − s) + s/2` for label smoothing s, from logits
/// `log(1 + eᶻ) − z·y'`, whose gradient is `(σ(z) − y') / C`; from probabilities
/// `−y'·log(p + ε) − (1 − y')·log(1 − p + ε)`, p being z clipped to [ε, 1 − ε], ε = 1e-7, without a
/// gradient where it was clipped: `tf.keras.losses.BinaryCrossentropy`.
public struct BinaryCrossentropy: SharedRowLoss {
    /// Whether scores are logits (true) or probabilities (Keras's default, not ours).
    public var fromLogits: Bool
    /// How far each label is drawn towards one half, in [0, 1].
    public var labelSmoothing: Float
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { fromLogits && labelSmoothing == 0 }

    public init(
        fromLogits: Bool = true, labelSmoothing: Float = 0, reduction: Reduction = .sum
    ) {
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        fromLogits
            ? logitTerm.mean(&logits, labels) : probabilityTerm.mean(&logits, labels)
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        fromLogits
            ? logitTerm.meanShared(&logits, row, &losses)
            : probabilityTerm.meanShared(&logits, row, &losses)
    }

    private var logitTerm: LogitTerm { LogitTerm(on: smoothed(1), off: smoothed(0)) }
    private var probabilityTerm: ProbabilityTerm {
        ProbabilityTerm(on: smoothed(1), off: smoothed(0))
    }

    private func smoothed(_ label: Float) -> Float {
        label * (1 - labelSmoothing) + 0.5 * labelSmoothing
    }

    /// Of a logit, whose labels are smoothed to `on` and `off`.
    private struct LogitTerm: ColumnTerm {
        var on: Float
        var off: Float

        func callAsFunction(_ score: Float, label: Float) -> (loss: Float, slope: Float) {
            let target = label == 1 ? on : off
            return (Kernels.softplus(score) - score * target, Kernels.sigmoid(score) - target)
        }

        func evaluateNegatives(
            _ scores: UnsafeMutableBufferPointer<Float>, terms: UnsafeMutableBufferPointer<Float>
        ) {
            // Without smoothing too: an infinite score times a label of 0 shows.
            guard off != 0 || !Kernels.maxAbs(scores.baseAddress, scores.count).isFinite else {
                Kernels.softplusSigmoid(terms.baseAddress, scores.baseAddress, scores.count)
                return
            }
            Kernels.softplus(terms.baseAddress, scores.baseAddress, scores.count)
            Kernels.axpy(terms.baseAddress, scores.baseAddress, -off, scores.count)
            Kernels.sigmoid(scores.baseAddress, scores.baseAddress, scores.count)
            for column in scores.indices { scores[column] -= off }
        }
    }

    /// Of a probability, clipped as Keras does.
    private struct ProbabilityTerm: ColumnTerm {
        var on: Float
        var off: Float

        func callAsFunction(_ score: Float, label: Float) -> (loss: Float, slope: Float) {
            let range = KerasEpsilon.probabilities
            let epsilon = KerasEpsilon.value
            let yes = label == 1 ? on : off
            let no = 1 - yes
            let clipped = range.clip(score)
            let (p, q) = (clipped + epsilon, 1 - clipped + epsilon)
            let slope = range.passesGradient(score) ? no / q - yes / p : 0
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
