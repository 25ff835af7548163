/// Cross-entropy that turns away from what is already easy.
///
/// `−Σⱼ y'ⱼ · α · (1 − pⱼ)^γ · log pⱼ` with `p = clip(softmax(z), 1e-7, 1 − 1e-7)` and
/// `y' = y·(1 − s) + s / C`: `tf.keras.losses.CategoricalFocalCrossentropy`, after Lin et al.,
/// "Focal Loss for Dense Object Detection" (2017). From probabilities, `z / Σ z` takes the
/// softmax's place. No gradient goes through clipped entries: a positive that is less likely than
/// 1e-7 learns nothing.
public struct CategoricalFocalCrossentropy: SharedRowLoss {
    /// The factor of every term.
    public var alpha: Float
    /// The exponent of `1 − p`, at least 0; at 0 nothing is turned away from.
    public var gamma: Float
    /// Whether scores are logits (true) or probabilities (Keras's default, not ours).
    public var fromLogits: Bool
    /// The share of each label that is spread evenly over the columns, in [0, 1].
    public var labelSmoothing: Float
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { false }

    public init(
        alpha: Float = 0.25, gamma: Float = 2, fromLogits: Bool = true,
        labelSmoothing: Float = 0, reduction: Reduction = .sum
    ) {
        self.alpha = alpha
        self.gamma = gamma
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        let smoothed = SmoothedLabels(labelSmoothing, over: labels.columnCount)
        return source.sum(
            &logits, labels, clippedTo: KerasEpsilon.probabilities,
            negative: { term(of: smoothed.negative, $0, $1) },
            positive: { term(of: smoothed.positive, $0, $1) })
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        let smoothed = SmoothedLabels(labelSmoothing, over: row.columnCount)
        if labelSmoothing == 0 {
            return source.sumShared(&logits, row, &losses, clippedTo: KerasEpsilon.probabilities) {
                term(of: 1, $0, $1)
            }
        }
        return source.sumShared(
            &logits, row, &losses, clippedTo: KerasEpsilon.probabilities,
            negative: { term(of: smoothed.negative, $0, $1) },
            positive: { term(of: smoothed.positive, $0, $1) })
    }

    private var source: RowProbabilities { fromLogits ? .softmax : .shares }

    private func term(of label: Float, _ p: Float, _ log: Float) -> (loss: Float, slope: Float) {
        // A label of 0 gives 0, unless the probability is NaN: then it must show.
        guard label != 0 || p.isNaN else { return (0, 0) }
        let factor = label * alpha * power(1 - p, gamma)
        return (
            -factor * log, label * alpha * gamma * power(1 - p, gamma - 1) * log - factor / p
        )
    }

    private func power(_ base: Float, _ exponent: Float) -> Float {
        switch exponent {
        case 0: 1
        case 1: base
        case 2: base * base
        default: Kernels.pow(base, exponent)
        }
    }
}

extension CategoricalFocalCrossentropy: SelfChecking {
    public func advice() -> [Advice] {
        LossFields.advice(fromLogits: fromLogits, labelSmoothing: labelSmoothing)
    }
}

extension CategoricalFocalCrossentropy: CatalogComponent {
    static let alphaField = Field<Double>(
        "alpha", default: 0.25, .atLeast(0), "The factor of every term.")
    static let gammaField = Field<Double>(
        "gamma", default: 2, .atLeast(0),
        "How strongly easy examples are turned away from; 0 is plain cross-entropy.")

    public static let entry = ComponentEntry<any Loss>(
        "categorical_focal_crossentropy",
        summary: "Softmax cross-entropy in which easy examples count less.",
        source: "tf.keras.losses.CategoricalFocalCrossentropy(from_logits=True)",
        fields: [
            alphaField.description, gammaField.description, LossFields.fromLogits.description,
            LossFields.labelSmoothing.description, Reduction.field.description,
        ]
    ) { values in
        CategoricalFocalCrossentropy(
            alpha: Float(values[alphaField]), gamma: Float(values[gammaField]),
            fromLogits: values[LossFields.fromLogits],
            labelSmoothing: Float(values[LossFields.labelSmoothing]),
            reduction: values[Reduction.field])
    }
}
