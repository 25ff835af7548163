/// The loss of a row as a sum over the pairs of its positive and each negative, and its gradient.
enum PairTerms {
    /// Returns `scale · Σⱼ f(z₊ − zⱼ)` over the negatives j and replaces each logit by its
    /// derivative. A row without a positive has no pairs: loss and gradient are 0, or NaN if a
    /// score is.
    ///
    /// - Parameters:
    ///   - scale: what the sum over the negatives is multiplied by.
    ///   - term: replaces each margin `z₊ − zⱼ` by `f′` and writes `f` to the other buffer.
    static func sum(
        _ logits: inout MutableSpan<Float>, _ labels: RowLabels, scale: Float,
        term: (
            _ margins: UnsafeMutableBufferPointer<Float>,
            _ losses: UnsafeMutableBufferPointer<Float>
        ) -> Void
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            guard let positive = labels.positive else {
                let poison: Float = row.contains(where: \.isNaN) ? .nan : 0
                row.update(repeating: poison)
                return poison
            }
            let own = row[positive]
            for column in row.indices { row[column] = own - row[column] }
            return labels.withScratch(of: Float.self, count: row.count) { losses in
                term(row, losses)
                var total = 0.0
                var slopes = 0.0
                for column in row.indices {
                    // A copy of the positive among the negatives has a constant margin of 0: it
                    // adds to the loss, and its two slopes cancel.
                    let copies = labels.negatives(in: column)
                    guard copies > 0 else {
                        row[column] = 0
                        continue
                    }
                    let slope = scale * copies * row[column]
                    total += Double(scale * copies) * Double(losses[column])
                    slopes += Double(slope)
                    row[column] = -slope
                }
                row[positive] += Float(slopes)
                return Float(total)
            }
        }
    }
}
