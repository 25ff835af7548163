import Platform
import ResultsFormat
import Retrieval

/// Whether a difference of means is more than chance, given pairs of runs and, where the runs
/// recorded them, pairs of values for every query.
///
/// - **Several runs with values per query** (seeds × queries): runs and queries are both random
///   and crossed, so the variance of the mean difference is that between runs plus that between
///   queries less that of the cells (two-way clustering: Cameron, Gelbach and Miller, 2011).
///   Student's t with Satterthwaite's degrees of freedom, at most twice the runs less two: by
///   simulation more is too liberal where few runs vary much.
/// - **One run with values per query**: a paired permutation test by random signs (Smucker, Allan
///   and Carterette, 2007), and a bootstrap interval over queries. What another seed would have
///   given it cannot know.
/// - **Several runs without values per query**: Student's t on the paired differences of the runs.
/// - **One run without**: no test.
public struct SignificanceTest: Hashable, Sendable {
    /// What was tested.
    public enum Method: String, Hashable, Sendable {
        /// Over seeds and queries at once.
        case runsAndQueries = "runs_and_queries"
        /// Over queries alone.
        case queries
        /// Over seeds alone.
        case runs
        /// There is nothing to pair.
        case none
    }

    /// What was paired.
    public let method: Method
    /// Mean of the differences, candidate less baseline.
    public let difference: Double
    /// The chance of a difference at least as low, or as high, where there is none in truth; nil
    /// without a test.
    public let lowerTail: Double?
    /// The chance of so large a rise, or a larger one, if nothing had changed, in 0 ... 1; nil
    /// without a test.
    public let upperTail: Double?
    /// The 95% interval of the difference; nil without a test.
    public let interval: ClosedRange<Double>?

    /// - Parameters:
    ///   - runDifferences: of the runs' means, candidate less baseline, one for each pair of runs.
    ///   - queryDifferences: for each pair of runs the differences of its queries, in one order of
    ///     queries for all; nil where a run lacks them. They only have to vary like the metric:
    ///     their mean need not be the runs' difference.
    ///   - seed: of the permutations and the bootstrap.
    public init(runDifferences: [Double], queryDifferences: [[Double]]?, seed: UInt64) {
        precondition(!runDifferences.isEmpty, "a test needs a pair of runs")
        let mean = runDifferences.mean
        difference = mean
        let queries = queryDifferences.flatMap { rows in
            rows.count == runDifferences.count && rows[0].count >= 2
                && rows.allSatisfy { $0.count == rows[0].count } ? rows : nil
        }
        if runDifferences.count == 1 {
            guard let row = queries?.first else {
                method = .none
                lowerTail = nil
                upperTail = nil
                interval = nil
                return
            }
            method = .queries
            (lowerTail, upperTail) = Permutation.tails(row, seed: seed)
            interval = PairedBootstrap.interval(row, around: mean, seed: seed)
            return
        }
        let error = queries.map(Self.crossed) ?? Self.paired(runDifferences)
        // Squares of differences near the largest number lie beyond it.
        guard error.variance.isFinite else {
            method = .none
            lowerTail = nil
            upperTail = nil
            interval = nil
            return
        }
        method = queries == nil ? .runs : .runsAndQueries
        guard error.variance > 0 else {
            // Every run differs by exactly the same: all that can be said is that their signs
            // agree.
            let chance = pow(0.5, Double(runDifferences.count))
            lowerTail = mean < 0 ? chance : 1
            upperTail = mean > 0 ? chance : 1
            interval = mean...mean
            return
        }
        let scale = error.variance.squareRoot()
        let t = mean / scale
        lowerTail = StudentT.upperTail(-t, degreesOfFreedom: error.degreesOfFreedom)
        upperTail = StudentT.upperTail(t, degreesOfFreedom: error.degreesOfFreedom)
        let half = StudentT.quantile(0.975, degreesOfFreedom: error.degreesOfFreedom) * scale
        interval = ClosedRange<Double>.around(mean, from: -half, to: half)
    }

    private struct StandardError {
        var variance: Double
        var degreesOfFreedom: Double
    }

    private static func paired(_ differences: [Double]) -> StandardError {
        StandardError(
            variance: differences.varianceOfMean,
            degreesOfFreedom: Double(differences.count - 1))
    }

    private static func crossed(_ rows: [[Double]]) -> StandardError {
        let runs = Double(rows.count)
        let queries = Double(rows[0].count)
        let ofRuns = rows.map(\.mean).varianceOfMean
        let columns = rows[0].indices.map { column in
            rows.reduce(0) { $0 + $1[column] } / runs
        }
        let ofQueries = columns.varianceOfMean
        let mean = columns.mean
        let squares = rows.reduce(0) { sum, row in
            row.reduce(sum) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let ofCells = squares / (runs * queries * runs * queries)
        let variance = max(ofRuns + ofQueries - ofCells, ofRuns, ofQueries)
        guard variance > 0 else { return StandardError(variance: 0, degreesOfFreedom: 1) }
        let satterthwaite =
            variance * variance
            / (ofRuns * ofRuns / (runs - 1) + ofQueries * ofQueries / (queries - 1))
        return StandardError(
            variance: variance,
            degreesOfFreedom: min(max(satterthwaite, runs - 1), 2 * (runs - 1)))
    }
}

/// The paired permutation test: under no difference every query's sign is a coin's.
enum Permutation {
    static let rounds = 9999

    /// One-sided p-values by random signs, the observed one counted among them.
    static func tails(_ differences: [Double], seed: UInt64) -> (lower: Double, upper: Double) {
        // Zeros change nothing; without them equal data of any padding have equal p-values.
        let values = differences.filter { $0 != 0 }
        guard !values.isEmpty else { return (1, 1) }
        let observed = values.reduce(0, +)
        // Sums of equal terms in another order are equal but for rounding.
        let slack = values.reduce(0) { $0 + abs($1) } * 1e-12
        var stream = RandomStream(seed: seed, stream: StreamNames.gatePermutation)
        var lower = 1
        var upper = 1
        for _ in 0..<rounds {
            var sum = 0.0
            var bits: UInt64 = 0
            for (index, value) in values.enumerated() {
                if index % 64 == 0 { bits = stream.next() }
                sum += bits & 1 == 0 ? value : -value
                bits >>= 1
            }
            if sum <= observed + slack { lower += 1 }
            if sum >= observed - slack { upper += 1 }
        }
        return (Double(lower) / Double(rounds + 1), Double(upper) / Double(rounds + 1))
    }
}

/// The bootstrap over queries, by percentiles.
enum PairedBootstrap {
    static let rounds = 2000

    /// The 95% interval, moved so that it lies about `center` as it does about the mean.
    static func interval(
        _ values: [Double], around center: Double, seed: UInt64
    ) -> ClosedRange<Double>? {
        var stream = RandomStream(seed: seed, stream: StreamNames.gateBootstrap)
        let count = values.count
        let means = (0..<rounds).map { _ in
            (0..<count).reduce(0.0) { sum, _ in sum + values[stream.below(count)] } / Double(count)
        }.sorted()
        let shift = center - values.mean
        return ClosedRange<Double>.around(
            shift, from: means[rounds * 25 / 1000], to: means[rounds * 975 / 1000 - 1])
    }
}

/// Holm's step-down correction: the chance of any false alarm among all tests is at most the level
/// (Holm, 1979).
enum Holm {
    /// The p-values to compare with the level, in the given order.
    static func adjusted(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var adjusted = values
        var largest = 0.0
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, values[index] * Double(values.count - rank)))
            adjusted[index] = largest
        }
        return adjusted
    }
}

extension ClosedRange<Double> {
    /// The range with its ends moved by a number; nil where that is beyond all numbers.
    fileprivate static func around(_ center: Double, from lower: Double, to upper: Double) -> Self?
    {
        let ends = (center + lower, center + upper)
        return ends.0.isFinite && ends.1.isFinite && ends.0 <= ends.1 ? ends.0...ends.1 : nil
    }
}

extension [Double] {
    var mean: Double { reduce(0, +) / Double(count) }

    /// Of at least two values, with n - 1.
    fileprivate var varianceOfMean: Double {
        let mean = self.mean
        let squares = reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return squares / (Double(count - 1) * Double(count))
    }
}
