import Experiments
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// The corpus evaluation of a spec, from YAML to results.
struct EvaluationTests {
    private func record(_ more: String) throws -> EvaluationRecord {
        let results = try run(Sample.small(more: more))
        return try #require(results.document.evaluation["test"])
    }

    @Test func everyMetricIsReportedWithADefinition() throws {
        let names = Catalog.builtIn.names(of: .factorizedMetric).filter {
            $0 != "intra_list_diversity"
        }
        let results = try run(
            Sample.small(more: "metrics: {factorized: [\(names.joined(separator: ", "))]}"))
        let record = try #require(results.document.evaluation["test"])
        let definitions = try #require(record.definitions?["metrics"]?.objectValue)
        #expect(definitions.map(\.key) == ["loss"] + record.metrics.keys)
        for (name, value) in record.metrics.map({ ($0.key, $0.value) }) {
            let figure = try #require(definitions[name].map(FigureRecord.init(json:)))
            #expect(figure.better != nil && figure.definition?.isEmpty == false, "\(name)")
            #expect(figure.range?.contains(value) == true, "\(name) is \(value)")
            let source = try #require(figure.source.flatMap(JSONPath.init(parsing:)))
            let maker = try #require(results.document.experiment.spec[path: source], "\(name)")
            #expect(maker["type"]?.stringValue == figure.component)
        }
        #expect(record.metrics.count >= names.count + 4 + 2)
        // Rates lie in [0, 1], and their intervals around them.
        for name in ["hit_rate@10", "recall@10", "ndcg@10", "corpus_auc", "mrr"] {
            let value = try #require(record.metrics[name])
            let interval = try #require(record.intervals[name])
            #expect(interval.lower <= value && value <= interval.upper, "\(name)")
            #expect(interval.lower < interval.upper && interval.lower >= 0 && interval.upper <= 1)
        }
        #expect(record.intervals["catalogue_coverage@10"] == nil)
    }

    @Test func indexesThatAreExactAgree() throws {
        let metrics = "metrics: {factorized: [factorized_top_k, {type: mrr}, catalogue_coverage]}\n"
        let all = try record(metrics)
        let streamed = try record(
            metrics + "evaluate: {candidates: {type: streaming, batch_size: 7}}")
        #expect(all.metrics == streamed.metrics)
        #expect(all.intervals == streamed.intervals)
    }

    /// A metric beside it that needs every rank does not change what another one says.
    @Test func metricsWithACutOffAgreeWithCountingEverything() throws {
        let cut = "{type: factorized_top_k, ks: [1, 3]}, {type: ndcg, ks: [3], per: query}"
        for protocols in [
            "{exclude_seen: train}", "{tie_policy: mean}", "{tie_policy: tfrs}", "{id_based: true}",
            "{candidates: {type: streaming, batch_size: 7}, bootstrap_samples: 20}",
            "{sampled_negatives: {count: 10}}",
        ] {
            let some = try record("metrics: {factorized: [\(cut)]}\nevaluate: \(protocols)")
            let all = try record(
                "metrics: {factorized: [\(cut), mean_rank]}\nevaluate: \(protocols)")
            #expect(some.metrics.count >= 3)
            #expect(some.metrics.allSatisfy { all.metrics[$0.key] == $0.value })
            #expect(some.intervals.allSatisfy { all.intervals[$0.key] == $0.value })
        }
    }

    @Test func anApproximateIndexSaysWhatItFinds() throws {
        let metrics = "metrics: {factorized: [{type: factorized_top_k, ks: [5, 10]}]}\n"
        let exact = try record(metrics + "evaluate: {id_based: true}")
        let everything = try record(
            metrics
                + "evaluate: {id_based: true, candidates: {type: approximate, num_leaves: 4, "
                + "num_leaves_to_search: 4}}")
        #expect(everything.metrics == exact.metrics)
        let recall = everything.diagnosis?["index_recall@10"]
        #expect(recall?.doubleValue == 1)
        let little = try record(
            metrics
                + "evaluate: {id_based: true, candidates: {type: approximate, num_leaves: 6, "
                + "num_leaves_to_search: 1}}")
        let found = try #require(little.diagnosis?["index_recall@10"]?.doubleValue)
        #expect(found > 0 && found < 1)
        // What an index happens to find does not change what its metrics mean.
        #expect(
            little.definitions?["index"] == ["type": "approximate", "is_exact": false])
    }

    @Test func seenItemsAreNeverListedNorRanked() throws {
        let metrics = "metrics: {factorized: [mean_rank, {type: factorized_top_k}]}\n"
        let all = try #require(try record(metrics).metrics["mean_rank"])
        let fresh = try #require(
            try record(metrics + "evaluate: {exclude_seen: train}").metrics["mean_rank"])
        #expect(fresh < all)
    }

    @Test func sampledNegativesAreFewerAndWarnedOf() throws {
        let text = Sample.small(
            more: """
                metrics: {factorized: [mean_rank]}
                evaluate: {sampled_negatives: {count: 5}}
                """)
        let results = try run(text)
        let rank = try #require(results.document.evaluation["test"]?.metrics["mean_rank"])
        #expect(rank >= 1 && rank <= 6)
        #expect(results.document.warnings.contains { $0.contains("5 sampled negatives") })
        #expect(try run(text).digest == results.digest)
        #expect(try run(text, threads: 3).digest == results.digest)
    }

    @Test func slicesPartTheInteractions() throws {
        let record = try record(
            "evaluate: {slices: [unseen_candidates, unseen_queries, {column: rating}]}")
        #expect(record.slices["unseen_candidates"] != nil)
        let ratings = record.slices.filter { $0.key.hasPrefix("rating=") }
        #expect(ratings.map(\.value.examples).reduce(0, +) == record.examples)
        let name = "factorized_top_k/top_10_categorical_accuracy"
        let mean = ratings.reduce(0.0) {
            $0 + Double($1.value.examples) * ($1.value.metrics[name] ?? .nan)
        }
        #expect(abs(mean / Double(record.examples) - (record.metrics[name] ?? .nan)) < 1e-12)
    }

    @Test func figuresOfSingleQueriesAddUpToTheMetrics() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/figures.bin"
            let results = try run(
                Sample.small(
                    more: """
                        metrics: {factorized: [{type: recall, per: query}, {type: mrr, k: 10}]}
                        evaluate: {per_query: \(path)}
                        """))
            try results.write(to: folder + "/results.json")
            let figures = try PerQueryFile.read(from: path)
            #expect(figures.dataFingerprint == results.document.data?.fingerprint)
            #expect(figures.interactions.rowCount == 60)
            #expect(figures.valueNames == ["per_query/recall@10", "mrr@10"])
            for name in figures.valueNames {
                let values = try #require(figures.queries.numbers(name))
                let weights = try #require(figures.queries.numbers("weight:" + name))
                let sum = zip(values, weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                let mean = sum / weights.reduce(0.0) { $0 + Double($1) }
                let metric = try #require(results.document.evaluation["test"]?.metrics[name])
                #expect(abs(mean - metric) < 1e-6)
            }
            let ranks = try #require(figures.interactions.numbers("rank"))
            // Ranks are whole even where no metric asks for them.
            #expect(ranks.allSatisfy { $0 >= 1 && $0 <= 30 } && ranks.contains { $0 > 15 })
        }
    }

    @Test func evaluationDuringTrainingIsNamedAsInKeras() throws {
        let results = try run(
            Sample.small(
                train: "{epochs: 4, batch_size: 64}",
                more: "evaluate: {every: 2, on: test, metrics: [{type: mrr}]}"))
        let epochs = results.record.epochs.map(\.metrics)
        #expect(epochs.map { $0["test_mrr"] != nil } == [false, true, false, true])
        #expect(epochs.map { $0["test_loss"] != nil } == [false, true, false, true])
        #expect(epochs[3]["test_loss"] == results.record.test?.loss)
    }

    @Test func baselinesNeedNoTraining() throws {
        func auc(_ baseline: String) throws -> Double {
            let results = try run(
                Sample.small(more: "baseline: \(baseline)\nmetrics: {factorized: [auc]}"))
            #expect(results.record.status == .completed)
            #expect(results.record.epochs.isEmpty)
            #expect(results.record.test?.loss == nil)
            return try #require(results.record.test?.metrics["corpus_auc"])
        }
        let popular = try auc("most_popular")
        #expect(popular > 0.52)
        #expect(abs(try auc("{type: recent_popular, half_life: 1.0e+12}") - popular) < 0.02)
        #expect(abs(try auc("random") - 0.5) < 0.15)
        #expect(try auc("{type: item_knn, neighbors: 10}") > 0.4)
    }

    @Test func aRankingForAllIsDiagnosed() throws {
        func distinct(_ more: String) throws -> Double {
            try #require(try record(more).diagnosis?["distinct_lists"]?.doubleValue)
        }
        #expect(try distinct("baseline: most_popular") < 0.1)
        #expect(try distinct("baseline: random") == 1)
        let popular = try run(Sample.small(more: "baseline: most_popular"))
        #expect(popular.document.warnings.contains { $0.hasPrefix("the model hardly tells") })
    }

    @Test(arguments: [
        ("evaluate: {candidates: approximate}", "id_based: true"),
        ("evaluate: {every: 1}", "there is no validation part"),
        (
            "metrics: {factorized: [auc]}\nevaluate: {id_based: true, candidates: approximate}",
            "an exact index"
        ),
        (
            "metrics: {factorized: [novelty]}\nevaluate: {sampled_negatives: {count: 3}}",
            "excludes evaluate.sampled_negatives"
        ),
        ("metrics: {factorized: [{type: ndcg, gain: stars}]}", "stars"),
        ("metrics: {factorized: [{type: intra_list_diversity, column: x}]}", "x"),
        ("evaluate: {slices: [{column: nothing}]}", "nothing"),
        ("evaluate: {candidate_filter: {column: item_id, values: [none]}}", "no candidate"),
    ])
    func whatDoesNotFitIsAnError(more: String, words: String) throws {
        let error = #expect(throws: SpecError.self) { try run(Sample.small(more: more)) }
        let message = try #require(error).description
        #expect(message.contains(words), "\(message)")
        #expect(message.contains("spec.yaml:"))
    }
}
