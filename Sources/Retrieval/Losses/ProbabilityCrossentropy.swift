/// Cross-entropy of scores that are probabilities already, up to a factor.
///
/// `−Σⱼ y'ⱼ · log pⱼ` with `p = clip(z / Σ z, 1e-7, 1 − 1e-7)` and `y' = y·(1 − s) + s / C`:
/// `tf.keras.losses.CategoricalCrossentropy(from_logits=False)`, Keras's default. The gradient goes
/// through the division by the sum, but not through clipped entries, so scores below 0 learn
/// nothing of their own. TFRS's scores are logits; that is what ``CategoricalCrossentropy`` is for.
public struct ProbabilityCrossentropy: SharedRowLoss {
    /// The share of each label that is spread evenly over the columns, in [0, 1].
    public var labelSmoothing: Float
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { false }

    public init(labelSmoothing: Float = 0, reduction: Reduction = .sum) {
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        let smoothed = SmoothedLabels(labelSmoothing, over: labels.columnCount)
        return RowProbabilities.shares.sum(
            &logits, labels, clippedTo: KerasEpsilon.probabilities,
            negative: { (-smoothed.negative * $1, -smoothed.negative / $0) },
            positive: { (-smoothed.positive * $1, -smoothed.positive / $0) })
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        let range = KerasEpsilon.probabilities
        if labelSmoothing == 0 {
            return RowProbabilities.shares.sumShared(&logits, row, &losses, clippedTo: range) {
                (-$1, -1 / $0)
            }
        }
        let smoothed = SmoothedLabels(labelSmoothing, over: row.columnCount)
        return RowProbabilities.shares.sumShared(
            &logits, row, &losses, clippedTo: range,
            negative: { (-smoothed.negative * $1, -smoothed.negative / $0) },
            positive: { (-smoothed.positive * $1, -smoothed.positive / $0) })
    }
}

extension ProbabilityCrossentropy: SelfChecking {
    public func advice() -> [Advice] {
        LossFields.advice(fromLogits: false, labelSmoothing: labelSmoothing)
    }
}
