/// Comparisons of one row's scores that several metrics share.
extension RowLabels {
    /// How many columns score strictly above a column, copies counted; a NaN is above nothing.
    func strictlyGreater(than column: Int, in logits: Span<Float>) -> Float {
        let score = logits[column]
        var greater: Float = 0
        if let counts {
            for index in logits.indices where logits[index] > score { greater += counts[index] }
        } else {
            for index in logits.indices where logits[index] > score { greater += 1 }
        }
        return greater
    }

    /// The positive's rank, from 1: one more than the columns that score strictly above it. Nil
    /// for a row without a positive, or one whose positive's score is not finite.
    func positiveRank(in logits: Span<Float>) -> Float? {
        guard let positive, logits[positive].isFinite else { return nil }
        return 1 + strictlyGreater(than: positive, in: logits)
    }

    /// The index of Keras's target: that of the positive, or 0 (the argmax of a row of zeros) for
    /// a row without one.
    var target: Int { positive ?? 0 }
}
