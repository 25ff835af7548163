/// The mean over the row's columns of `(z − y)²`.
///
/// `tf.keras.losses.MeanSquaredError`. The gradient is `2 (z − y) / C`. A score that a mask put at
/// −3.4e36 overflows to an infinite loss, with a finite gradient, as it does in TensorFlow.
public struct MeanSquaredError: SharedRowLoss {
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { false }

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
            let error = score - label
            return (error * error, 2 * error)
        }
    }
}

extension MeanSquaredError: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "mean_squared_error",
        summary: "Mean squared distance of the scores from 1 (positive) and 0 (all others).",
        source: "tf.keras.losses.MeanSquaredError",
        fields: [Reduction.field.description]
    ) { values in
        MeanSquaredError(reduction: values[Reduction.field])
    }
}
