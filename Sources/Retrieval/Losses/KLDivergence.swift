/// The Kullback–Leibler divergence of the row's probabilities from its labels.
///
/// `Σⱼ y'ⱼ · log(y'ⱼ / pⱼ)` with `y' = clip(y, 1e-7, 1)` and `p = clip(q, 1e-7, 1)`:
/// `tf.keras.losses.KLDivergence`. Keras takes the scores themselves for q, which makes no sense of
/// logits, so here `q = softmax(z)` unless ``fromLogits`` is false: then it is Keras's to the
/// letter. For TFRS's labels the divergence from the softmax differs from
/// ``CategoricalCrossentropy`` only by the clipping: each negative keeps a label of 1e-7, and no
/// gradient goes through clipped entries.
public struct KLDivergence: SharedRowLoss {
    /// Whether scores are logits, of which the softmax is taken (not an option of Keras's).
    public var fromLogits: Bool
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { false }

    private static let range: ClosedRange<Float> = KerasEpsilon.value...1

    public init(fromLogits: Bool = true, reduction: Reduction = .sum) {
        self.fromLogits = fromLogits
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        source.sum(
            &logits, labels, clippedTo: Self.range, negative: Self.negative,
            positive: Self.positive)
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        guard fromLogits else {
            return source.sumShared(
                &logits, row, &losses, clippedTo: Self.range, negative: Self.negative,
                positive: Self.positive)
        }
        let label = Self.range.lowerBound
        return RowProbabilities.sumShared(
            &logits, row, &losses, clippedTo: Self.range, constant: label * Self.logOfLowest,
            factor: -label, positive: Self.positive)
    }

    private var source: RowProbabilities { fromLogits ? .softmax : .given }

    private static let logOfLowest = Kernels.log(range.lowerBound)

    /// Of a label of 0, which is clipped as probabilities are.
    private static func negative(_ p: Float, _ log: Float) -> (loss: Float, slope: Float) {
        (range.lowerBound * (logOfLowest - log), -range.lowerBound / p)
    }

    private static func positive(_ p: Float, _ log: Float) -> (loss: Float, slope: Float) {
        (-log, -1 / p)
    }
}

extension KLDivergence: SelfChecking {
    public func advice() -> [Advice] {
        LossFields.advice(fromLogits: fromLogits)
    }
}

extension KLDivergence: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "kl_divergence",
        summary: "Kullback–Leibler divergence of the scores' softmax from the labels.",
        source: "tf.keras.losses.KLDivergence, on a softmax unless from_logits is false",
        fields: [LossFields.fromLogits.description, Reduction.field.description]
    ) { values in
        KLDivergence(
            fromLogits: values[LossFields.fromLogits], reduction: values[Reduction.field])
    }
}
