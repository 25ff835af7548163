import Retrieval
import Testing

/// What the figures of metrics say of themselves.
struct FigureDescriptionTests {
    /// The values of every metric of the catalogue, before anything is measured.
    private static let values: [(component: String, value: MetricValue)] = {
        let catalog = Catalog.builtIn
        var column = FieldValues()
        column["column"] = .string("genres")
        func choice(_ name: String) -> ComponentChoice {
            ComponentChoice(name: name, values: name == "intra_list_diversity" ? column : .init())
        }
        func values<Product>(
            _ kind: ComponentKind<Product>, _ task: (Product) -> RetrievalTask
        ) -> [(String, MetricValue)] {
            catalog.names(of: kind).flatMap { name in
                let made = try? catalog.make(kind, choice(name))
                return (made.map(task)?.makeMetricState().summarize() ?? []).map { (name, $0) }
            }
        }
        return values(.factorizedMetric) { RetrievalTask(metrics: [$0]) }
            + values(.batchMetric) { RetrievalTask(batchMetrics: [$0]) }
            + values(.lossMetric) { RetrievalTask(lossMetrics: [$0]) }
    }()

    @Test func everyMetricHasValues() {
        let names =
            Catalog.builtIn.names(of: .factorizedMetric)
            + Catalog.builtIn.names(of: .batchMetric) + Catalog.builtIn.names(of: .lossMetric)
        #expect(Set(Self.values.map(\.component)) == Set(names))
    }

    /// Every metric of the catalogue says which way it is better, or that it is neither, between
    /// which values it lies, and what it means.
    @Test(arguments: values.indices)
    func theCatalogueDescribesItsFigures(index: Int) throws {
        let (component, value) = Self.values[index]
        let figure = try #require(value.figure)
        #expect(figure.component == component)
        #expect(figure.better != nil)
        #expect(figure.range != nil)
        #expect(!figure.definition.isEmpty)
        // Where a name says a cut-off, the description knows it.
        if let k = value.name.split(separator: "@").dropFirst().last {
            #expect(figure.cutoff.map(String.init) == String(k))
        }
    }

    @Test(arguments: [
        ("recall", FigureDescription.Better.higher), ("f1", .higher), ("mean_rank", .lower),
        ("median_rank", .lower), ("serendipity", .higher), ("ndcg", .higher),
        ("popularity_bucketed_recall", .higher), ("novelty", .neither), ("gini_index", .neither),
        ("categorical_crossentropy", .lower), ("score_margin", .higher), ("mean", .lower),
        ("standard_deviation", .neither),
    ])
    func directions(component: String, better: FigureDescription.Better) {
        let found = Self.values.filter { $0.component == component }
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.value.figure?.better == better })
    }

    /// A name says nothing.
    @Test func aMetricMayBeCalledAnything() {
        let run = FactorizedMetricRun(MeanRank(name: "recall"))
        #expect(run.summarize().map(\.figure?.better) == [.lower])
        let values = FactorizedMetricRun(HitRate(ks: [3, 7], name: "loss")).summarize()
        #expect(values.map(\.figure?.better) == [.higher, .higher])
        #expect(values.map(\.figure?.cutoff) == [3, 7])
        #expect(values.map(\.figure?.range) == [0...1, 0...1])
    }

    @Test func whatARangeAllows() {
        let share = FigureDescription.share("")
        #expect(share.allows(0) && share.allows(1) && !share.allows(1.0000001))
        #expect(!share.allows(-0.1) && !share.allows(.nan))
        #expect(FigureDescription.loss("").allows(-1e300))
        #expect(FigureDescription().allows(7) && !FigureDescription().allows(.nan))
    }

    /// A metric that says nothing has no direction, so that nothing judges it.
    private struct Silent: LossMetric {
        func makeAccumulator() -> Double { 0 }
        func measure(_ losses: [Float], into sum: inout Double) {}
        func summarize(_ sum: Double) -> [MetricValue] { [MetricValue(name: "x", value: sum)] }
    }

    @Test func nobodyHasToDescribeAnything() throws {
        let figure = try #require(LossMetricRun(Silent()).summarize().first?.figure)
        #expect(figure.better == nil && figure.range == nil && figure.component.isEmpty)
    }
}
