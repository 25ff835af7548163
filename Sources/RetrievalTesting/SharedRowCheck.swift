import Retrieval

extension Findings {
    /// A row that several examples share has the losses and the gradients of each example on a row
    /// of its own, weighted and summed.
    mutating func checkSharing(_ loss: any SharedRowLoss, _ row: ScoreRow) {
        let last = Int32(row.scores.count) - 1
        let positives: [Int32] = [last, 1, last, -1, 0]
        let weights: [Float] = [0.5, 1, 2, 1.5, 0.25]
        for drops in loss.canDropCopiesOfPositive ? [false, true] : [false] {
            var gradient = row.scores
            var losses = [Float](repeating: 0, count: positives.count)
            var span = gradient.mutableSpan
            var lossSpan = losses.mutableSpan
            let factor = loss.evaluateShared(
                &span,
                row: SharedRow(
                    positives: positives[...], weights: weights[...], counts: row.counts,
                    columnCount: row.labels.columnCount, dropsCopiesOfPositive: drops),
                losses: &lossSpan)
            var sums = [Double](repeating: 0, count: row.scores.count)
            for (index, (positive, weight)) in zip(positives, weights).enumerated() {
                let single = row.alone(positive: positive < 0 ? nil : Int(positive), drops: drops)
                let outcome = loss.outcome(on: single.row)
                requireClose(
                    Double(losses[index]), Double(outcome.loss), 1e-5,
                    "examples that share a row have the losses of rows of their own",
                    "\(row), positive \(positive), copies dropped: \(drops)")
                for (origin, slope) in zip(single.origins, outcome.gradient) {
                    sums[origin] += Double(weight) * Double(slope)
                }
            }
            for (column, sum) in sums.enumerated() {
                requireClose(
                    Double(factor) * Double(gradient[column]), sum, 1e-5,
                    "examples that share a row have the gradients of rows of their own, summed",
                    "\(row), column \(column), copies dropped: \(drops)")
            }
        }
    }
}

extension ScoreRow {
    /// One example's own row, every copy written out, those of its positive pushed down if they
    /// are accidental hits. For a row without a positive TFRS takes the first column's id.
    fileprivate func alone(positive: Int?, drops: Bool) -> (row: ScoreRow, origins: [Int]) {
        var own = self
        own.positive = positive
        var (row, origins) = own.expanded
        guard drops else { return (row, origins) }
        for column in origins.indices
        where origins[column] == positive ?? 0 && column != row.positive {
            row.scores[column] -= .greatestFiniteMagnitude / 100
        }
        return (row, origins)
    }
}
