import ResultsFormat
import Retrieval

/// Intervals of corpus metrics by drawing the queries again.
///
/// Whole queries are drawn, with all their interactions, for the interactions of one user are not
/// independent. How often each is drawn is a Poisson variable of mean 1 (Chamandy et al., 2012,
/// "Estimating Uncertainty for Massive Data Streams"), which for many queries is Efron's bootstrap.
struct Bootstrap {
    let samples: Int
    let seed: UInt64
    let lanes: Lanes

    /// Replicates that are drawn at once.
    private static let batch = 50

    /// The 2.5% and 97.5% percentiles of each value that follows from single queries; a metric that
    /// does not has none.
    func intervals(
        of runs: [FactorizedMetricRun], queryCount: Int
    ) -> OrderedMap<ConfidenceInterval> {
        guard samples > 0, queryCount > 1 else { return [:] }
        let batches = (samples + Self.batch - 1) / Self.batch
        // By batch, run and value.
        let replicates = lanes.map(batches) { batch in
            let rows = min(Self.batch, samples - batch * Self.batch)
            let drawn = multiplicities(
                rows: rows, first: batch * Self.batch, queryCount: queryCount)
            return runs.map { $0.resample(drawn) }
        }
        var intervals: OrderedMap<ConfidenceInterval> = [:]
        for (index, run) in runs.enumerated() {
            for (place, value) in run.summarize().enumerated() {
                let values = replicates.flatMap { batch in
                    place < batch[index].count ? batch[index][place] : []
                }
                intervals[value.name] = Self.interval(values)
            }
        }
        return intervals
    }

    /// Counts of mean 1: how often each query is drawn in each replicate.
    private func multiplicities(rows: Int, first: Int, queryCount: Int) -> Matrix {
        var counts = Matrix(rows: rows, columns: queryCount)
        // Most draws are among the first few counts: compared all at once, without a branch that
        // nobody can foresee.
        let (p0, p1, p2, p3) = (Self.poisson[0], Self.poisson[1], Self.poisson[2], Self.poisson[3])
        counts.values.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows {
                var stream = RandomStream(
                    seed: seed, stream: StreamNames.bootstrap, index: first + row)
                for query in row * queryCount..<(row + 1) * queryCount {
                    let uniform = stream.next() >> 32
                    var count =
                        (uniform >= p0 ? 1 : 0) + (uniform >= p1 ? 1 : 0)
                        + (uniform >= p2 ? 1 : 0) + (uniform >= p3 ? 1 : 0)
                    if count == 4 {
                        while count < Self.poisson.count, uniform >= Self.poisson[count] {
                            count += 1
                        }
                    }
                    values[query] = Float(count)
                }
            }
        }
        return counts
    }

    /// The distribution of a Poisson variable of mean 1, P(X ≤ n) · 2³².
    private static let poisson: [UInt64] = {
        // e⁻¹ · 2³²
        var term = 0.36787944117144233 * 4_294_967_296
        var sum = 0.0
        return (0..<13).map { count in
            if count > 0 { term /= Double(count) }
            sum += term
            return UInt64(sum)
        }
    }()

    /// Percentiles by linear interpolation between order statistics; nil where most replicates
    /// have no value.
    private static func interval(_ values: [Double]) -> ConfidenceInterval? {
        let sorted = values.filter { !$0.isNaN }.sorted()
        guard sorted.count > 1, sorted.count * 2 > values.count else { return nil }
        func percentile(_ share: Double) -> Double {
            let position = share * Double(sorted.count - 1)
            let low = Int(position)
            let high = min(low + 1, sorted.count - 1)
            return sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
        }
        return ConfidenceInterval(lower: percentile(0.025), upper: percentile(0.975))
    }
}
