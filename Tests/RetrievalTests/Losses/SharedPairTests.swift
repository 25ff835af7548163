import Retrieval
import RetrievalTesting
import Testing

/// Losses over pairs, whose examples share a row, on rows that are longer and wilder than those
/// that every loss is tried on.
struct SharedPairTests {
    private static let losses: [any SharedRowLoss] = [
        BayesianPersonalizedRanking(), PairwiseLogistic(), PairwiseHinge(),
        PairwiseHinge(margin: 0.25),
    ]

    /// Scores that lie far enough apart that an exponential of each would not do.
    @Test(arguments: [1, 30, 200] as [Float])
    func examplesAreAsOnRowsOfTheirOwn(scale: Float) {
        var random = RandomStream(seed: 3, stream: "pairs")
        for loss in Self.losses {
            for columns in [1, 2, 15, 16, 17, 40, 131] {
                let scores = (0..<columns).map { _ in random.uniformFloat(in: -scale..<scale) }
                let counts = scores.map { _ in Float(1 + random.below(3)) }
                let positives = (0..<6).map { _ in Int32(random.below(columns + 1)) - 1 }
                let weights = positives.map { _ in random.uniformFloat(in: 0..<2) }
                let columnCount = counts.reduce(0, +)
                var row = scores
                var losses = positives.map { _ in Float(0) }
                var rowSpan = row.mutableSpan
                var lossSpan = losses.mutableSpan
                let factor = loss.evaluateShared(
                    &rowSpan,
                    row: SharedRow(
                        positives: positives[...], weights: weights[...], counts: counts,
                        columnCount: columnCount, dropsCopiesOfPositive: false),
                    losses: &lossSpan)
                var sums = scores.map { _ in 0.0 }
                for (index, positive) in positives.enumerated() {
                    var own = scores
                    var span = own.mutableSpan
                    let expected = loss.evaluate(
                        &span,
                        labels: RowLabels(
                            positive: positive < 0 ? nil : Int(positive), counts: counts,
                            columnCount: columnCount))
                    #expect(
                        abs(losses[index] - expected) <= 1e-5 * max(1, expected),
                        "\(loss), \(columns) columns")
                    for column in own.indices {
                        sums[column] += Double(weights[index]) * Double(own[column])
                    }
                }
                let largest = sums.map(\.magnitude).max() ?? 0
                for (found, sum) in zip(row, sums) {
                    #expect(
                        abs(Double(factor * found) - sum) <= 1e-5 * max(1, largest),
                        "\(loss), \(columns) columns")
                }
            }
        }
    }

    /// A row that is broken shows in every example's loss, with a positive or without.
    @Test func noNumbersShow() {
        for loss in Self.losses {
            var row: [Float] = [0.5, .nan, 1, 2]
            var losses: [Float] = [0, 0]
            var rowSpan = row.mutableSpan
            var lossSpan = losses.mutableSpan
            _ = loss.evaluateShared(
                &rowSpan,
                row: SharedRow(
                    positives: [0, -1], weights: [1, 1], counts: nil, columnCount: 4,
                    dropsCopiesOfPositive: false), losses: &lossSpan)
            #expect(losses.count { $0.isNaN } == 2)
            #expect(row.count { $0.isNaN } > 0)
        }
    }
}
