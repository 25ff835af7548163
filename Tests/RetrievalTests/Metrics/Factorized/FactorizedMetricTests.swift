import Retrieval
import Testing

/// Metrics over the corpus by hand.
struct FactorizedMetricTests {
    /// Two queries among ten candidates: the first's positives stand at ranks 1, 4 and 9, the
    /// second's at 3.
    private func ranked(
        tiePolicy: TiePolicy = .tfrs, ties: [Int32] = [0, 0, 0, 0],
        columns: [String: [Float]] = [:], lists: RankedLists? = nil,
        corpus: CorpusKnowledge = CorpusKnowledge()
    ) -> RankedQueries {
        RankedQueries(
            strictlyGreater: [3, 0, 2, 8], ties: ties, isFinite: [true, true, true, true],
            weights: [1, 1, 2, 1], corpusCount: 10, tiePolicy: tiePolicy,
            places: [4, 5, 6, 7], queries: [0, 0, 1, 0],
            lists: lists ?? RankedLists(depth: 0, places: [], scores: []), corpus: corpus,
            interactionColumns: columns)
    }

    private func values(
        _ metric: any FactorizedMetric, _ queries: RankedQueries
    ) -> [String: Double] {
        var run = FactorizedMetricRun(metric)
        run.measure(queries)
        return Dictionary(uniqueKeysWithValues: run.summarize().map { ($0.name, $0.value) })
    }

    private func check(_ metric: any FactorizedMetric, _ expected: [String: Double]) {
        check(metric, ranked(), expected)
    }

    private func check(
        _ metric: any FactorizedMetric, _ queries: RankedQueries, _ expected: [String: Double]
    ) {
        let got = values(metric, queries)
        #expect(got.keys.sorted() == expected.keys.sorted())
        for (name, value) in expected {
            #expect(abs((got[name] ?? .nan) - value) < 1e-12, "\(name): \(got[name] ?? .nan)")
        }
    }

    @Test func perInteractionMetricsAreWeightedMeans() {
        check(HitRate(ks: [1, 3, 10]), ["hit_rate@1": 0.2, "hit_rate@3": 0.6, "hit_rate@10": 1])
        check(CorpusRecall(ks: [3]), ["recall@3": 0.6])
        check(CorpusPrecision(ks: [4]), ["precision@4": 0.2])
        check(F1(ks: [3]), ["f1@3": 0.3])
        let reciprocals: [Double] = [0.25, 1, 2.0 / 3, 1.0 / 9]
        check(CorpusMeanReciprocalRank(), ["mrr": reciprocals.reduce(0, +) / 5])
        check(CorpusMeanReciprocalRank(k: 3), ["mrr@3": 1.0 / 3])
        check(MeanRank(), ["mean_rank": 4])
        check(MedianRank(), ["median_rank": 3])
        let areas: [Double] = [6.0 / 9, 1, 14.0 / 9, 1.0 / 9]
        check(CorpusAUC(), ["corpus_auc": areas.reduce(0, +) / 5])
    }

    @Test func perQueryMetricsAreMacroAverages() {
        check(HitRate(ks: [1], per: .query), ["per_query/hit_rate@1": 0.5])
        check(CorpusRecall(ks: [4], per: .query), ["per_query/recall@4": 5.0 / 6])
        check(CorpusPrecision(ks: [4], per: .query), ["per_query/precision@4": (0.5 + 0.25) / 2])
        let harmonic: Double = 2 * 0.5 * (2.0 / 3) / (0.5 + 2.0 / 3)
        check(F1(ks: [4], per: .query), ["per_query/f1@4": (harmonic + 0.4) / 2])
        check(
            CorpusMeanReciprocalRank(per: .query), ["per_query/mrr": 2.0 / 3])
        check(
            MeanAveragePrecision(ks: [4]),
            ["per_query/map@4": (0.5 + 1.0 / 3) / 2])
        check(
            MeanAveragePrecision(ks: [2], divisor: .attainable),
            ["per_query/map@2": 0.5 / 2])
        // Grouped: of 7 candidates that are not relevant none, 2 and 6 stand before.
        let first: Double = (1 + 5.0 / 7 + 1.0 / 7) / 3
        check(CorpusAUC(per: .query), ["per_query/corpus_auc": (first + 7.0 / 9) / 2])
    }

    @Test func gainsAreDiscountedByRank() {
        let discount: (Double) -> Double = { 1 / log2($0 + 1) }
        let best = discount(1) + discount(2) + discount(3)
        check(
            CorpusNDCG(ks: [4], per: .query),
            ["per_query/ndcg@4": ((discount(1) + discount(4)) / best + discount(3)) / 2])
        let graded = ranked(columns: ["rating": [3, 1, 0, 2]])
        let gain = 1 * discount(1) + 3 * discount(4) + 2 * discount(9)
        let ideal = 3 * discount(1) + 2 * discount(2) + 1 * discount(3)
        // The second query has no gain and is left out.
        check(
            CorpusNDCG(ks: [10], per: .query, gainColumn: "rating"), graded,
            ["per_query/ndcg@10": gain / ideal])
        let powers = 1 * discount(1) + 7 * discount(4) + 3 * discount(9)
        check(
            CorpusNDCG(ks: [10], per: .query, gainColumn: "rating", isExponential: true), graded,
            [
                "per_query/ndcg@10": powers
                    / (7 * discount(1) + 3 * discount(2) + 1 * discount(3))
            ])
    }

    private func log2(_ x: Double) -> Double {
        // By the series of the inverse hyperbolic tangent, apart from the code under test.
        let y = (x - 1) / (x + 1)
        var (sum, term) = (0.0, y)
        for index in 0..<400 {
            sum += term / Double(2 * index + 1)
            term *= y * y
        }
        return 2 * sum / 0.69314718055994530942
    }

    @Test func ties() {
        let ties: [Int32] = [2, 0, 0, 1]
        #expect(ranked(ties: ties).before == [3, 0, 2, 8])
        #expect(ranked(tiePolicy: .pessimistic, ties: ties).before == [5, 0, 2, 9])
        #expect(ranked(tiePolicy: .mean, ties: ties).before == [4, 0, 2, 8.5])
        #expect(ranked(tiePolicy: .expected, ties: ties).before == [4, 0, 2, 8.5])
    }

    @Test func listsSayWhatIsShown() {
        let lists = RankedLists(
            depth: 3, places: [0, 1, 2, 0, 3, -1], scores: [3, 2, 1, 3, 2, .nan])
        let corpus = CorpusKnowledge(
            trainingCounts: [6, 2, 0, 0, 0, 0, 0, 0, 0, 0],
            columns: Table(
                name: "items",
                columns: [
                    (
                        "genres",
                        .tokenLists(
                            TokenListColumn(
                                offsets: [0, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4],
                                codes: [0, 1, 1, 2], dictionary: ["a", "b", "c"]))
                    )
                ]))
        let shown = ranked(lists: lists, corpus: corpus)
        check(
            CatalogueCoverage(ks: [1, 3]), shown,
            [
                "catalogue_coverage@1": 0.1, "catalogue_coverage@3": 0.4,
            ])
        let entropy: Double = 0.4 * log2(2.5) + 0.6 * log2(5)
        // Shown 2, 1, 1, 1 times of five.
        check(
            ExposureEntropy(ks: [3]), shown, ["entropy@3": entropy])
        let weighted = (3.0 + 5 + 7) * 1 + 9 * 2
        check(GiniIndex(ks: [3]), shown, ["gini_index@3": weighted / (10 * 5)])
        check(
            AveragePopularity(ks: [2]), shown, ["average_popularity@2": 3.5])
        check(
            Novelty(ks: [1]), shown, ["novelty@1": log2(18.0 / 7)])
        // Jaccard distances: 0-1: 1/2, 0-2: 1, 1-2: 1; 0-3: 1.
        check(
            IntraListDiversity(column: "genres", ks: [3]), shown,
            ["intra_list_diversity@3": (2.5 / 3 + 1) / 2])
    }

    @Test func popularityTellsHeadFromTail() {
        // Places 4 to 7 hold the positives; 10 training interactions.
        let corpus = CorpusKnowledge(trainingCounts: [0, 0, 0, 0, 5, 3, 2, 0, 0, 0])
        check(
            PopularityBucketedRecall(ks: [3]), ranked(corpus: corpus),
            [
                "popularity_bucketed_recall/head@3": 0, "popularity_bucketed_recall/mid@3": 1,
                "popularity_bucketed_recall/tail@3": 2.0 / 3,
            ])
        // Among the first four: places 5 and 4 of the first query, 6 of the second; the two most
        // popular are 4 and 5.
        check(
            Serendipity(ks: [2, 4]), ranked(corpus: corpus),
            ["per_query/serendipity@2": 0, "per_query/serendipity@4": 0])
        check(
            Serendipity(ks: [3]),
            ranked(corpus: CorpusKnowledge(trainingCounts: [9, 8, 7, 0, 0, 0, 0, 0, 0, 0])),
            ["per_query/serendipity@3": 1.0 / 3])
    }

    @Test func topKCountsTiesAsHitsAndInfinitiesAsMisses() {
        let ranked = RankedQueries(
            strictlyGreater: [0, 1, 2, 0], ties: [3, 0, 0, 0], isFinite: [true, true, true, false],
            weights: [1, 2, 3, 2], corpusCount: 5, tiePolicy: .tfrs)
        var run = FactorizedMetricRun(FactorizedTopK(ks: [1, 2, 5], name: "m"))
        #expect(run.summarize().map(\.value) == [0, 0, 0])
        run.measure(ranked)
        let values = [1.0 / 8, 3.0 / 8, 6.0 / 8]
        #expect(run.summarize().map(\.value) == values)
        #expect(run.summarize()[0].name == "m/top_1_categorical_accuracy")
        run.measure(ranked)
        #expect(run.summarize().map(\.value) == values)
    }

    /// Nothing measured is nothing, not 0; a weight of 0 gives 0, as in Keras.
    @Test(arguments: Catalog.builtIn.names(of: .factorizedMetric))
    func nothingMeasuredIsAbsent(name: String) throws {
        var values = FieldValues()
        values["column"] = .string("genres")
        let metric = try Catalog.builtIn.make(
            .factorizedMetric, ComponentChoice(name: name, values: values))
        #expect(!metric.definition.isEmpty)
        let summary = FactorizedMetricRun(metric).summarize()
        #expect(!summary.isEmpty)
        #expect(summary.allSatisfy { $0.value.isNaN } != (name == "factorized_top_k"))
    }

    /// Drawing every query once is the value itself; drawing one alone is that query's.
    @Test func resamplingAgreesWithMeasuring() {
        let metrics: [any FactorizedMetric] = [
            HitRate(ks: [1, 3]), CorpusNDCG(ks: [4], per: .query), CorpusAUC(), MedianRank(),
            MeanRank(),
        ]
        for metric in metrics {
            var run = FactorizedMetricRun(metric)
            run.measure(ranked())
            let drawn = Matrix(rows: 3, columns: 2, values: [1, 1, 1, 0, 0, 2])
            let values = run.resample(drawn)
            for (index, value) in run.summarize().enumerated() {
                #expect(abs(values[index][0] - value.value) < 1e-6, "\(value.name)")
                for (row, members) in [[Int32(0), 1, 3], [Int32(2)]].enumerated() {
                    var alone = FactorizedMetricRun(metric)
                    alone.measure(ranked().selecting(members))
                    #expect(
                        abs(values[index][row + 1] - alone.summarize()[index].value) < 1e-6,
                        "\(value.name)")
                }
            }
            #expect(run.queryFigures().map(\.name) == run.summarize().map(\.name))
        }
    }
}
