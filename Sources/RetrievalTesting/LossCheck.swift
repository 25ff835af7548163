import Retrieval

/// Tries a loss on rows of scores: what it leaves must be the derivative of what it returns, equal
/// candidates that are scored once must count as their copies, examples that share a row must be
/// as on rows of their own, and neither extreme scores nor a
/// row without a positive may make numbers that are not finite.
///
/// - Parameters:
///   - loss: the loss, with the options that a spec would give it.
///   - rows: rows of 2 to 10 scores that lie within the loss's domain, away from its kinks; by
///     default real numbers about 0. Gradients are compared with central differences in float32,
///     to 2·10⁻³ of the larger of 1 and the gradient.
/// - Returns: what does not hold; empty for a loss that is right.
public func checkLoss(
    _ loss: any Loss, on rows: [ScoreRow] = ScoreRow.usual
) -> [ConformanceFinding] {
    var findings = Findings()
    for row in rows {
        findings.checkGradient(loss, row)
        findings.require(
            loss.outcome(on: row) == loss.outcome(on: row), "the same row has the same bits",
            "\(row)")
        let shared = loss as? any SharedRowLoss
        if let shared { findings.checkSharing(shared, row) }
        guard loss.supportsCounts else { continue }
        var counted = row
        counted.counts = row.scores.indices.map { Float(1 + $0 * $0 % 4) }
        findings.checkCopies(loss, counted)
        if let shared { findings.checkSharing(shared, counted) }
    }
    for row in ScoreRow.extreme {
        let gradient = loss.outcome(on: row).gradient
        findings.require(
            gradient.allSatisfy(\.isFinite), "the gradient is finite", "\(row): \(gradient)")
    }
    return findings.all
}

extension ScoreRow {
    /// Rows of real numbers, with and without a positive.
    public static let usual = [3, 0, nil].map {
        ScoreRow([0.3, -0.45, 1.7, 0.85, -1.25], positive: $0)
    }

    /// A single column, a score that the task removed, scores far from each other.
    static let extreme = [
        ScoreRow([0.25], positive: 0), ScoreRow([0.25], positive: nil),
        ScoreRow([0.5, -3.4028236e36, 0.1], positive: 0), ScoreRow([90, -90, 20], positive: 1),
    ]
}

extension Findings {
    /// Central differences of the loss itself: coarse, because it is evaluated in float32.
    fileprivate mutating func checkGradient(_ loss: any Loss, _ row: ScoreRow) {
        let outcome = loss.outcome(on: row)
        require(outcome.loss.isFinite, "the loss is finite", "\(row): \(outcome.loss)")
        let step: Float = 0x1p-7
        for column in row.scores.indices {
            var (up, down) = (row, row)
            up.scores[column] += step
            down.scores[column] -= step
            let difference = (loss.value(of: up) - loss.value(of: down)) / (2 * step)
            requireClose(
                Double(outcome.gradient[column]), Double(difference), 2e-3,
                "the gradient is the derivative of the loss", "\(row), column \(column)")
        }
    }

    /// A row with counts is the row with every copy written out.
    mutating func checkCopies(_ loss: any Loss, _ row: ScoreRow) {
        let (expanded, origins) = row.expanded
        let counted = loss.outcome(on: row)
        let dense = loss.outcome(on: expanded)
        requireClose(
            Double(counted.loss), Double(dense.loss), 2e-6,
            "a column that counts n times has the loss of n columns", "\(row)")
        var sums = [Double](repeating: 0, count: row.scores.count)
        for (column, origin) in origins.enumerated() {
            sums[origin] += Double(dense.gradient[column])
        }
        for (found, expected) in zip(counted.gradient, sums) {
            requireClose(
                Double(found), expected, 1e-5,
                "a column that counts n times has the gradients of n columns", "\(row)")
        }
    }
}

/// What ``checkLoss(_:on:)`` requires of rows with counts.
package func checkCopies(_ loss: any Loss, _ row: ScoreRow) -> [ConformanceFinding] {
    var findings = Findings()
    findings.checkCopies(loss, row)
    return findings.all
}
