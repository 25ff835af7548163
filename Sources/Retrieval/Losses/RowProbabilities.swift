/// How a row of scores becomes probabilities, and how a gradient in these goes back.
enum RowProbabilities {
    /// `softmax(z)`.
    case softmax
    /// `zⱼ / Σ z`, what Keras makes of scores that it is told are probabilities already.
    case shares
    /// The scores as they stand.
    case given

    /// What one candidate adds to a loss, and its derivative by the candidate's probability.
    typealias Term = (_ probability: Float, _ log: Float) -> (loss: Float, slope: Float)

    /// The sum of a row's terms, whose logits it replaces by the gradient.
    ///
    /// - Parameter range: what probabilities are clipped to before the terms see them; no gradient
    ///   goes through what was clipped.
    func sum(
        _ logits: inout MutableSpan<Float>, _ labels: RowLabels,
        clippedTo range: ClosedRange<Float>, negative: Term, positive: Term
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            labels.withScratch(of: Float.self, count: 3 * row.count) { scratch in
                labels.counts.withPointer { counts in
                    let negatives = Negatives(
                        self, row, counts, scratch, clippedTo: range, negative)
                    var total = negatives.terms
                    if let own = labels.positive {
                        let others = max(0, (counts?[own] ?? 1) - 1)
                        let term = negatives.term(own, positive)
                        total.replace(own, copies: others, by: term.loss)
                        negatives.slopes[own] = others * negatives.slope(own, negative) + term.slope
                    }
                    pullBack(negatives.slopes, to: row, counts, negatives.divisor)
                    return Float(total.sum)
                }
            }
        }
    }

    /// As ``SharedRowLoss/evaluateShared(_:row:losses:)``.
    func sumShared(
        _ logits: inout MutableSpan<Float>, _ shared: SharedRow,
        _ losses: inout MutableSpan<Float>, clippedTo range: ClosedRange<Float>,
        negative: Term, positive: Term
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            let size = 3 * row.count + shared.positives.count
            return shared.scratch.with(Float.self, count: size) { scratch in
                shared.counts.withPointer { counts in
                    let negatives = Negatives(
                        self, row, counts, scratch, clippedTo: range, negative)
                    let own = UnsafeMutableBufferPointer(rebasing: scratch[(3 * row.count)...])
                    for (index, column) in shared.positives.enumerated() {
                        own[index] = 0
                        var total = negatives.terms
                        if column >= 0 {
                            let column = Int(column)
                            let others = max(0, (counts?[column] ?? 1) - 1)
                            let term = negatives.term(column, positive)
                            total.replace(column, copies: others, by: term.loss)
                            own[index] = term.slope - negatives.slope(column, negative)
                        }
                        losses[index] = Float(total.sum)
                    }
                    let factor = shared.distribute(own, over: negatives.slopes)
                    pullBack(negatives.slopes, to: row, counts, negatives.divisor)
                    return factor
                }
            }
        }
    }

    /// A row's probabilities, and what it adds to a loss if every column is a negative.
    private struct Negatives {
        /// What the row was divided by.
        let divisor: Float
        /// The derivative of the loss by each column's probability, all copies summed.
        let slopes: UnsafeMutableBufferPointer<Float>
        let terms: NegativeTerms
        private let row: UnsafeMutableBufferPointer<Float>
        private let logs: UnsafeMutableBufferPointer<Float>
        private let range: ClosedRange<Float>

        /// Replaces the scores by probabilities, of one copy of each column.
        ///
        /// - Parameter scratch: room for three rows.
        init(
            _ source: RowProbabilities, _ row: UnsafeMutableBufferPointer<Float>,
            _ counts: UnsafePointer<Float>?, _ scratch: UnsafeMutableBufferPointer<Float>,
            clippedTo range: ClosedRange<Float>, _ negative: Term
        ) {
            func part(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
                UnsafeMutableBufferPointer(
                    rebasing: scratch[index * row.count..<(index + 1) * row.count])
            }
            let (terms, logs, slopes) = (part(0), part(1), part(2))
            (self.row, self.logs, self.slopes, self.range) = (row, logs, slopes, range)
            divisor = source.replace(row, counts)
            for column in row.indices { terms[column] = range.clip(row[column]) }
            Kernels.log(logs.baseAddress, terms.baseAddress, row.count)
            for column in row.indices {
                let term = negative(terms[column], logs[column])
                terms[column] = term.loss
                slopes[column] =
                    range.passesGradient(row[column]) ? term.slope * (counts?[column] ?? 1) : 0
            }
            self.terms = NegativeTerms(terms: terms, counts: counts)
        }

        /// What one candidate of a column adds as something else.
        func term(_ column: Int, _ term: Term) -> (loss: Float, slope: Float) {
            let (loss, slope) = term(range.clip(row[column]), logs[column])
            return (loss, range.passesGradient(row[column]) ? slope : 0)
        }

        func slope(_ column: Int, _ term: Term) -> Float { self.term(column, term).slope }
    }

    /// Replaces the scores by probabilities, of one copy of each column, and returns what the row was
    /// divided by.
    func replace(
        _ row: UnsafeMutableBufferPointer<Float>, _ counts: UnsafePointer<Float>?
    ) -> Float {
        switch self {
        case .softmax:
            // No counts: the row is to hold the probability of one copy.
            var maximum: Float = 0
            var sum = Kernels.expMaxSum(row.baseAddress, row.count, nil, &maximum)
            if let counts { sum = Kernels.dot(row.baseAddress, counts, row.count) }
            Kernels.scale(row.baseAddress, row.count, 1 / sum)
            return 1
        case .shares:
            let sum =
                counts.map { Kernels.dot(row.baseAddress, $0, row.count) }
                ?? Kernels.sum(row.baseAddress, row.count)
            for column in row.indices { row[column] /= sum }
            return sum
        case .given:
            return 1
        }
    }

    private func pullBack(
        _ slopes: UnsafeMutableBufferPointer<Float>, to row: UnsafeMutableBufferPointer<Float>,
        _ counts: UnsafePointer<Float>?, _ divisor: Float
    ) {
        guard self != .given else {
            _ = row.update(fromContentsOf: slopes)
            return
        }
        let mean = Kernels.dot(slopes.baseAddress, row.baseAddress, row.count)
        for column in row.indices {
            let centred = slopes[column] - mean * (counts?[column] ?? 1)
            row[column] = self == .softmax ? row[column] * centred : centred / divisor
        }
    }
}

/// One-hot labels smoothed over a row's columns: `y·(1 − s) + s / C`.
struct SmoothedLabels {
    /// The label of the positive.
    let positive: Float
    /// The label of a negative.
    let negative: Float

    init(_ labelSmoothing: Float, over columnCount: Float) {
        negative = labelSmoothing > 0 ? labelSmoothing / columnCount : 0
        positive = (1 - labelSmoothing) + negative
    }
}
