/// A metric over the whole corpus: what each query ranked, accumulated and summarised.
///
/// The measurement and what it accumulates are apart, so that lanes measure on their own and merge
/// in a fixed order.
public protocol FactorizedMetric: Sendable {
    associatedtype Accumulator: Sendable

    /// An accumulator that has measured nothing.
    func makeAccumulator() -> Accumulator

    /// Adds some ranked queries to what was measured before.
    func measure(_ queries: RankedQueries, into accumulator: inout Accumulator)

    /// The metric's values by TFRS's names, such as
    /// `factorized_top_k/top_100_categorical_accuracy`.
    func summarize(_ accumulator: Accumulator) -> [MetricValue]
}

/// One named figure of a metric.
public struct MetricValue: Hashable, Sendable {
    public var name: String
    public var value: Double

    public init(name: String, value: Double) {
        self.name = name
        self.value = value
    }
}

/// Where the positives of some queries stand in the corpus.
public struct RankedQueries: Sendable {
    /// How many candidates score strictly above the positive, for each query.
    public var strictlyGreater: [Int32]
    /// How many other candidates score the same as the positive.
    public var ties: [Int32]
    /// Whether the positive's score is a finite number; a positive with another score is a miss.
    public var isFinite: [Bool]
    /// The sample weight of each query.
    public var weights: [Float]
    /// The number of candidates in the corpus.
    public var corpusCount: Int

    /// All but `corpusCount` have one element for each query.
    public init(
        strictlyGreater: [Int32], ties: [Int32], isFinite: [Bool], weights: [Float],
        corpusCount: Int
    ) {
        self.strictlyGreater = strictlyGreater
        self.ties = ties
        self.isFinite = isFinite
        self.weights = weights
        self.corpusCount = corpusCount
    }

    public var count: Int { strictlyGreater.count }
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

    private struct State<M: FactorizedMetric>: FactorizedMetricState {
        let metric: M
        var accumulator: M.Accumulator

        mutating func measure(_ queries: RankedQueries) {
            metric.measure(queries, into: &accumulator)
        }

        func summarize() -> [MetricValue] { metric.summarize(accumulator) }
    }
}

private protocol FactorizedMetricState: Sendable {
    mutating func measure(_ queries: RankedQueries)
    func summarize() -> [MetricValue]
}
