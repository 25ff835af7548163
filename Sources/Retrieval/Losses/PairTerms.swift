/// The loss of a row as a sum over the pairs of its positive and each negative, and its gradient.
enum PairTerms {
    /// Returns `scale · Σⱼ f(z₊ − zⱼ)` over the negatives j and replaces each logit by its
    /// derivative. A row without a positive has no pairs: loss and gradient are 0, or NaN if a
    /// score is.
    ///
    /// - Parameters:
    ///   - scale: what the sum over the negatives is multiplied by.
    ///   - cost: f, of the margins `z₊ − zⱼ`.
    static func sum(
        _ logits: inout MutableSpan<Float>, _ labels: RowLabels, scale: Float,
        cost: some PairCost
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
                cost.evaluate(row, costs: losses)
                return labels.counts.withPointer { counts in
                    var sums = PairSums()
                    // A copy of the positive among the negatives has a constant margin of 0: it
                    // adds to the loss, and its two slopes cancel.
                    let copies = max(0, (counts?[positive] ?? 1) - 1)
                    if copies > 0 { sums.loss += Double(scale * copies) * Double(losses[positive]) }
                    sums.add(0..<positive, row, losses, counts, scale)
                    sums.add(positive + 1..<row.count, row, losses, counts, scale)
                    row[positive] = Float(sums.slope)
                    return Float(sums.loss)
                }
            }
        }
    }
}

/// What the pairs of a positive come to, in double, four at a time: an addition waits for the one
/// before it.
private struct PairSums {
    var loss = 0.0
    var slope = 0.0

    /// Adds the pairs with some columns and replaces these by the derivatives.
    mutating func add(
        _ columns: Range<Int>, _ row: UnsafeMutableBufferPointer<Float>,
        _ losses: UnsafeMutableBufferPointer<Float>, _ counts: UnsafePointer<Float>?,
        _ scale: Float
    ) {
        var (lossSums, slopeSums) = (SIMD4<Double>(), SIMD4<Double>())
        var column = columns.lowerBound
        while column + 4 <= columns.upperBound {
            let weights =
                counts.map {
                    scale * SIMD4($0[column], $0[column + 1], $0[column + 2], $0[column + 3])
                } ?? SIMD4(repeating: scale)
            let slopes =
                weights * SIMD4(row[column], row[column + 1], row[column + 2], row[column + 3])
            let terms = SIMD4(
                losses[column], losses[column + 1], losses[column + 2], losses[column + 3])
            lossSums += SIMD4<Double>(weights) * SIMD4<Double>(terms)
            slopeSums += SIMD4<Double>(slopes)
            for lane in 0..<4 { row[column + lane] = -slopes[lane] }
            column += 4
        }
        loss += lossSums.sum()
        slope += slopeSums.sum()
        while column < columns.upperBound {
            let weight = scale * (counts?[column] ?? 1)
            let own = weight * row[column]
            loss += Double(weight) * Double(losses[column])
            slope += Double(own)
            row[column] = -own
            column += 1
        }
    }
}
