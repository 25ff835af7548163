/// The sum over the row's negatives of `log(1 + e^(zⱼ − z₊))`.
///
/// `keras_rs.losses.PairwiseLogisticLoss` on TFRS's labels, where the only pairs of unequal labels
/// are those of the positive and a negative. It is ``BayesianPersonalizedRanking`` with the sum
/// instead of the mean, so it weighs rows with more negatives more. A row without a positive has
/// loss 0.
public struct PairwiseLogistic: OrderedByCounts {
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { true }

    public init(reduction: Reduction = .sum) {
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        PairTerms.sum(&logits, labels, scale: 1, cost: LogisticCost())
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        LogisticCost().sumShared(&logits, row, &losses, scale: 1)
    }
}

extension PairwiseLogistic: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "pairwise_logistic",
        summary: "The sum over the negatives of log(1 + exp(negative − positive)).",
        source: "keras_rs.losses.PairwiseLogisticLoss",
        fields: [Reduction.field.description]
    ) { values in
        PairwiseLogistic(reduction: values[Reduction.field])
    }
}
