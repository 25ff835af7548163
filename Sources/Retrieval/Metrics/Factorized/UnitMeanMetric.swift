/// A metric that is the weighted mean, over queries, of one figure or several. A query that has
/// several lists has the mean of their figures.
public protocol UnitMeanMetric: ResampledMetric where Accumulator == UnitFigures {
    /// What counts as a query.
    var per: QueryUnit { get }

    /// The names of the values, in the order of the figures.
    var valueNames: [String] { get }

    /// What gives the figures of each list; NaN leaves a list out of that mean. Work that is the
    /// same for all lists is done before the function is returned.
    func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double]
}

extension UnitMeanMetric {
    public func makeAccumulator() -> UnitFigures { UnitFigures(names: valueNames) }

    public func measure(_ queries: RankedQueries, into accumulator: inout UnitFigures) {
        let units = per == .query ? queries.perQuery : queries.perInteraction
        let figures = figures(in: queries)
        accumulator.beginBatch(of: queries.queryCount)
        guard per == .query else {
            for index in 0..<units.count {
                accumulator.add(
                    figures(units[index]), weight: units.weights[index],
                    query: Int(units.queries[index]))
            }
            return
        }
        var lists = ListFigures()
        for index in 0..<units.count {
            lists.add(figures(units[index]))
            let query = units.queries[index]
            guard index + 1 == units.count || units.queries[index + 1] != query else { continue }
            accumulator.add(lists.takeMeans(), weight: 1, query: Int(query))
        }
    }

    public func summarize(_ accumulator: UnitFigures) -> [MetricValue] { accumulator.means() }

    public func resample(_ accumulator: UnitFigures, _ multiplicities: Matrix) -> [[Double]] {
        accumulator.means(multiplicities)
    }

    public func queryFigures(_ accumulator: UnitFigures) -> [QueryFigure] {
        accumulator.queryFigures()
    }

    /// A value's name: that of the metric, and that it is a mean over queries.
    func valueName(_ name: String) -> String { per == .query ? "per_query/" + name : name }
}

/// The figures of one query's lists, of which a query has the means.
struct ListFigures {
    private var sums: [Double] = []
    private var counts: [Int] = []

    /// - Parameter figures: of one list; NaN where it has none.
    mutating func add(_ figures: [Double]) {
        if sums.count != figures.count {
            sums = figures.map { _ in 0 }
            counts = figures.map { _ in 0 }
        }
        for (index, figure) in figures.enumerated() where !figure.isNaN {
            sums[index] += figure
            counts[index] += 1
        }
    }

    /// The means so far, NaN of nothing; what is added next belongs to another query.
    mutating func takeMeans() -> [Double] {
        defer { (sums, counts) = ([], []) }
        return zip(sums, counts).map { $1 == 0 ? .nan : $0 / Double($1) }
    }
}

/// What a mean over queries adds up: Σ w·v and Σ w for each query.
public struct UnitFigures: Sendable {
    private let names: [String]
    private var totals: [[Double]]
    private var weights: [[Double]]
    /// How many figures each mean has.
    private var counts: [Int]
    /// The queries of the batches before this one, and with it.
    private var first = 0
    private var end = 0

    public init(names: [String]) {
        self.names = names
        totals = names.map { _ in [] }
        weights = names.map { _ in [] }
        counts = names.map { _ in 0 }
    }

    /// Makes room for the queries of a batch.
    public mutating func beginBatch(of queryCount: Int) {
        first = end
        end += queryCount
        for index in names.indices {
            totals[index] += repeatElement(0, count: queryCount)
            weights[index] += repeatElement(0, count: queryCount)
        }
    }

    /// Adds figures, one for each name, to a query of the batch.
    public mutating func add(_ figures: [Double], weight: Double, query: Int) {
        for (index, figure) in figures.enumerated() where !figure.isNaN {
            totals[index][first + query] += weight * figure
            weights[index][first + query] += weight
            counts[index] += 1
        }
    }

    /// The means; 0 where the weights sum to 0, as Keras has it, and NaN where there is no figure.
    public func means() -> [MetricValue] {
        names.indices.map { index in
            let total = totals[index].reduce(0, +)
            let weight = weights[index].reduce(0, +)
            return MetricValue(
                name: names[index],
                value: counts[index] == 0 ? .nan : weight == 0 ? 0 : total / weight)
        }
    }

    /// The means of each value in each replicate.
    func means(_ multiplicities: Matrix) -> [[Double]] {
        var divisors: (of: [Double], sums: [Float]) = ([], [])
        return names.indices.map { index in
            // Values of one metric mostly share their weights.
            if index == 0 || divisors.of != weights[index] {
                divisors = (weights[index], sums(weights[index], multiplicities))
            }
            return zip(sums(totals[index], multiplicities), divisors.sums).map { total, weight in
                weight == 0 ? .nan : Double(total / weight)
            }
        }
    }

    /// Σ v·m over the queries, for each row of multiplicities.
    private func sums(_ values: [Double], _ multiplicities: Matrix) -> [Float] {
        let values = values.map { Float($0) }
        return multiplicities.values.withUnsafeBufferPointer { drawn in
            (0..<multiplicities.rows).map { row in
                drawn.baseAddress.map { Kernels.dot(values, $0 + row * end, end) } ?? 0
            }
        }
    }

    func queryFigures() -> [QueryFigure] {
        names.indices.map { index in
            QueryFigure(
                name: names[index],
                values: zip(totals[index], weights[index]).map { $1 == 0 ? .nan : $0 / $1 },
                weights: weights[index])
        }
    }
}
