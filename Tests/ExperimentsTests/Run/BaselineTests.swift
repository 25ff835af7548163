import Experiments
import Foundation
import ResultsFormat
import Testing

/// Rankings without training beside the model's.
struct BaselineTests {
    @Test func theModelIsHeldAgainstPopularity() throws {
        let metrics = "metrics: {factorized: [{type: factorized_top_k, ks: [1, 10]}, mrr]}\n"
        let alone = try ExperimentsTests.run(
            Sample.small(more: metrics + "baseline: most_popular"))
        let results = try ExperimentsTests.run(Sample.small(more: metrics))
        let record = try #require(results.document.evaluation["test"])
        #expect(record.baselines["most_popular"] == alone.document.evaluation["test"]?.metrics)
        #expect(alone.document.evaluation["test"]?.baselines.isEmpty == true)
        // What the model is held against says nothing of it.
        let off = try ExperimentsTests.run(
            Sample.small(more: metrics + "evaluate: {baselines: off}"))
        #expect(off.document.evaluation["test"]?.baselines.isEmpty == true)
        #expect(off.digest == results.digest)
        #expect(off.defaultPath == results.defaultPath)
        let more = try ExperimentsTests.run(
            Sample.small(
                more: metrics + "evaluate: {baselines: [random, {type: item_knn, neighbors: 5}]}"))
        #expect(
            more.document.evaluation["test"]?.baselines.keys == ["random", "item_knn"])
        #expect(more.digest == results.digest)
    }

    /// By the same protocol, for a tower that has many keys of one user.
    @Test func baselinesKnowQueriesByWhoAsks() throws {
        let more = """
            metrics: {factorized: [{type: ndcg, per: query}, mean_rank]}
            evaluate: {exclude_seen: train, id_based: true
            """
        let spec = Sample.small(more: more).replacingOccurrences(
            of: "query: {features: [",
            with: "query: {combine: sum, features: [{type: timestamp_part, column: timestamp, "
                + "part: hour_of_day, embedding: {output_dim: 4}}, ")
        let results = try ExperimentsTests.run(
            spec + ", baselines: [{type: item_knn, neighbors: 5}]}")
        let alone = try ExperimentsTests.run(
            Sample.small(more: more + "}\nbaseline: {type: item_knn, neighbors: 5}"))
        #expect(
            results.document.evaluation["test"]?.baselines["item_knn"]
                == alone.document.evaluation["test"]?.metrics)
    }
}
