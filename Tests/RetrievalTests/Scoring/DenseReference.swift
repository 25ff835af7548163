import Foundation
import Retrieval

/// The in-batch loss as the formulas have it: every score of every copy of every candidate, in
/// double precision, nothing shared and nothing skipped.
struct DenseReference {
    var queries: [[Double]]
    var candidates: [[Double]]
    /// The row and the positive's column (-1: none) of each example, in the batch's order.
    var rowOf: [Int]
    var positives: [Int]
    var weights: [Double]
    var temperature = 1.0
    /// How many columns each column stands for.
    var counts: [Int]
    var bias: [Double]?
    /// The identity of each column, where accidental hits are removed.
    var ids: [Int32]?
    /// By example and column.
    var allowed: [[Bool]]?
    var numHardNegatives: Int?
    var labelSmoothing = 0.0
    /// The mean over the examples rather than the sum.
    var isMean = false

    /// `float32.max / 100`.
    private static let huge = Double(Float.greatestFiniteMagnitude / 100)

    struct Result {
        /// Unweighted, in the batch's order.
        var losses: [Double]
        var loss: Double
        var queryGradient: [[Double]]
        var candidateGradient: [[Double]]
        /// A function of the embeddings with the same gradient: the loss without what is constant.
        var potential: Double
    }

    func evaluate() -> Result {
        let columns = candidates.indices.flatMap { [Int](repeating: $0, count: counts[$0]) }
        var result = Result(
            losses: [], loss: 0, queryGradient: queries.map { $0.map { _ in 0 } },
            candidateGradient: candidates.map { $0.map { _ in 0 } }, potential: 0)
        let factor = isMean ? 1 / Double(rowOf.count) : 1
        for example in rowOf.indices {
            let row = scored(example, columns)
            let weight = weights[example] * factor
            result.losses.append(row.loss)
            result.loss += weight * row.loss
            result.potential += weight * row.potential
            for (copy, slope) in row.gradient.enumerated() {
                let slope = weight * slope / temperature
                for d in candidates[columns[copy]].indices {
                    result.queryGradient[rowOf[example]][d] += slope * candidates[columns[copy]][d]
                    result.candidateGradient[columns[copy]][d] += slope * queries[rowOf[example]][d]
                }
            }
        }
        return result
    }

    private struct Row {
        var loss: Double
        var potential: Double
        /// By copy.
        var gradient: [Double]
    }

    private func scored(_ example: Int, _ columns: [Int]) -> Row {
        let query = queries[rowOf[example]]
        // The first copy of the positive's column is the positive; its others are negatives.
        let positive = positives[example] < 0 ? nil : columns.firstIndex(of: positives[example])
        var logits = columns.map { column in
            zip(query, candidates[column]).reduce(0) { $0 + $1.0 * $1.1 } / temperature
                + (bias?[column] ?? 0)
        }
        if let ids {
            let own = ids[max(0, positives[example])]
            for (copy, column) in columns.enumerated()
            where ids[column] == own && copy != positive {
                logits[copy] -= Self.huge
            }
        }
        let isHidden = columns.map { column in allowed.map { !$0[example][column] } ?? false }
        for copy in columns.indices where isHidden[copy] { logits[copy] = -Self.huge }

        var kept = Array(columns.indices)
        if let numHardNegatives {
            let keys = kept.map { logits[$0] + ($0 == positive ? Self.huge : 0) }
            kept.sort { (keys[$0], $1) > (keys[$1], $0) }
            kept = Array(kept.prefix(numHardNegatives + 1))
        }
        let maximum = kept.map { logits[$0] }.max() ?? 0
        // Taken about the maximum: of scores that are all −3.4e36 nothing else would be left.
        let logSum = log(kept.reduce(0) { $0 + exp(logits[$1] - maximum) })
        // The labels of an example without a positive sum to the smoothing alone.
        let labelSum = positive.map(kept.contains) == true ? 1 : labelSmoothing
        var row = Row(
            loss: 0, potential: labelSum * (maximum + logSum), gradient: columns.map { _ in 0 })
        for copy in kept {
            let label =
                (copy == positive ? 1 - labelSmoothing : 0) + labelSmoothing / Double(kept.count)
            row.loss -= label * (logits[copy] - maximum - logSum)
            guard !isHidden[copy] else { continue }
            row.potential -= label * logits[copy]
            row.gradient[copy] = labelSum * exp(logits[copy] - maximum - logSum) - label
        }
        return row
    }
}
