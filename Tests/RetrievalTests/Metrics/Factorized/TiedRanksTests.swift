import Retrieval
import Testing

/// Every metric over the corpus against one that writes down every order of the tied.
struct TiedRanksTests {
    /// A metric with what it says of one order of one list, for each of its values.
    private struct Reference {
        var metric: any FactorizedMetric
        var per: QueryUnit
        var figures: [(PlainList.Order) -> Double]

        init(
            _ metric: any FactorizedMetric, per: QueryUnit,
            _ figures: [(PlainList.Order) -> Double]
        ) {
            (self.metric, self.per, self.figures) = (metric, per, figures)
        }
    }

    private static let ks = [1, 2, 3, 7, Int.max]

    private static func hits(_ order: PlainList.Order, _ k: Int) -> Double {
        Double(order.places.count { $0.place < Double(k) })
    }

    private static func log2(_ x: Double) -> Double {
        var (value, result) = (x, 0.0)
        while value >= 2 { (value, result) = (value / 2, result + 1) }
        // ln by its series, apart from the code under test.
        let y = (value - 1) / (value + 1)
        var (sum, term) = (0.0, y)
        for index in 0..<60 {
            sum += term / Double(2 * index + 1)
            term *= y * y
        }
        return result + 2 * sum / 0.69314718055994530942
    }

    private static func ndcg(_ order: PlainList.Order, _ k: Int, _ gain: (Int) -> Double) -> Double
    {
        var sum = 0.0
        for (item, place) in order.places where place < Double(k) {
            sum += gain(item) / log2(place + 2)
        }
        let best = order.grades.keys.map(gain).sorted(by: >).enumerated().reduce(0.0) {
            $1.offset < k ? $0 + $1.element / log2(Double($1.offset) + 2) : $0
        }
        return best > 0 ? sum / best : .nan
    }

    private static func precisions(_ order: PlainList.Order, _ k: Int) -> Double {
        order.places.enumerated().reduce(0.0) { sum, entry in
            let place = entry.element.place
            return place < Double(k) ? sum + Double(entry.offset + 1) / (place + 1) : sum
        }
    }

    private static func references(_ evaluation: SmallEvaluation) -> [Reference] {
        let popular = evaluation.corpus.indices.sorted {
            (evaluation.trainingCounts[$1], $0) < (evaluation.trainingCounts[$0], $1)
        }.map { evaluation.corpus[$0] }
        func each(
            _ figure: @escaping (PlainList.Order, Int) -> Double
        ) -> [(PlainList.Order) -> Double] { ks.map { k in { figure($0, k) } } }
        return [QueryUnit.interaction, .query].flatMap { per -> [Reference] in
            [
                Reference(HitRate(ks: ks, per: per), per: per, each { hits($0, $1) > 0 ? 1 : 0 }),
                Reference(
                    CorpusPrecision(ks: ks, per: per), per: per, each { hits($0, $1) / Double($1) }),
                Reference(
                    CorpusRecall(ks: ks, per: per), per: per,
                    each { hits($0, $1) / Double($0.relevantCount) }),
                Reference(
                    F1(ks: ks, per: per), per: per,
                    each { order, k in
                        let (p, r) = (
                            hits(order, k) / Double(k), hits(order, k) / Double(order.relevantCount)
                        )
                        return p + r > 0 ? 2 * p * r / (p + r) : 0
                    }),
                Reference(
                    MeanAveragePrecision(ks: ks, per: per), per: per,
                    each { precisions($0, $1) / Double($0.relevantCount) }),
                Reference(
                    MeanAveragePrecision(ks: ks, per: per, name: "x", divisor: .attainable),
                    per: per, each { precisions($0, $1) / Double(min($1, $0.relevantCount)) }),
                Reference(
                    CorpusNDCG(ks: ks, per: per), per: per, each { ndcg($0, $1) { _ in 1 } }),
                Reference(
                    CorpusNDCG(ks: ks, per: per, name: "x", gainColumn: "grade"), per: per,
                    each { order, k in ndcg(order, k) { order.grades[$0] ?? 0 } }),
                Reference(
                    CorpusNDCG(
                        ks: ks, per: per, name: "x", gainColumn: "grade", isExponential: true),
                    per: per,
                    each { order, k in
                        ndcg(order, k) {
                            (0..<Int(order.grades[$0] ?? 0)).reduce(1.0) { power, _ in 2 * power }
                                - 1
                        }
                    }),
                Reference(
                    CorpusMeanReciprocalRank(per: per), per: per,
                    [{ $0.places.first.map { 1 / ($0.place + 1) } ?? 0 }]),
                Reference(
                    CorpusMeanReciprocalRank(k: 2, per: per), per: per,
                    [{ $0.places.first.map { $0.place < 2 ? 1 / ($0.place + 1) : 0 } ?? 0 }]),
                Reference(CorpusAUC(per: per), per: per, [{ $0.area }]),
                Reference(
                    MeanRank(per: per), per: per,
                    [
                        { order in
                            let missing = Double(order.relevantCount - order.places.count)
                            let sum = order.places.reduce(0.0) { $0 + $1.place + 1 }
                            return (sum + missing * Double(order.candidateCount + 1))
                                / Double(order.relevantCount)
                        }
                    ]),
                Reference(
                    Serendipity(ks: ks, per: per), per: per,
                    each { order, k in
                        let expected = popular.prefix(k)
                        let found = order.places.count {
                            $0.place < Double(k) && !expected.contains($0.item)
                        }
                        return Double(found) / Double(k)
                    }),
            ]
        }
    }

    private func mean(_ list: PlainList, _ figure: (PlainList.Order) -> Double) -> Double {
        let values = list.orders.map(figure).filter { !$0.isNaN }
        return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    /// The mean over interactions by weight, or over the lists of each query and then over queries.
    private func expected(
        _ evaluation: SmallEvaluation, _ per: QueryUnit, _ figure: (PlainList.Order) -> Double
    ) -> Double {
        let means: [(weight: Double, value: Double)] =
            switch per {
            case .interaction:
                zip(evaluation.interactions, evaluation.listsOfInteractions).map {
                    (Double($0.weight), mean($1, figure))
                }
            case .query:
                evaluation.listsOfQueries.map { lists in
                    let values = lists.map { mean($0, figure) }.filter { !$0.isNaN }
                    return (1, values.reduce(0, +) / Double(values.count))
                }
            }
        let known = means.filter { !$0.value.isNaN }
        return known.reduce(0) { $0 + $1.weight * $1.value }
            / known.reduce(0) { $0 + $1.weight }
    }

    private func expectEqual(_ got: Double, _ expected: Double, _ what: String) {
        let isEqual = expected.isNaN ? got.isNaN : abs(got - expected) < 1e-9
        #expect(isEqual, "\(what): \(got), not \(expected)")
    }

    @Test func metricsAreTheMeansOverAllOrders() {
        var random = RandomStream(seed: 1, stream: "tied_ranks")
        for round in 0..<150 {
            let evaluation = SmallEvaluation(&random)
            let ranked = evaluation.ranked
            for reference in Self.references(evaluation) {
                var run = FactorizedMetricRun(reference.metric)
                run.measure(ranked)
                let values = run.summarize()
                #expect(values.count == reference.figures.count)
                for (value, figure) in zip(values, reference.figures) {
                    expectEqual(
                        value.value, expected(evaluation, reference.per, figure),
                        "\(value.name) of \(round) by \(evaluation.tiePolicy)")
                }
                expectConsistent(run, ranked)
            }
        }
    }

    /// What is drawn again, and what single queries have, add up to the value.
    private func expectConsistent(_ run: FactorizedMetricRun, _ ranked: RankedQueries) {
        let once = Matrix(rows: 1, columns: ranked.queryCount, repeating: 1)
        for (index, value) in run.summarize().enumerated() where value.value.isFinite {
            let drawn = run.resample(once)[index][0]
            #expect(abs(drawn - value.value) <= 1e-5 * max(1, abs(value.value)), "\(value.name)")
            let figure = run.queryFigures()[index]
            let known = zip(figure.values, figure.weights).filter { !$0.0.isNaN }
            let mean =
                known.reduce(0) { $0 + $1.0 * $1.1 } / known.reduce(0) { $0 + $1.1 }
            #expect(abs(mean - value.value) <= 1e-9 * max(1, abs(mean)), "\(value.name)")
        }
    }

    /// A positive of TFRS's accuracies is one interaction; a bucket's recall too.
    @Test func accuraciesAndBucketsAreExpectedHits() {
        var random = RandomStream(seed: 2, stream: "tied_ranks")
        for _ in 0..<100 {
            let evaluation = SmallEvaluation(&random)
            guard evaluation.candidates.values.allSatisfy(\.isFinite) else { continue }
            let metric = FactorizedTopK(ks: Self.ks)
            var run = FactorizedMetricRun(metric)
            run.measure(evaluation.ranked)
            for (value, k) in zip(run.summarize(), Self.ks) {
                let mean = expected(evaluation, .interaction) { Self.hits($0, k) }
                expectEqual(value.value, mean, value.name)
            }
            var buckets = FactorizedMetricRun(PopularityBucketedRecall(ks: [2], head: 0, mid: 1))
            buckets.measure(evaluation.ranked)
            let tail = evaluation.interactions.indices.filter { index in
                let place = evaluation.corpus.firstIndex(
                    of: evaluation.interactions[index].candidate)
                return place.map { evaluation.trainingCounts[$0] == 0 } ?? false
            }
            let lists = evaluation.listsOfInteractions
            let weights = tail.map { Double(evaluation.interactions[$0].weight) }
            let sum = zip(tail, weights).reduce(0) { sum, entry in
                sum + entry.1 * mean(lists[entry.0]) { Self.hits($0, 2) }
            }
            expectEqual(
                buckets.summarize()[2].value, sum / weights.reduce(0, +), "tail")
        }
    }

    /// The median is that of the ranks of all orders together.
    @Test func medianRankIsThatOfAllOrders() {
        var random = RandomStream(seed: 3, stream: "tied_ranks")
        for round in 0..<150 {
            let evaluation = SmallEvaluation(&random)
            var run = FactorizedMetricRun(MedianRank())
            run.measure(evaluation.ranked)
            var ranks: [(rank: Double, weight: Double)] = []
            for (interaction, list) in zip(evaluation.interactions, evaluation.listsOfInteractions)
            {
                let orders = list.orders
                for order in orders {
                    let rank = order.places.first.map { $0.place + 1 }
                    ranks.append(
                        (
                            rank ?? Double(order.candidateCount + 1),
                            Double(interaction.weight) / Double(orders.count)
                        ))
                }
            }
            let half = ranks.reduce(0) { $0 + $1.weight } / 2
            let median = ranks.map(\.rank).sorted().first { rank in
                ranks.reduce(0) { $1.rank <= rank ? $0 + $1.weight : $0 } >= half - 1e-9
            }
            expectEqual(run.summarize()[0].value, median ?? .nan, "\(round)")
            expectEqual(
                run.resample(
                    Matrix(rows: 1, columns: evaluation.ranked.queryCount, repeating: 1))[0][0],
                median ?? .nan, "\(round)")
        }
    }

    /// Whatever the data, the protocol and the policy, no figure leaves its range.
    @Test func everyMetricOfTheCatalogueStaysInItsRange() throws {
        var random = RandomStream(seed: 4, stream: "tied_ranks")
        let entries = Catalog.builtIn.factorizedMetrics.entries
        let metrics = try entries.map(\.description).flatMap { component in
            let fields = Set(component.fields.map(\.name))
            return try [QueryUnit.interaction, .query].map { per in
                var values = FieldValues()
                if fields.contains("per") { values["per"] = .string(per.rawValue) }
                if fields.contains("column") { values["column"] = .string("genres") }
                if fields.contains("ks") {
                    values["ks"] = .list([.integer(1), .integer(3), .integer(.max)])
                }
                return try Catalog.builtIn.make(
                    .factorizedMetric, ComponentChoice(name: component.name, values: values))
            }
        }
        #expect(metrics.count == 2 * Catalog.builtIn.names(of: .factorizedMetric).count)
        for _ in 0..<300 {
            let evaluation = SmallEvaluation(&random)
            let ranked = evaluation.ranked
            for metric in metrics {
                var run = FactorizedMetricRun(metric)
                run.measure(ranked)
                for value in run.summarize() where !value.value.isNaN {
                    let figure = try #require(value.figure)
                    #expect(figure.range != nil && figure.allows(value.value), "\(value)")
                    let range = Self.range(of: value.name, evaluation)
                    #expect(range.contains(value.value), "\(value)")
                }
                for figure in run.queryFigures() {
                    for value in figure.values where !value.isNaN {
                        #expect(Self.range(of: figure.name, evaluation).contains(value))
                    }
                }
            }
        }
    }

    private static func range(
        of name: String, _ evaluation: SmallEvaluation
    ) -> ClosedRange<Double> {
        let count = Double(evaluation.candidates.rows)
        let bits = log2(count) + 1e-12
        if name.contains("rank") && !name.contains("reciprocal") { return 1...(count + 1) }
        if name.hasPrefix("entropy") { return 0...bits }
        if name.hasPrefix("novelty") {
            let total = evaluation.trainingCounts.reduce(evaluation.corpus.count, +)
            return 0...(log2(Double(total)) + 1e-12)
        }
        if name.hasPrefix("average_popularity") {
            return 0...Double(evaluation.trainingCounts.max() ?? 0)
        }
        return 0...1
    }
}
