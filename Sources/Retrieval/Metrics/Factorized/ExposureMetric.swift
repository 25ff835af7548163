/// A metric of how the lists of all queries together are spread over the catalogue, for each of
/// several k. Its values are called `name@k`.
///
/// It does not follow from single queries, and drawing queries again would make it smaller, since
/// repeated lists hold no new candidates; so it has no interval.
public protocol ExposureMetric: FactorizedMetric where Accumulator == Exposure {
    /// How many of each query's best candidates are shown, for each of the values; at least 1.
    var ks: [Int] { get }

    /// What the results call the metric.
    var name: String { get }

    /// The figure of how often each candidate of the corpus stands in the lists.
    func value(of counts: [Int]) -> Double
}

extension ExposureMetric {
    public var cutoffs: [Int] { ks }
    public var needs: RankingNeeds { RankingNeeds(listDepth: ks.max() ?? 0, rankDepth: 0) }

    public func makeAccumulator() -> Exposure { Exposure(counts: ks.map { _ in [] }) }

    public func measure(_ queries: RankedQueries, into exposure: inout Exposure) {
        for (index, k) in ks.enumerated() {
            let missing = queries.corpusCount - exposure.counts[index].count
            if missing > 0 { exposure.counts[index] += repeatElement(0, count: missing) }
            for (row, _) in queries.listedRows {
                for place in queries.lists.places(of: row, first: k) {
                    exposure.counts[index][Int(place)] += 1
                }
            }
        }
    }

    public func summarize(_ exposure: Exposure) -> [MetricValue] {
        zip(ks, exposure.counts).map { k, counts in
            MetricValue(
                name: "\(name)@\(k)",
                value: counts.allSatisfy { $0 == 0 } ? .nan : value(of: counts))
        }
    }
}

/// How often each candidate was listed, for each k.
public struct Exposure: Sendable {
    var counts: [[Int]]
}
