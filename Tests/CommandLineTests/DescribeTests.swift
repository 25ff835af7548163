import Foundation
import ResultsFormat
import Testing

/// `tfrs-run describe`, on files whose figures can be counted by hand.
struct DescribeTests {
    /// 3 queries, 4 candidates; the fifth line repeats the first, the sixth its pair, the last is
    /// bad.
    static let log = """
        user,item,stars,at
        u1,a,5,100
        u1,b,4,200
        u2,a,3,300
        u2,c,5,400
        u1,a,5,100
        u1,a,1,500
        u3,a,4,600
        u2,d,2,86400
        u3,b,x,700

        """

    static let items = "item,name\na,A\nb,B\nc,C\nd,D\ne,E\n"

    static func spec(_ more: String = "") -> String {
        """
        name: shop
        data:
          source: csv
          interactions:
            path: log.csv
            on_bad_row: skip
            columns: [{name: stars, type: integer}, {name: at, type: timestamp}]
          items: {path: items.csv}
          query: user
          candidate: item
          split: {strategy: temporal, order_by: at, test: 2}
        \(more)
        towers:
          query: {features: [{type: string_lookup, column: user, embedding: {output_dim: 4}}]}
          candidate: {features: [{type: string_lookup, column: item, embedding: {output_dim: 4}}]}
        train: {batch_size: 3}
        """
    }

    static func run<Result>(
        _ spec: String = spec(), _ body: (Tool) throws -> Result
    ) throws -> Result {
        try Tool.run { tool in
            try tool.write(log, to: "log.csv")
            try tool.write(items, to: "items.csv")
            try tool.write(spec, to: "spec.yaml")
            return try body(tool)
        }
    }

    static func json(_ tool: Tool, _ arguments: String...) throws -> JSONValue {
        let outcome = try tool.start(["describe", "spec.yaml", "--format", "json"] + arguments)
            .wait()
        #expect(outcome.code == 0)
        return try JSONValue(parsing: outcome.output)
    }

    @Test func theFiguresAreThoseOfTheFiles() throws {
        let data = try Self.run { try Self.json($0) }
        #expect(data["interactions"] == 8)
        #expect(data["skipped_rows"] == 1)
        #expect(data["queries"]?["with_interactions"] == 3)
        #expect(data["queries"]?["listed"] == .null)
        #expect(data["candidates"]?["with_interactions"] == 4)
        #expect(data["candidates"]?["listed"] == 5)
        #expect(data["candidates"]?["without_interactions"] == 1)
        #expect(data["distinct_pairs"] == 6)
        #expect(data["sparsity"] == 0.5)
        #expect(data["duplicates"] == ["rows": 1, "pairs": 2])
        // Candidates have 5, 1, 1, 1: Σ (2i − 5)·xᵢ / (4 · 8) = (−3 − 1 + 1 + 15) / 32.
        #expect(data["popularity"]?["gini"] == 0.375)
        #expect(data["popularity"]?["top_1_percent_share"] == 0.625)
        #expect(data["popularity"]?["most_popular"]?.arrayValue?.first?["id"] == "a")
        #expect(data["history_lengths"]?["min"] == 1)
        #expect(data["history_lengths"]?["median"] == 3.0)
        #expect(data["history_lengths"]?["max"] == 4)
        #expect(data["time"]?["first"] == 100)
        #expect(data["time"]?["last_utc"] == "1970-01-02T00:00:00Z")
        #expect(data["tables"]?["interactions"]?["columns"]?["stars"]?["max"] == 5.0)
    }

    @Test func theSplitSaysWhatTrainingNeverSees() throws {
        let split = try Self.run { try Self.json($0) }["split"]
        #expect(split?["train"] == ["interactions": 6, "queries": 2, "candidates": 3])
        let test = split?["test"]
        #expect(test?["interactions"] == 2)
        #expect(test?["unseen_queries"] == 1)
        #expect(test?["unseen_candidates"] == 1)
        #expect(test?["interactions_with_unseen_query"] == 1)
        #expect(test?["interactions_with_pair_of_training"] == 0)
    }

    /// All batches of 3 of the training part, counted one by one.
    @Test func theExpectedBatchIsThatOfAllBatches() throws {
        let batches = try Self.run { try Self.json($0) }["batches"]
        let queries = ["u1", "u1", "u2", "u2", "u1", "u1"]
        let candidates = ["a", "b", "a", "c", "a", "a"]
        var (sum, count) = ((0, 0), 0)
        for i in 0..<6 {
            for j in 0..<i {
                for k in 0..<j {
                    sum.0 += Set([i, j, k].map { queries[$0] }).count
                    sum.1 += Set([i, j, k].map { candidates[$0] }).count
                    count += 1
                }
            }
        }
        let expected = (Double(sum.0) / Double(count), Double(sum.1) / Double(count))
        let found = { (name: String) in batches?[name]?.doubleValue ?? .nan }
        #expect(batches?["batch_size"] == 3 && batches?["per_epoch"] == 2)
        #expect(abs(found("expected_distinct_queries") - expected.0) < 1e-12)
        #expect(abs(found("expected_distinct_candidates") - expected.1) < 1e-12)
        #expect(abs(found("deduplication_factor") - 9 / expected.0 / expected.1) < 1e-12)
    }

    @Test func filtersSayWhatTheyLeftOut() throws {
        let spec = Self.spec("  filters: [{type: drop_duplicates}]")
        let data = try Self.run(spec) { try Self.json($0, "--set", "data.split.test=1") }
        #expect(data["interactions"] == 6)
        #expect(data["filters"]?.arrayValue?.count == 1)
        #expect(data["filters"]?.arrayValue?.first?["name"] == "drop_duplicates")
        #expect(data["filters"]?.arrayValue?.first?["removed"] == 2)
        #expect(data["duplicates"] == ["rows": 0, "pairs": 0])
        #expect(data["split"]?["test"]?["interactions"] == 1)
    }

    @Test func theTextHoldsTheSameFigures() throws {
        try Self.run { tool in
            let outcome = try tool("describe", "spec.yaml", "--output", "out/data.json")
            #expect(outcome.code == 0)
            #expect(outcome.errors.contains("note: 1 bad rows of the interactions were skipped"))
            for text in [
                "shop: csv\n", "5 listed, 1 without interactions", "50.0000%", "Gini",
                "a (5), b (1), c (1), d (1)", "1970-01-01T00:01:40Z to 1970-01-02T00:00:00Z",
                "batches of 3, 2 an epoch", "items, 5 rows",
            ] {
                #expect(outcome.output.contains(text), "\(text) in\n\(outcome.output)")
            }
            #expect(try tool.json("out/data.json")["name"] == "shop")
        }
    }

    @Test func whatIsWrongIsSaid() throws {
        try Self.run { tool in
            let wrong = try tool("describe", "spec.yaml", "--set", "data.candidate=sku")
            #expect(wrong.code == 2)
            #expect(
                wrong.errors.contains("the items have no column 'sku', by which they are joined"))
            let absent = try tool("describe", "spec.yaml", "--set", "data.interactions.path=no.csv")
            #expect(absent.code == 5)
            #expect(absent.errors.contains("no.csv"))
            let usage = try tool("describe", "spec.yaml", "--format", "xml")
            #expect(usage.code == 2)
        }
    }
}
