/// The mean over the row's columns of `max(0, 1 − y z)`, labels 1 and −1.
///
/// `tf.keras.losses.Hinge`, which turns labels of 0 into −1 first. The gradient at the hinge itself
/// is that of the side that still pays, as TensorFlow's `maximum` has it.
public struct Hinge: SharedRowLoss {
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
            return shortfall < 0 ? (0, 0) : (shortfall, shortfall.isNaN ? 0 : -sign)
        }
    }
}

extension Hinge: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "hinge",
        summary: "Mean over all candidates of how far scores fall short of 1, negatives of −1.",
        source: "tf.keras.losses.Hinge",
        fields: [Reduction.field.description]
    ) { values in
        Hinge(reduction: values[Reduction.field])
    }
}
