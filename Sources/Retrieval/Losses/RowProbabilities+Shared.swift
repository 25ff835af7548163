/// Rows of which the negatives are told from a few sums: all examples that share one want little
/// more than its probabilities.
extension RowProbabilities {
    /// As ``sumShared(_:_:_:clippedTo:negative:positive:)`` of negatives that add nothing.
    func sumShared(
        _ logits: inout MutableSpan<Float>, _ shared: SharedRow,
        _ losses: inout MutableSpan<Float>, clippedTo range: ClosedRange<Float>, positive: Term
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            shared.counts.withPointer { counts in
                let divisor = replace(row, counts)
                let largest = Kernels.maxAbs(row.baseAddress, row.count)
                return shared.scratch.with(Float.self, count: shared.positives.count) { own in
                    let mean = takePositives(of: shared, row, range, own, &losses) { p, log in
                        largest.isNaN ? (.nan, .nan) : positive(p, log)
                    }
                    // Zeros times what is infinite show.
                    let scale = largest.isFinite ? -mean / divisor : .nan
                    if self == .softmax {
                        Kernels.scale(row.baseAddress, row.count, scale)
                    } else {
                        row.update(repeating: scale)
                    }
                    NegativeTerms.weigh(row, by: counts)
                    addPositives(of: shared, own, 1 / divisor, to: row)
                    if largest.isNaN {
                        for index in 0..<shared.positives.count { losses[index] = .nan }
                    }
                    return 1
                }
            }
        }
    }

    /// The same of the softmax, each negative of which adds `constant + factor · log p`.
    static func sumShared(
        _ logits: inout MutableSpan<Float>, _ shared: SharedRow,
        _ losses: inout MutableSpan<Float>, clippedTo range: ClosedRange<Float>,
        constant: Float, factor: Float, positive: Term
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            let examples = shared.positives.count
            return shared.scratch.with(Float.self, count: row.count + examples) { scratch in
                shared.counts.withPointer { counts in
                    let passed = UnsafeMutableBufferPointer(rebasing: scratch[..<row.count])
                    let own = UnsafeMutableBufferPointer(rebasing: scratch[row.count...])
                    _ = softmax.replace(row, counts)
                    let logs = Kernels.clippedLogs(
                        row.baseAddress, counts, row.count, range, passed: passed.baseAddress)
                    let negatives =
                        Double(constant) * Double(shared.columnCount)
                        + Double(factor) * Double(logs)
                    var mean = softmax.takePositives(of: shared, row, range, own, &losses) {
                        p, log in
                        // What it adds instead of a negative.
                        let term = positive(p, log)
                        return (term.loss - (constant + factor * log), term.slope - factor / p)
                    }
                    for index in 0..<examples {
                        losses[index] = Float(negatives + Double(losses[index]))
                    }
                    // p · ∂/∂p of each negative is the factor.
                    let share = shared.weights.reduce(0, +) * factor
                    mean += share * Kernels.sum(passed.baseAddress, row.count)
                    Kernels.scale(row.baseAddress, row.count, -mean)
                    NegativeTerms.weigh(row, by: counts)
                    Kernels.axpy(row.baseAddress, passed.baseAddress, share, row.count)
                    softmax.addPositives(of: shared, own, 1, to: row)
                    return 1
                }
            }
        }
    }

    /// Writes the loss of each example's own column, and what its slope gives back to that column.
    ///
    /// - Parameter row: probabilities.
    /// - Returns: Σᵢ weightᵢ · slopeᵢ · pᵢ.
    private func takePositives(
        of shared: SharedRow, _ row: UnsafeMutableBufferPointer<Float>,
        _ range: ClosedRange<Float>, _ own: UnsafeMutableBufferPointer<Float>,
        _ losses: inout MutableSpan<Float>, _ term: Term
    ) -> Float {
        var mean: Float = 0
        for (index, (column, weight)) in zip(shared.positives, shared.weights).enumerated() {
            (losses[index], own[index]) = (0, 0)
            guard column >= 0 else { continue }
            let p = row[Int(column)]
            let clipped = range.clip(p)
            let (loss, slope) = term(clipped, Kernels.log(clipped))
            let passing = range.passesGradient(p) ? weight * slope : 0
            losses[index] = loss
            own[index] = self == .softmax ? passing * p : passing
            mean += passing * p
        }
        return mean
    }

    private func addPositives(
        of shared: SharedRow, _ own: UnsafeMutableBufferPointer<Float>, _ factor: Float,
        to row: UnsafeMutableBufferPointer<Float>
    ) {
        for (index, column) in shared.positives.enumerated() where column >= 0 {
            row[Int(column)] += factor * own[index]
        }
    }
}
