import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// Ties, repeats and several lists of one user, from files to results.
struct TiesTests {
    private static let towers = """
        towers:
          query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
          candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}
        """

    /// - Parameters:
    ///   - rows: fields separated by commas, the header first.
    ///   - columns: what is not a string.
    private func run(
        _ rows: [String], split: String = "{strategy: column}", columns: String = "[]",
        towers: String = towers, _ more: String
    ) throws -> ExperimentResults {
        try withTemporaryFolder { folder in
            let path = folder + "/x.csv"
            try rows.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            return try ExperimentsTests.run(
                """
                name: b
                data:
                  source: csv
                  interactions: {path: \(path), columns: \(columns)}
                  split: \(split)
                \(towers)
                \(more)

                """)
        }
    }

    private func metrics(_ results: ExperimentResults) throws -> [String: Double] {
        let record = try #require(results.document.evaluation["test"])
        return Dictionary(uniqueKeysWithValues: record.metrics.map { ($0.key, $0.value) })
    }

    private func expect(
        _ results: ExperimentResults, _ expected: [String: Double]
    ) throws {
        let found = try metrics(results)
        for (name, value) in expected {
            let got = found[name] ?? .nan
            #expect(abs(got - value) < 1e-9, "\(name): \(got), not \(value)")
        }
    }

    private static let repeats = [
        "user_id,item_id,split", "u,a,train", "u,b,train", "v,a,train", "u,a,test", "u,a,test",
        "u,a,test",
    ]

    /// What a query has held out three times is relevant to it once.
    @Test(arguments: [false, true])
    func repeatsAreOneRelevantItem(byID: Bool) throws {
        let results = try run(
            Self.repeats,
            """
            baseline: most_popular
            evaluate: {id_based: \(byID)}
            metrics:
              factorized:
                - {type: precision, ks: [1], per: query}
                - {type: recall, ks: [1], per: query}
                - {type: ndcg, ks: [1], per: query}
                - {type: f1, ks: [1], per: query}
                - {type: map, ks: [1], per: query, divisor: attainable}
                - {type: hit_rate, ks: [1], per: query}
                - {type: precision, ks: [1]}
            """)
        try expect(
            results,
            [
                "per_query/precision@1": 1, "per_query/recall@1": 1, "per_query/ndcg@1": 1,
                "per_query/f1@1": 1, "per_query/map@1": 1, "per_query/hit_rate@1": 1,
                "precision@1": 1,
            ])
        #expect(results.document.evaluation["test"]?.examples == 3)
    }

    @Test func repeatsDoNotTakeTheAreaBelowZero() throws {
        let popular = ["a": 5, "b": 4, "c": 3, "d": 2, "e": 1].sorted { $0.key < $1.key }
            .flatMap { item, count in [String](repeating: "v,\(item),train", count: count) }
        let results = try run(
            ["user_id,item_id,split"] + popular + ["u,a,train", "u,e,test", "u,e,test"],
            "baseline: most_popular\nmetrics: {factorized: [{type: auc, per: query}]}")
        try expect(results, ["per_query/corpus_auc": 0])
    }

    /// Three of four candidates of one score are relevant.
    @Test(arguments: [
        ("expected", 0.75, 0.75), ("tfrs", 1, 1), ("pessimistic", 0, 0),
        // On half a place: 1 / log₂(2.5).
        ("mean", 1, 0.756470797366030),
    ])
    func positivesThatTie(policy: String, first: Double, discounted: Double) throws {
        let results = try run(
            [
                "user_id,item_id,split", "v,a,train", "v,b,train", "v,c,train", "u,d,train",
                "u,a,test", "u,b,test", "u,c,test",
            ],
            """
            baseline: most_popular
            evaluate: {tie_policy: \(policy)}
            metrics:
              factorized:
                - {type: precision, ks: [1], per: query}
                - {type: ndcg, ks: [1], per: query}
                - {type: hit_rate, ks: [1, 2], per: query}
            """)
        try expect(
            results,
            [
                "per_query/precision@1": first, "per_query/ndcg@1": discounted,
                "per_query/hit_rate@1": first, "per_query/hit_rate@2": 1,
            ])
        #expect(results.document.evaluation["test"]?.diagnosis?["collapsed"] != nil)
    }

    /// One user's lists, one for each history, are never counted together.
    @Test func listsOfOneUserStayApart() throws {
        var rows = ["user_id,item_id,timestamp"]
        for step in 0..<60 {
            for user in 0..<12 {
                rows.append("u\(user),i\((5 * user + step) % 40),\(12 * step + user)")
            }
        }
        let results = try run(
            rows, split: "{strategy: temporal, order_by: timestamp, test: 0.25}",
            columns: "[{name: timestamp, type: integer}]",
            towers: """
                towers:
                  query:
                    features:
                      - {type: history, column: item_id, max_length: 1, encoder: average,
                         embedding: {output_dim: 8}}
                  candidate:
                    features: [{type: string_lookup, column: item_id, embedding: {output_dim: 8}}]
                """,
            """
            evaluate: {tie_policy: pessimistic}
            metrics:
              factorized:
                - {type: precision, ks: [1], per: query}
                - {type: ndcg, ks: [10], per: query}
                - {type: hit_rate, ks: [1]}
            train: {epochs: 5, batch_size: 128, optimizer: {type: adam, learning_rate: 0.02}}
            """)
        let found = try metrics(results)
        let precision = try #require(found["per_query/precision@1"])
        #expect((0...1).contains(precision))
        #expect((0...1).contains(try #require(found["per_query/ndcg@10"])))
        // Every user has as many interactions as another, each with a list of its own or alike
        // ones: a list of one relevant item has the precision of its interaction.
        #expect(abs(precision - (found["hit_rate@1"] ?? .nan)) < 1e-9)
    }

    /// A query without a history knows nothing, and chance ranks for it.
    @Test(arguments: [
        "average", "{type: gru, units: 4}", "{type: lstm, units: 4}",
        "{type: self_attention, heads: 1}",
    ])
    func queriesWithoutInputAreRankedByChance(encoder: String) throws {
        let results = try run(
            [
                "user_id,item_id,timestamp,split", "a,x,1,train", "a,y,2,train", "b,y,3,train",
                "b,z,4,train", "c,x,5,train", "c,z,6,train", "d,w,7,test", "e,v,8,test",
                "f,x,9,test",
            ], columns: "[{name: timestamp, type: integer}]",
            towers: """
                towers:
                  query:
                    features:
                      - {type: history, column: item_id, max_length: 4, encoder: \(encoder),
                         embedding: {output_dim: 4}}
                  candidate:
                    features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]
                """,
            """
            metrics: {factorized: [{type: factorized_top_k, ks: [1, 5]}, mrr, auc, mean_rank]}
            train: {epochs: 2, batch_size: 4}
            """)
        let harmonic = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4 + 1.0 / 5
        try expect(
            results,
            [
                "factorized_top_k/top_1_categorical_accuracy": 0.2,
                "factorized_top_k/top_5_categorical_accuracy": 1, "mrr": harmonic / 5,
                "corpus_auc": 0.5, "mean_rank": 3,
            ])
        let diagnosis = try #require(results.document.evaluation["test"]?.diagnosis)
        #expect(diagnosis["collapsed"] == "query_embeddings_zero")
        #expect(diagnosis["tied_positives"]?["share"]?.doubleValue == 1)
        #expect(diagnosis["tied_positives"]?["mean_ties"]?.doubleValue == 4)
        #expect(
            results.document.warnings.contains {
                $0.contains("has collapsed") && $0.contains("no input")
            })
    }

    /// Dead units and tables of zeros are failures of the model, and worth what chance is.
    @Test(arguments: [
        (
            "query: {features: [ID], layers: [{type: dense, units: 4, activation: relu, "
                + "bias_initializer: {type: constant, value: -9}}]}",
            "candidate: {features: [ITEM]}", "query_embeddings_zero"
        ),
        (
            "query: {features: [ID]}",
            "candidate: {features: [ITEM], layers: [{type: dense, units: 4, activation: relu, "
                + "bias_initializer: {type: constant, value: -9}}]}", "candidate_embeddings_zero"
        ),
    ])
    func collapsesAreFound(query: String, candidate: String, kind: String) throws {
        func feature(_ text: String) -> String {
            text.replacingOccurrences(
                of: "ID", with: "{type: string_lookup, column: user_id, embedding: {output_dim: 4}}"
            ).replacingOccurrences(
                of: "ITEM",
                with: "{type: string_lookup, column: item_id, embedding: {output_dim: 4}}")
        }
        let results = try ExperimentsTests.run(
            """
            name: dead
            data: {source: synthetic, users: 24, items: 30, interactions: 300, \
            split: {train: 240, test: 60}}
            towers:
              \(feature(query))
              \(feature(candidate))
            train: {epochs: 1, batch_size: 64}
            metrics: {factorized: [{type: factorized_top_k, ks: [1, 10]}]}

            """)
        let record = try #require(results.document.evaluation["test"])
        #expect(record.diagnosis?["collapsed"]?.stringValue == kind)
        #expect(results.document.warnings.contains { $0.contains("has collapsed") })
        try expect(
            results,
            [
                "factorized_top_k/top_1_categorical_accuracy": 1.0 / 30,
                "factorized_top_k/top_10_categorical_accuracy": 1.0 / 3,
            ])
    }

    /// Items that equal each other in every feature, among trained queries.
    @Test func equalItemsAreWarnedOf() throws {
        var rows = ["user_id,item_id,kind,split"]
        for index in 0..<120 {
            let item = index * 7 % 30
            rows.append(
                "u\(index % 12),i\(item),k\(item % 5),\(index % 4 == 3 ? "test" : "train")")
        }
        let results = try run(
            rows,
            towers: Self.towers.replacingOccurrences(of: "column: item_id", with: "column: kind"),
            "train: {epochs: 2, batch_size: 32}\nmetrics: {factorized: [mean_rank]}")
        let ties = try #require(
            results.document.evaluation["test"]?.diagnosis?["tied_positives"])
        #expect(ties["share"]?.doubleValue == 1)
        #expect(ties["mean_ties"]?.doubleValue == 5)
        #expect(ties["causes"]?["candidates_with_equal_embedding"]?.integerValue == 30)
        #expect(
            results.document.warnings.contains {
                $0.hasPrefix("100.0% of the test positives tie with other candidates, with 5.0 ")
                    && $0.contains("30 of 30 candidates have an embedding that others have too")
            })
    }

    /// TFRS's reading and the default say the same of trained ids.
    @Test(arguments: [false, true])
    func trainedEmbeddingsDoNotTie(byID: Bool) throws {
        func record(_ policy: String) throws -> EvaluationRecord {
            let results = try ExperimentsTests.run(
                Sample.small(
                    more: """
                        evaluate: {id_based: \(byID), tie_policy: \(policy)}
                        metrics:
                          factorized: [factorized_top_k, mrr, mean_rank, median_rank,
                            {type: ndcg, per: query}, {type: map}, {type: hit_rate, per: query}]
                        """))
            return try #require(results.document.evaluation["test"])
        }
        let (expected, tfrs) = (try record("expected"), try record("tfrs"))
        #expect(expected.metrics == tfrs.metrics && expected.metrics.count > 10)
        #expect(expected.intervals == tfrs.intervals)
        #expect(expected.diagnosis?["tied_positives"]?["share"]?.doubleValue == 0)
    }

    // MARK: Whatever a spec says

    /// No spec takes a figure out of its range, whatever its data repeat and tie.
    @Test func randomSpecsStayInRange() throws {
        var random = RandomStream(seed: 11, stream: "ties")
        func pick<T>(_ choices: [T]) -> T { choices[random.below(choices.count)] }
        for _ in 0..<30 {
            var rows = ["user_id,item_id,kind,timestamp,grade,split"]
            let items = 2 + random.below(8)
            for index in 0..<(12 + random.below(40)) {
                let item = random.below(items)
                rows.append(
                    "u\(random.below(5)),i\(item),k\(item % 2),\(random.below(9)),"
                        + "\(random.below(3)),"
                        + (index < 3 ? "train" : index == 3 ? "test" : pick(["train", "test"])))
            }
            let initializer = pick(["zeros", "ones", "random_uniform"])
            let table = "embedding: {output_dim: 2, embeddings_initializer: \(initializer)}"
            let query = pick([
                "{type: string_lookup, column: user_id, \(table)}",
                "{type: string_lookup, column: grade, \(table)}",
                "{type: history, column: item_id, max_length: 2, encoder: average, \(table)}",
            ])
            let item = pick(["item_id", "kind"])
            let k = pick(["1", "3", "9223372036854775807"])
            let per = pick(["interaction", "query"])
            let evaluate =
                [
                    "tie_policy: " + pick(["expected", "tfrs", "pessimistic", "mean"]),
                    "id_based: " + pick(["true", "false"]),
                    "exclude_seen: " + pick(["nothing", "train"]),
                    pick(["candidates: streaming", "candidates: brute_force"]),
                ] + pick([[], [], ["sampled_negatives: {count: 2}"]])
            let lists =
                evaluate.count == 5
                ? "" : ", {type: gini_index, ks: [\(k)]}, {type: novelty, ks: [\(k)]}"
            let results = try run(
                rows,
                columns: "[{name: timestamp, type: integer}]",
                towers: """
                    towers:
                      query: {features: [\(query)]}
                      candidate: {features: [{type: string_lookup, column: \(item), \(table)}]}
                    """,
                """
                evaluate: {\(evaluate.joined(separator: ", "))}
                train: {epochs: 1, batch_size: 16}
                metrics:
                  factorized: [{type: factorized_top_k, ks: [\(k)]}, {type: precision, ks: [\(k)], \
                per: \(per)}, {type: recall, ks: [\(k)], per: \(per)}, {type: f1, ks: [\(k)], \
                per: \(per)}, {type: hit_rate, ks: [\(k)], per: \(per)}, {type: map, ks: [\(k)], \
                per: \(per)}, {type: ndcg, ks: [\(k)], per: \(per)}, {type: mrr, per: \(per)}, \
                {type: auc, per: \(per)}, {type: serendipity, ks: [\(k)]}, mean_rank, median_rank, \
                {type: popularity_bucketed_recall, ks: [\(k)]}\(lists)]
                """)
            let record = try #require(results.document.evaluation["test"])
            for found in [record.metrics] + record.baselines.map(\.value) {
                for metric in found {
                    let upper: Double =
                        metric.key.contains("rank")
                        ? Double(items + 1)
                        : metric.key.hasPrefix("novelty") ? 16 : 1
                    let lower: Double = metric.key.contains("rank") ? 1 : 0
                    #expect((lower...upper).contains(metric.value), "\(metric)")
                }
            }
            for (name, interval) in record.intervals.map({ ($0.key, $0.value) })
            where !name.contains("rank") && !name.hasPrefix("novelty") {
                #expect(interval.lower >= 0 && interval.upper <= 1 + 1e-6, "\(name) \(interval)")
            }
        }
    }
}
