/// A loss that can serve all examples of one query from a single pass over its row.
///
/// The examples of one query in a batch share their scores, so a softmax needs one normaliser for
/// all of them.
public protocol SharedRowLoss: Loss {
    /// Writes each example's unweighted loss, and replaces the logits by what, multiplied with the
    /// factor that is returned, is Σᵢ weightᵢ · ∂lossᵢ/∂logit. A loss that would multiply all of
    /// them at the end leaves that to the engine, which multiplies a row's query instead.
    ///
    /// Equal in exact arithmetic to ``Loss/evaluate(_:labels:)`` example by example.
    func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float

    /// Whether a column that is pushed down by 3.4e36, as accidental hits are and what a mask
    /// hides, is the same to this loss as one that is not there, but for the number of columns.
    var canDropCopiesOfPositive: Bool { get }
}

/// A loss that is faster where columns that count alike stand side by side.
protocol OrderedByCounts: SharedRowLoss {}

/// The examples that share a row of logits.
public struct SharedRow: Sendable {
    /// The positive's column of each example; -1 where it has none.
    public let positives: ArraySlice<Int32>
    /// The weight of each example in the gradient, the reduction's factor included.
    public let weights: ArraySlice<Float>
    /// How many columns each column stands for; nil where each stands for itself. One that stands
    /// for 0 is hidden from all examples but those whose positive it is, for which it stands for 1.
    public let counts: [Float]?
    /// The number of columns the row stands for, copies counted.
    public let columnCount: Float
    /// Whether an example's other copies of its own positive are left out.
    public let dropsCopiesOfPositive: Bool
    /// Of so many columns, from the first on, every block of 64 has columns that count alike 16
    /// apart: four vectors of 16, lane by lane.
    package var alike = 0
    /// Memory for what a loss keeps while it evaluates the row.
    var scratch: RowScratch?

    /// The slices are of one length.
    public init(
        positives: ArraySlice<Int32>, weights: ArraySlice<Float>, counts: [Float]?,
        columnCount: Float, dropsCopiesOfPositive: Bool
    ) {
        self.positives = positives
        self.weights = weights
        self.counts = counts
        self.columnCount = columnCount
        self.dropsCopiesOfPositive = dropsCopiesOfPositive
    }
}

extension SharedRow {
    /// Adds to a row of gradients that all examples share what each has of its own at its
    /// positive; at column 0 for one without.
    ///
    /// - Parameters:
    ///   - own: the gradient of each example that goes to its own column alone.
    ///   - row: the gradient of one example of weight 1; afterwards all of them, but for the factor
    ///     that is returned.
    func distribute(
        _ own: UnsafeMutableBufferPointer<Float>, over row: UnsafeMutableBufferPointer<Float>
    ) -> Float {
        var factor = weights.reduce(0, +)
        // What is added is divided by the factor: one that is tiny, or no number, is not left to
        // the engine.
        if !(factor.magnitude > 0x1p-64 && factor.isFinite) {
            Kernels.scale(row.baseAddress, row.count, factor)
            factor = 1
        }
        for (index, (positive, weight)) in zip(positives, weights).enumerated()
        where own[index] != 0 {
            row[Int(max(0, positive))] += weight * own[index] / factor
        }
        return factor
    }
}
