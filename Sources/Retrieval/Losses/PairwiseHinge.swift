/// The sum over the row's negatives of `max(0, margin − (z₊ − zⱼ))`.
///
/// `keras_rs.losses.PairwiseHingeLoss` on TFRS's labels, whose margin is fixed at 1. A pair at the
/// margin exactly has no gradient, as Keras's `relu` has it. A row without a positive has loss 0.
public struct PairwiseHinge: SharedRowLoss {
    /// By how much the positive has to outscore each negative; greater than 0.
    public var margin: Float
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { true }

    public init(margin: Float = 1, reduction: Reduction = .sum) {
        self.margin = margin
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        PairTerms.sum(&logits, labels, scale: 1, cost: HingeCost(margin: margin))
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        HingeCost(margin: margin).sumShared(&logits, row, &losses, scale: 1)
    }
}

extension PairwiseHinge: CatalogComponent {
    static let marginField = Field<Double>(
        "margin", default: 1, .greaterThan(0),
        "By how much the positive has to outscore each negative.")

    public static let entry = ComponentEntry<any Loss>(
        "pairwise_hinge",
        summary: "The sum over the negatives of how far they come within a margin of the positive.",
        source: "keras_rs.losses.PairwiseHingeLoss",
        fields: [marginField.description, Reduction.field.description]
    ) { values in
        PairwiseHinge(
            margin: Float(values[marginField]), reduction: values[Reduction.field])
    }
}
