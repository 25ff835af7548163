/// Bayesian personalised ranking: the mean over the row's negatives of `−log σ(z₊ − zⱼ)`.
///
/// Rendle, Freudenthaler, Gantner and Schmidt-Thieme, "BPR: Bayesian Personalized Ranking from
/// Implicit Feedback" (2009), with every other candidate of the batch as a negative and without the
/// regulariser. The gradient is `σ(zⱼ − z₊) / N` for each of the N negatives, and minus their sum
/// for the positive. Masked negatives (−3.4e36) add nothing to the sum but count in N. A row
/// without a positive or without negatives has loss 0.
public struct BayesianPersonalizedRanking: OrderedByCounts {
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { true }

    public init(reduction: Reduction = .sum) {
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        PairTerms.sum(
            &logits, labels, scale: scale(negatives: labels.negativeCount),
            cost: LogisticCost())
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        LogisticCost().sumShared(
            &logits, row, &losses, scale: scale(negatives: row.columnCount - 1))
    }

    private func scale(negatives: Float) -> Float { negatives > 0 ? 1 / negatives : 0 }
}

extension BayesianPersonalizedRanking: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "bayesian_personalized_ranking",
        summary: "BPR: the mean over the negatives of −log σ(positive − negative).",
        source: "Rendle et al., BPR: Bayesian Personalized Ranking from Implicit Feedback (2009)",
        fields: [Reduction.field.description]
    ) { values in
        BayesianPersonalizedRanking(reduction: values[Reduction.field])
    }
}
