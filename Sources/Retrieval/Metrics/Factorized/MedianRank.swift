/// The weighted median rank of the positives, from 1: the smallest rank that at least half of the
/// weight does not exceed. A positive without a place ranks after every candidate.
public struct MedianRank: ResampledMetric {
    public var name: String

    public init(name: String = "median_rank") {
        self.name = name
    }

    /// Ranks with their weights and queries.
    public struct Accumulator: Sendable {
        var ranks: [Double] = []
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
        exceed; one without a place ranks after every candidate
        """
    }

    public func makeAccumulator() -> Accumulator { Accumulator() }

    public func measure(_ queries: RankedQueries, into accumulator: inout Accumulator) {
        for index in 0..<queries.count {
            accumulator.ranks.append(
                min(queries.before[index], Double(queries.candidateCounts[index])) + 1)
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
            figures.add(
                [rank], weight: accumulator.weights[index], query: accumulator.queries[index])
        }
        return figures.queryFigures()
    }
}

/// Ranks in ascending order, ready for many medians.
private struct OrderedRanks {
    private let ranks: [Double]
    private let weights: [Double]
    private let queries: [Int]
    private let weightOfQuery: [Double]

    init(_ accumulator: MedianRank.Accumulator) {
        let order = accumulator.ranks.indices.sorted {
            (accumulator.ranks[$0], $0) < (accumulator.ranks[$1], $1)
        }
        ranks = order.map { accumulator.ranks[$0] }
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
        var sum = 0.0
        for index in ranks.indices {
            sum += weights[index] * Double(multiplicities[queries[index]])
            if sum >= total / 2 && sum > 0 { return ranks[index] }
        }
        return .nan
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
