/// The mean over the row's columns of `max(0, 1 − y z)²`, labels 1 and −1.
///
/// `tf.keras.losses.SquaredHinge`, which turns labels of 0 into −1 first. A positive that a mask
/// put at −3.4e36 overflows to an infinite loss, with a finite gradient.
public struct SquaredHinge: SharedRowLoss {
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { true }

    public init(reduction: Reduction = .sum) {
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        Term().mean(&logits, labels)
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        Term().meanShared(&logits, row, &losses)
    }

    private struct Term: ColumnTerm {
        @inline(__always)
        func callAsFunction(_ score: Float, label: Float) -> (loss: Float, slope: Float) {
            let sign = 2 * label - 1
            let shortfall = 1 - sign * score
            return shortfall < 0 ? (0, 0) : (shortfall * shortfall, -2 * sign * shortfall)
        }
    }
}

extension SquaredHinge: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "squared_hinge",
        summary: "As hinge, but with each shortfall squared.",
        source: "tf.keras.losses.SquaredHinge",
        fields: [Reduction.field.description]
    ) { values in
        SquaredHinge(reduction: values[Reduction.field])
    }
}
