/// The weighted share of queries whose positive is among the k best candidates, for several k:
/// `tfrs.metrics.FactorizedTopK`.
///
/// A positive is among the k best when fewer than k candidates score strictly higher, so ties are
/// hits, as TensorFlow's `in_top_k` has it; one whose score is not finite is a miss.
public struct FactorizedTopK: FactorizedMetric {
    public var ks: [Int]
    public var name: String

    public init(ks: [Int] = [1, 5, 10, 50, 100], name: String = "factorized_top_k") {
        self.ks = ks
        self.name = name
    }

    public struct Accumulator: Sendable {
        /// Σ weight over the hits, for each k.
        var hits: [Double]
        var weight: Double
    }

    public func makeAccumulator() -> Accumulator {
        Accumulator(hits: [Double](repeating: 0, count: ks.count), weight: 0)
    }

    public func measure(_ queries: RankedQueries, into accumulator: inout Accumulator) {
        for query in 0..<queries.count {
            let weight = Double(queries.weights[query])
            accumulator.weight += weight
            guard queries.isFinite[query] else { continue }
            for (index, k) in ks.enumerated() where queries.strictlyGreater[query] < k {
                accumulator.hits[index] += weight
            }
        }
    }

    /// A total weight of 0 gives 0, as Keras's mean does.
    public func summarize(_ accumulator: Accumulator) -> [MetricValue] {
        zip(ks, accumulator.hits).map { k, hits in
            MetricValue(
                name: "\(name)/top_\(k)_categorical_accuracy",
                value: accumulator.weight == 0 ? 0 : hits / accumulator.weight)
        }
    }
}

extension FactorizedTopK: CatalogComponent {
    static let ksField = Field<[Int]>(
        "ks", type: .list(.integer(.atLeast(1)), count: .atLeast(1)),
        default: .list([1, 5, 10, 50, 100].map(FieldValue.integer)),
        "The k's: how many of the best candidates count.")
    static let nameField = Field<String>(
        "name", default: "factorized_top_k", "What the results call the metric.")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "factorized_top_k",
        summary: "Share of queries whose positive is among the k best of the whole corpus.",
        source: "tfrs.metrics.FactorizedTopK",
        fields: [ksField.description, nameField.description]
    ) { values in
        FactorizedTopK(ks: values[ksField], name: values[nameField])
    }
}
