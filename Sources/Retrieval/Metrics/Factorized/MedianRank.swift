/// The weighted median rank of the positives, from 1: the smallest rank that at least half of the
/// weight does not exceed. A positive without a place ranks after every candidate.
///
/// Where ties may have any order, the weight of a positive is spread evenly over the places of its
/// group: the median of the expected distribution of ranks, the smallest k whose expected hit rate
/// is a half.
public struct MedianRank: ResampledMetric {
    public var name: String

    public init(name: String = "median_rank") {
        self.name = name
    }

    /// Ranks with their weights and queries.
    public struct Accumulator: Sendable {
        /// The best rank that each positive may have, and how many from there on.
        var ranks: [Double] = []
        var spreads: [Int] = []
        var weights: [Double] = []
        var queries: [Int] = []
        var queryCount = 0
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .lower, range: .from(1), definition: definition)
    }

    public var definition: String {
        """
        smallest rank, from 1, that at least half of the weight of the interactions does not \
        exceed, in the expected distribution of ranks; one without a place ranks after every \
        candidate
        """
    }

    public func makeAccumulator() -> Accumulator { Accumulator() }

    public func measure(_ queries: RankedQueries, into accumulator: inout Accumulator) {
        for index in 0..<queries.count {
            let group = queries.perInteraction[index].firstGroup
            let last = Double(queries.candidateCounts[index])
            accumulator.ranks.append(min(group?.start ?? .infinity, last) + 1)
            accumulator.spreads.append(group?.size ?? 1)
            accumulator.weights.append(Double(queries.weights[index]))
            accumulator.queries.append(accumulator.queryCount + Int(queries.queries[index]))
        }
        accumulator.queryCount += queries.queryCount
    }

    public func summarize(_ accumulator: Accumulator) -> [MetricValue] {
        let once = [Float](repeating: 1, count: accumulator.queryCount)
        let ordered = OrderedRanks(accumulator)
        return [MetricValue(name: name, value: once.withUnsafeBufferPointer(ordered.median))]
    }

    public func resample(_ accumulator: Accumulator, _ multiplicities: Matrix) -> [[Double]] {
        let ordered = OrderedRanks(accumulator)
        let count = accumulator.queryCount
        return [
            multiplicities.values.withUnsafeBufferPointer { drawn in
                (0..<multiplicities.rows).map { row in
                    let replicate = drawn[row * count..<(row + 1) * count]
                    return ordered.median(UnsafeBufferPointer(rebasing: replicate))
                }
            }
        ]
    }

    public func queryFigures(_ accumulator: Accumulator) -> [QueryFigure] {
        var figures = UnitFigures(names: [name])
        figures.beginBatch(of: accumulator.queryCount)
        for (index, rank) in accumulator.ranks.enumerated() {
            let middle = rank + Double(accumulator.spreads[index] - 1) / 2
            figures.add(
                [middle], weight: accumulator.weights[index], query: accumulator.queries[index])
        }
        return figures.queryFigures()
    }
}

/// Ranks in ascending order, ready for many medians.
private struct OrderedRanks {
    private let ranks: [Double]
    private let spreads: [Int]
    private let weights: [Double]
    private let queries: [Int]
    /// Whether no positive may have several ranks.
    private let areCertain: Bool
    private let weightOfQuery: [Double]

    init(_ accumulator: MedianRank.Accumulator) {
        let order = accumulator.ranks.indices.sorted {
            (accumulator.ranks[$0], $0) < (accumulator.ranks[$1], $1)
        }
        ranks = order.map { accumulator.ranks[$0] }
        spreads = order.map { accumulator.spreads[$0] }
        areCertain = spreads.allSatisfy { $0 == 1 }
        weights = order.map { accumulator.weights[$0] }
        queries = order.map { accumulator.queries[$0] }
        var sums = [Double](repeating: 0, count: accumulator.queryCount)
        for (query, weight) in zip(queries, weights) { sums[query] += weight }
        weightOfQuery = sums
    }

    /// The median where each query counts as often as `multiplicities` says; NaN of nothing.
    func median(_ multiplicities: UnsafeBufferPointer<Float>) -> Double {
        var total = 0.0
        for (query, weight) in weightOfQuery.enumerated() {
            total += weight * Double(multiplicities[query])
        }
        guard areCertain else { return spreadMedian(multiplicities, total: total) }
        var sum = 0.0
        for index in ranks.indices {
            sum += weights[index] * Double(multiplicities[queries[index]])
            if sum >= total / 2 && sum > 0 { return ranks[index] }
        }
        return .nan
    }

    /// The same where weights are spread over ranks.
    private func spreadMedian(
        _ multiplicities: UnsafeBufferPointer<Float>, total: Double
    ) -> Double {
        guard total > 0 else { return .nan }
        // Shares such as thirds do not add up to their half exactly.
        let half = total / 2 * (1 - 1e-12)
        var (low, high) = (1, 1)
        for index in ranks.indices {
            high = max(high, Int(ranks[index].rounded(.up)) + spreads[index] - 1)
        }
        while low < high {
            let middle = low + (high - low) / 2
            var sum = 0.0
            for index in ranks.indices where ranks[index] <= Double(middle) {
                let reached = min(spreads[index], Int(Double(middle) - ranks[index]) + 1)
                let weight = weights[index] * Double(multiplicities[queries[index]])
                sum += weight * Double(reached) / Double(spreads[index])
            }
            if sum >= half { high = middle } else { low = middle + 1 }
        }
        return Double(low)
    }
}

extension MedianRank: CatalogComponent {
    static let nameField = CutoffFields.name("median_rank")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "median_rank", summary: "Median rank of the positives, from 1.",
        source: "weighted median; cf. Karpathy and Fei-Fei, 2015 (median rank in retrieval)",
        fields: [nameField.description]
    ) { MedianRank(name: $0[nameField]) }
}
