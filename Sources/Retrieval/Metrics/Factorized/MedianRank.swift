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
        let order = accumulator.ranks.indices.sorted {
            (accumulator.ranks[$0], $0) < (accumulator.ranks[$1], $1)
        }
        return [MetricValue(name: name, value: median(accumulator, order) { _ in 1 })]
    }

    public func resample(_ accumulator: Accumulator, _ multiplicities: Matrix) -> [[Double]] {
        let order = accumulator.ranks.indices.sorted {
            (accumulator.ranks[$0], $0) < (accumulator.ranks[$1], $1)
        }
        return [
            (0..<multiplicities.rows).map { row in
                median(accumulator, order) { Double(multiplicities[row, $0]) }
            }
        ]
    }

    public func queryFigures(_ accumulator: Accumulator) -> [QueryFigure] {
        var figures = UnitFigures(names: [name])
        figures.beginBatch(of: accumulator.queryCount)
        for (index, rank) in accumulator.ranks.enumerated() {
            figures.add([rank], weight: accumulator.weights[index], query: accumulator.queries[index])
        }
        return figures.queryFigures()
    }

    private func median(
        _ accumulator: Accumulator, _ order: [Int], _ multiplicity: (Int) -> Double
    ) -> Double {
        func weight(_ index: Int) -> Double {
            accumulator.weights[index] * multiplicity(accumulator.queries[index])
        }
        let half = order.reduce(0) { $0 + weight($1) } / 2
        var sum = 0.0
        for index in order {
            sum += weight(index)
            if sum >= half && sum > 0 { return accumulator.ranks[index] }
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
