extension RowLabels {
    /// How many candidates a column stands for.
    @inline(__always)
    func copies(of column: Int) -> Float { counts.map { $0[column] } ?? 1 }

    /// How many negatives a column stands for: all of its copies, but for the one that is the
    /// positive.
    @inline(__always)
    func negatives(in column: Int) -> Float {
        let copies = copies(of: column)
        return column == positive ? max(0, copies - 1) : copies
    }

    /// The number of negatives in the row, copies counted.
    var negativeCount: Float {
        positive == nil ? columnCount : max(0, columnCount - 1)
    }
}

/// The loss of a row as the sum of a term per column, and its gradient.
///
/// Sums are kept in double: with thousands of columns a chain of float additions would lose digits
/// that TensorFlow's blocked sums keep.
enum ColumnTerms {
    /// Returns the terms' mean over all columns and replaces each logit by its derivative;
    /// 0 / 0 for a row without columns, as `tf.reduce_mean` has it.
    ///
    /// - Parameter term: the loss of one column and its derivative by the logit, given the logit
    ///   and the label (1 or 0).
    @inline(__always)
    static func mean(
        _ logits: inout MutableSpan<Float>, _ labels: RowLabels,
        term: (_ logit: Float, _ label: Float) -> (loss: Float, slope: Float)
    ) -> Float {
        var total = 0.0
        for column in logits.indices {
            let logit = logits[column]
            let copies = labels.negatives(in: column)
            var gradient: Float = 0
            if copies > 0 {
                let negative = term(logit, 0)
                total += Double(copies) * Double(negative.loss)
                gradient = copies * negative.slope
            }
            if column == labels.positive {
                let positive = term(logit, 1)
                total += Double(positive.loss)
                gradient += positive.slope
            }
            logits[column] = gradient / labels.columnCount
        }
        return Float(total / Double(labels.columnCount))
    }
}
