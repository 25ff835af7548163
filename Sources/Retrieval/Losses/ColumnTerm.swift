/// What one column of a row adds to a loss that is a mean over columns.
///
/// All terms but the positives' own are the same for every example of a query: one pass over a row
/// serves them all, with a correction at each positive.
protocol ColumnTerm {
    /// The loss of one column and its derivative by the score.
    ///
    /// - Parameter label: 1 for the positive, 0 for a negative.
    func callAsFunction(_ score: Float, label: Float) -> (loss: Float, slope: Float)

    /// Replaces each score by the derivative of its term as a negative, and writes the terms.
    func evaluateNegatives(
        _ scores: UnsafeMutableBufferPointer<Float>, terms: UnsafeMutableBufferPointer<Float>)
}

extension ColumnTerm {
    @inline(__always)
    func evaluateNegatives(
        _ scores: UnsafeMutableBufferPointer<Float>, terms: UnsafeMutableBufferPointer<Float>
    ) {
        for column in scores.indices {
            (terms[column], scores[column]) = self(scores[column], label: 0)
        }
    }

    /// Returns the terms' mean over all columns and replaces each logit by its derivative;
    /// 0 / 0 for a row without columns, as `tf.reduce_mean` has it.
    func mean(_ logits: inout MutableSpan<Float>, _ labels: RowLabels) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            let own = labels.positive.map { self(row[$0], label: 1) }
            return labels.withScratch(of: Float.self, count: row.count) { terms in
                evaluateNegatives(row, terms: terms)
                return labels.counts.withPointer { counts in
                    var total = NegativeTerms(terms: terms, counts: counts)
                    let slope = labels.positive.map { row[$0] }
                    NegativeTerms.weigh(row, by: counts)
                    if let positive = labels.positive, let own, let slope {
                        let others = max(0, (counts?[positive] ?? 1) - 1)
                        total.replace(positive, copies: others, by: own.loss)
                        row[positive] = others > 0 ? others * slope + own.slope : own.slope
                    }
                    for column in row.indices { row[column] /= labels.columnCount }
                    return Float(total.sum / Double(labels.columnCount))
                }
            }
        }
    }

    /// As ``SharedRowLoss/evaluateShared(_:row:losses:)``. A copy of a positive that is dropped
    /// stays in the number of columns.
    func meanShared(
        _ logits: inout MutableSpan<Float>, _ shared: SharedRow,
        _ losses: inout MutableSpan<Float>
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            let examples = shared.positives.count
            guard !row.isEmpty else {
                for index in 0..<examples { losses[index] = .nan }
                return 1
            }
            // What each example adds at its positive, beyond the negative that stands there.
            return shared.scratch.with(Float.self, count: row.count + examples) { scratch in
                let terms = UnsafeMutableBufferPointer(rebasing: scratch[..<row.count])
                let slopes = UnsafeMutableBufferPointer(rebasing: scratch[row.count...])
                for (index, positive) in shared.positives.enumerated() {
                    let own = positive < 0 ? (0, 0) : self(row[Int(positive)], label: 1)
                    (losses[index], slopes[index]) = own
                }
                evaluateNegatives(row, terms: terms)
                return shared.counts.withPointer { counts in
                    let total = NegativeTerms(terms: terms, counts: counts)
                    for (index, positive) in shared.positives.enumerated() {
                        var own = total
                        let column = Int(max(0, positive))
                        let copies = counts?[column] ?? 1
                        if positive >= 0 {
                            let others = shared.dropsCopiesOfPositive ? 0 : max(0, copies - 1)
                            own.replace(column, copies: others, by: losses[index])
                            slopes[index] -= (copies - others) * row[column]
                        } else if shared.dropsCopiesOfPositive {
                            // An empty label row's argmax is column 0, which it loses.
                            own.replace(column, copies: 0, by: 0)
                            slopes[index] -= copies * row[column]
                        }
                        losses[index] = Float(own.sum / Double(shared.columnCount))
                    }
                    NegativeTerms.weigh(row, by: counts)
                    return shared.distribute(slopes, over: row) / shared.columnCount
                }
            }
        }
    }
}

/// The sum of a row's terms as if every column were a negative.
///
/// Sums are kept in double: with thousands of columns a chain of float additions would lose digits
/// that TensorFlow's blocked sums keep.
struct NegativeTerms {
    private(set) var sum: Double
    private let terms: UnsafeMutableBufferPointer<Float>
    private let counts: UnsafePointer<Float>?

    init(terms: UnsafeMutableBufferPointer<Float>, counts: UnsafePointer<Float>?) {
        self.terms = terms
        self.counts = counts
        sum = Self.sum(terms[...], counts)
    }

    /// Has a column stand for so many negatives and beside them for what adds `loss`.
    mutating func replace(_ column: Int, copies: Float, by loss: Float) {
        let removed = (counts?[column] ?? 1) - copies
        if sum.isFinite {
            sum -= Double(removed) * Double(terms[column])
        } else {
            // What overflows elsewhere still shows, what overflowed here does not.
            sum = Self.sum(terms[..<column], counts) + Self.sum(terms[(column + 1)...], counts)
            if copies > 0 { sum += Double(copies) * Double(terms[column]) }
        }
        sum += Double(loss)
    }

    /// In four chains, for an addition waits for the one before it.
    private static func sum(
        _ terms: Slice<UnsafeMutableBufferPointer<Float>>, _ counts: UnsafePointer<Float>?
    ) -> Double {
        var sums = SIMD4<Double>()
        var column = terms.startIndex
        while column + 4 <= terms.endIndex {
            let four = SIMD4(
                Double(terms[column]), Double(terms[column + 1]), Double(terms[column + 2]),
                Double(terms[column + 3]))
            if let counts {
                sums +=
                    four
                    * SIMD4(
                        Double(counts[column]), Double(counts[column + 1]),
                        Double(counts[column + 2]), Double(counts[column + 3]))
            } else {
                sums += four
            }
            column += 4
        }
        var sum = sums.sum()
        while column < terms.endIndex {
            sum += Double(counts?[column] ?? 1) * Double(terms[column])
            column += 1
        }
        return sum
    }

    /// Multiplies each column's slope with the number of its copies.
    static func weigh(
        _ slopes: UnsafeMutableBufferPointer<Float>, by counts: UnsafePointer<Float>?
    ) {
        guard let counts else { return }
        Kernels.multiply(slopes.baseAddress, counts, slopes.count)
    }
}

extension [Float]? {
    /// Calls `body` with the numbers, if there are any: in a loop over thousands of columns an
    /// array is one more thing that threads count the owners of.
    @inline(__always)
    func withPointer<R>(_ body: (UnsafePointer<Float>?) throws -> R) rethrows -> R {
        switch self {
        case .some(let numbers): try numbers.withUnsafeBufferPointer { try body($0.baseAddress) }
        case .none: try body(nil)
        }
    }
}
