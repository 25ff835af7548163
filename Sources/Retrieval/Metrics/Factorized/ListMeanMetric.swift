/// A metric that is the mean, over queries, of one figure of their lists, for each of several k.
/// Its values are called `name@k`; every query counts the same, with the mean over its lists where
/// it has several, and one without a list is left out.
public protocol ListMeanMetric: ResampledMetric where Accumulator == UnitFigures {
    /// How many of each query's best candidates count, for each of the values; at least 1.
    var ks: [Int] { get }

    /// What the results call the metric.
    var name: String { get }

    /// What every list needs and is the same for all, such as the popularity of the candidates.
    associatedtype Shared

    /// What all lists of some queries have in common.
    func prepare(_ queries: RankedQueries) -> Shared

    /// The figure of one list, best candidate first, as places in the corpus; never empty. NaN
    /// leaves the list out of the mean.
    func value(of list: ArraySlice<Int32>, _ shared: Shared) -> Double
}

extension ListMeanMetric {
    public var cutoffs: [Int] { ks }
    public var needs: RankingNeeds { RankingNeeds(listDepth: ks.max() ?? 0, rankDepth: 0) }

    public func makeAccumulator() -> UnitFigures {
        UnitFigures(names: ks.map { "\(name)@\($0)" })
    }

    public func measure(_ queries: RankedQueries, into accumulator: inout UnitFigures) {
        accumulator.beginBatch(of: queries.queryCount)
        let shared = prepare(queries)
        let listed = queries.listedRows
        var lists = ListFigures()
        for (index, (row, query)) in listed.enumerated() {
            lists.add(
                ks.map { k in
                    let list = queries.lists.places(of: row, first: k)
                    return list.isEmpty ? .nan : value(of: list, shared)
                })
            guard index + 1 == listed.count || listed[index + 1].query != query else { continue }
            accumulator.add(lists.takeMeans(), weight: 1, query: query)
        }
    }

    public func summarize(_ accumulator: UnitFigures) -> [MetricValue] { accumulator.means() }

    public func resample(_ accumulator: UnitFigures, _ multiplicities: Matrix) -> [[Double]] {
        accumulator.means(multiplicities)
    }

    public func queryFigures(_ accumulator: UnitFigures) -> [QueryFigure] {
        accumulator.queryFigures()
    }
}
