/// A metric over the whole corpus: what each query ranked, accumulated and summarised.
///
/// The measurement and what it accumulates are apart, so that measurements of successive batches
/// add up. A metric that is the mean of one figure per query need only be a ``UnitMeanMetric`` or
/// a ``CutoffMetric``.
public protocol FactorizedMetric: DescribedMetric {
    /// What was measured so far.
    associatedtype Accumulator: Sendable

    /// What the metric must be given beside ranks.
    var needs: RankingNeeds { get }

    /// The metric's formula and conventions in words, for the results.
    var definition: String { get }

    /// An accumulator that has measured nothing.
    func makeAccumulator() -> Accumulator

    /// Adds some ranked queries to what was measured before.
    func measure(_ queries: RankedQueries, into accumulator: inout Accumulator)

    /// The metric's values by name, such as `factorized_top_k/top_100_categorical_accuracy`.
    func summarize(_ accumulator: Accumulator) -> [MetricValue]

    /// The cut-offs of its values, in the order in which a spec gives them; none for a metric that
    /// counts all candidates.
    var ks: [Int] { get }

    /// What is to be said of the metric over a corpus of that many candidates.
    ///
    /// - Parameter name: the metric's name in the catalogue.
    func advice(corpusCount: Int, name: String) -> [Advice]
}

extension ComponentKind where Product == any FactorizedMetric {
    /// Metrics over the corpus: ``FactorizedMetric``.
    public static var factorizedMetric: ComponentKind {
        ComponentKind(noun: "factorized metric", pluralNoun: "factorized metrics")
    }
}

extension FactorizedMetric {
    public var figure: FigureDescription { FigureDescription(definition: definition) }
    public var ks: [Int] { [] }

    public func advice(corpusCount: Int, name: String) -> [Advice] {
        CutoffFields.advice(on: ks, beyond: corpusCount) { k in
            "\(name) of the best \(k) counts all of the \(corpusCount) candidates"
        }
    }

    public var needs: RankingNeeds { RankingNeeds() }
}

/// What a metric must be given.
public struct RankingNeeds: Hashable, Sendable {
    /// How many of each query's best candidates it reads; 0: ranks suffice.
    public var listDepth: Int
    /// Up to which place from the best it must know a positive's rank; nil: wherever it stands,
    /// which only an exact index tells.
    public var rankDepth: Int?
    /// The columns of the candidates that it reads, of tokens or lists of tokens.
    public var candidateColumns: [String]
    /// The columns of the candidates that it reads as numbers: integers, numbers or times.
    public var candidateNumbers: [String]
    /// The columns of the interactions that it reads.
    public var interactionColumns: [String]

    public init(
        listDepth: Int = 0, rankDepth: Int? = nil, candidateColumns: [String] = [],
        candidateNumbers: [String] = [], interactionColumns: [String] = []
    ) {
        self.listDepth = listDepth
        self.rankDepth = rankDepth
        self.candidateColumns = candidateColumns
        self.candidateNumbers = candidateNumbers
        self.interactionColumns = interactionColumns
    }
}

extension Sequence where Element == RankingNeeds {
    /// Up to which place all of them together must know a positive's rank; nil: wherever it stands.
    public var rankDepth: Int? {
        reduce(0) { depth, needs in
            guard let depth, let needed = needs.rankDepth else { return nil }
            return Swift.max(depth, needed)
        }
    }
}

/// A metric whose value follows from what single queries contribute, so that queries can be drawn
/// again to tell how certain it is.
public protocol ResampledMetric: FactorizedMetric {
    /// Each of the values as it would be if query q had been measured `multiplicities[r, q]` times,
    /// for every r; NaN where nothing was measured.
    func resample(_ accumulator: Accumulator, _ multiplicities: Matrix) -> [[Double]]

    /// The figures of single queries by value's name: element q belongs to query q, NaN where it
    /// has none.
    func queryFigures(_ accumulator: Accumulator) -> [QueryFigure]
}

/// One of a metric's values for each query.
public struct QueryFigure: Hashable, Sendable {
    public var name: String
    /// The figure of each query; NaN where it has none.
    public var values: [Double]
    /// How much each query counts.
    public var weights: [Double]

    /// - Parameters:
    ///   - values: one for each query; NaN where it has none.
    ///   - weights: as many; what each query counts in the metric's mean.
    public init(name: String, values: [Double], weights: [Double]) {
        self.name = name
        self.values = values
        self.weights = weights
    }
}

/// A factorized metric with its accumulator, its type erased.
public struct FactorizedMetricRun: Sendable {
    private var state: any FactorizedMetricState

    public init(_ metric: any FactorizedMetric) {
        state = Self.make(metric)
    }

    private static func make<M: FactorizedMetric>(_ metric: M) -> any FactorizedMetricState {
        State(metric: metric, accumulator: metric.makeAccumulator())
    }

    public mutating func measure(_ queries: RankedQueries) {
        state.measure(queries)
    }

    public func summarize() -> [MetricValue] {
        state.summarize()
    }

    /// The values with queries counted several times or not at all, as
    /// ``ResampledMetric/resample(_:_:)`` has them; empty for a metric that does not follow from
    /// single queries.
    public func resample(_ multiplicities: Matrix) -> [[Double]] {
        state.resample(multiplicities)
    }

    /// The figures of single queries; empty for a metric that does not follow from them.
    public func queryFigures() -> [QueryFigure] {
        state.queryFigures()
    }

    private struct State<M: FactorizedMetric>: FactorizedMetricState {
        let metric: M
        var accumulator: M.Accumulator

        mutating func measure(_ queries: RankedQueries) {
            metric.measure(queries, into: &accumulator)
        }

        func summarize() -> [MetricValue] {
            metric.describing(metric.summarize(accumulator))
        }

        func resample(_ multiplicities: Matrix) -> [[Double]] {
            guard let metric = metric as? any ResampledMetric else { return [] }
            return Self.resample(metric, accumulator, multiplicities)
        }

        func queryFigures() -> [QueryFigure] {
            guard let metric = metric as? any ResampledMetric else { return [] }
            return Self.figures(metric, accumulator)
        }

        private static func resample<R: ResampledMetric>(
            _ metric: R, _ accumulator: Any, _ multiplicities: Matrix
        ) -> [[Double]] {
            guard let accumulator = accumulator as? R.Accumulator else { return [] }
            return metric.resample(accumulator, multiplicities)
        }

        private static func figures<R: ResampledMetric>(
            _ metric: R, _ accumulator: Any
        ) -> [QueryFigure] {
            guard let accumulator = accumulator as? R.Accumulator else { return [] }
            return metric.queryFigures(accumulator)
        }
    }
}

private protocol FactorizedMetricState: Sendable {
    mutating func measure(_ queries: RankedQueries)
    func summarize() -> [MetricValue]
    func resample(_ multiplicities: Matrix) -> [[Double]]
    func queryFigures() -> [QueryFigure]
}
