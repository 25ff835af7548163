/// How a row of scores becomes probabilities, and how a gradient in these goes back.
enum RowProbabilities {
    /// `softmax(z)`.
    case softmax
    /// `zⱼ / Σ z`, what Keras makes of scores that it is told are probabilities already.
    case shares
    /// The scores as they stand.
    case given

    /// The probabilities of a row, clipped, with their logarithms: what a loss needs of them.
    struct Clipped {
        let values: UnsafeMutableBufferPointer<Float>
        let logs: UnsafeMutableBufferPointer<Float>
    }

    /// Replaces the scores by probabilities (of one copy of each column), has the loss evaluated on
    /// these clipped, and replaces them by the gradient.
    ///
    /// - Parameter body: returns the loss and writes to each column the sum over its copies of the
    ///   loss's derivative by the copy's probability. Columns that were clipped are set to 0
    ///   afterwards.
    func evaluate(
        _ logits: inout MutableSpan<Float>, _ labels: RowLabels,
        clippedTo range: ClosedRange<Float>,
        body: (_ probabilities: Clipped, _ slopes: UnsafeMutableBufferPointer<Float>) -> Float
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            let count = row.count
            return labels.withScratch(of: Float.self, count: 3 * count) { scratch in
                func part(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
                    UnsafeMutableBufferPointer(
                        rebasing: scratch[index * count..<(index + 1) * count])
                }
                let (values, logs, slopes) = (part(0), part(1), part(2))
                let divisor = replace(row, labels.counts)
                for column in row.indices { values[column] = range.clip(row[column]) }
                Kernels.log(logs.baseAddress, values.baseAddress, count)
                slopes.update(repeating: 0)
                let loss = body(Clipped(values: values, logs: logs), slopes)
                for column in row.indices where !range.passesGradient(row[column]) {
                    slopes[column] = 0
                }
                pullBack(slopes, to: row, labels.counts, divisor)
                return loss
            }
        }
    }

    /// Returns what the row was divided by.
    private func replace(_ row: UnsafeMutableBufferPointer<Float>, _ counts: [Float]?) -> Float {
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
        _ counts: [Float]?, _ divisor: Float
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
    let positive: Float
    let negative: Float

    init(_ labelSmoothing: Float, over columnCount: Float) {
        negative = labelSmoothing > 0 ? labelSmoothing / columnCount : 0
        positive = (1 - labelSmoothing) + negative
    }

    /// The sum of the labels of a column's copies.
    @inline(__always)
    func total(_ column: Int, _ labels: RowLabels) -> Float {
        let negatives = labels.negatives(in: column) * negative
        return column == labels.positive ? negatives + positive : negatives
    }
}
