import Foundation
import ResultsFormat
import Testing

/// What the gate believes: files that agree with themselves, and figures that say what they are.
struct GateTrustTests {
    /// A run with its figures per query, accepted as `base.json`.
    private static func accepted(
        _ more: String = "evaluate: {per_query: q.per_query}", _ body: (Tool) throws -> Void
    ) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(more), to: "spec.yaml")
            try tool.write(
                Specs.small(epochs: 1, more).replacing("rate: 0.1", with: "rate: 0.0001"),
                to: "worse.yaml")
            let outcome = try tool("spec.yaml", "-q", "--output", "old.json")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(try tool("accept", "old.json", "--baseline", "base.json").code == 0)
            try body(tool)
        }
    }

    private static let metric = "factorized_top_k/top_100_categorical_accuracy"

    /// Metrics edited beside an unchanged digest, in results and in the baseline.
    @Test func editedFilesAreNotBelieved() throws {
        try Self.accepted { tool in
            for file in ["old.json", "base.json"] {
                let whole = try tool.contents(of: file)
                let metric = try Regex("\"\(Self.metric)\": [0-9][0-9.]*")
                let edited = whole.replacing(metric, with: "\"\(Self.metric)\": 0.123")
                #expect(edited != whole)
                try tool.write(edited, to: file)
                let check = try tool(
                    "check", "old.json", "--baseline", "base.json", "--junit", "j.xml", "--json",
                    "r.json", "--markdown", "m.md")
                #expect(check.code == 4, "\(check.output)\(check.errors)")
                #expect(check.output.contains("digest"))
                for report in ["j.xml", "r.json", "m.md"] {
                    #expect(try tool.contents(of: report).contains("digest"), "\(report)")
                }
                let diff = try tool("diff", "base.json", "old.json")
                #expect(diff.code == 0)
                #expect(diff.output.contains("digest") && !diff.output.contains("identical"))
                let accept = try tool("accept", "old.json", "--baseline", "base.json")
                #expect(accept.code == (file == "old.json" ? 1 : 2))
                #expect(accept.errors.contains("digest"))
                try tool.write(whole, to: file)
            }
            #expect(try tool("check", "old.json", "--baseline", "base.json").code == 0)
            // Without a digest nothing vouches for the content.
            let whole = try tool.contents(of: "old.json")
            try tool.write(whole.replacing(#/,\s*"digest": "[0-9a-f]+"/#, with: ""), to: "old.json")
            #expect(try tool("check", "old.json", "--baseline", "base.json").code == 4)
        }
    }

    /// Two tastes that a model learns in no time: 20 users like the first 20 items, 20 the others.
    private static let tastes =
        (["user_id,item_id"]
        + (0..<480).map { row in
            let (step, user) = (row / 40, row % 40)
            return "u\(user),i\((7 * step + 3 * user) % 20 + 20 * (user % 2))"
        }).joined(separator: "\n") + "\n"

    private static func tastes(epochs: Int, rate: String, perQuery: String) -> String {
        Specs.small(
            epochs: epochs,
            """
            metrics: {factorized: [{type: recall, ks: [10]}]}
            evaluate: {per_query: \(perQuery)}
            """
        ).replacing("rate: 0.1", with: "rate: \(rate)").replacing(
            #/data:\n(  .*\n)*/#,
            with: """
                data:
                  source: csv
                  interactions:
                    path: tastes.csv
                    columns: [{name: user_id, type: string}, {name: item_id, type: string}]
                  split: {train: 360, test: 120}

                """)
    }

    /// The figures of single queries are missing, cut short, or of another run: without them a
    /// regression would be mere uncertainty.
    @Test func figuresOfSingleQueriesAreTheRunsOwn() throws {
        try Tool.run { tool in
            try tool.write(Self.tastes, to: "tastes.csv")
            for (name, epochs, rate) in [("q", 10, "0.5"), ("w", 1, "0.0001")] {
                try tool.write(
                    Self.tastes(epochs: epochs, rate: rate, perQuery: "\(name).per_query"),
                    to: "\(name).yaml")
                let outcome = try tool("\(name).yaml", "-q", "--output", "\(name).json")
                #expect(outcome.code == 0, "\(outcome.errors)")
            }
            #expect(try tool("accept", "q.json", "--baseline", "base.json").code == 0)
            func check() throws -> Tool.Outcome {
                try tool("check", "w.json", "--baseline", "base.json")
            }
            let untouched = try check()
            #expect(untouched.code == 3, "\(untouched.output)")
            #expect(untouched.output.contains("p = 0.000"), "\(untouched.output)")
            let path = tool.work + "/w.per_query"
            let whole = try Data(contentsOf: URL(filePath: path))
            let other = try Data(contentsOf: URL(filePath: tool.work + "/q.per_query"))
            for (damaged, reason) in [
                (nil, "are missing"), (whole.dropLast(40), "cannot be read"),
                (whole + Data([0]), "cannot be read"), (other, "of another run"),
                (whole.dropLast(1) + [whole.last! ^ 64], "of another run"),
            ] as [(Data?, String)] {
                if let damaged {
                    try damaged.write(to: URL(filePath: path))
                } else {
                    try FileManager.default.removeItem(atPath: path)
                }
                let outcome = try check()
                #expect(outcome.code == 4, "\(reason): \(outcome.output)")
                #expect(outcome.output.contains(reason), "\(outcome.output)")
                let accept = try tool("accept", "w.json", "--baseline", "other.json")
                #expect(accept.code == 1 && accept.errors.contains(reason), "\(accept.errors)")
            }
            try whole.write(to: URL(filePath: path))
            #expect(try check().code == 3)
        }
    }

    /// A mean rank that is called recall is better the lower it is, and metrics whose names say
    /// nothing are judged too.
    @Test func namesSayNothing() throws {
        let metrics = """
            metrics: {factorized: [{type: mean_rank, name: recall}, f1, median_rank, \
            {type: ndcg, name: ndcg_click}, serendipity, popularity_bucketed_recall, novelty]}
            """
        try Self.accepted(metrics) { tool in
            let outcome = try tool(
                "check", "worse.yaml", "-q", "--baseline", "base.json", "--json", "r.json",
                "--junit", "j.xml", "--markdown", "m.md")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.errors)")
            let cases = try #require(try tool.json("r.json")["cases"]?.arrayValue)
            func verdict(_ name: String) -> String? {
                cases.first { $0["metric"]?.stringValue == name }?["verdict"]?.stringValue
            }
            let rank = try #require(cases.first { $0["metric"] == "recall" })
            let (old, new) = (
                rank["baseline"]?.doubleValue ?? 0, rank["candidate"]?.doubleValue ?? 0
            )
            #expect(old < new && verdict("recall") == "regressed", "\(rank)")
            for name in [
                "f1@10", "median_rank", "ndcg_click@10", "per_query/serendipity@10",
                "popularity_bucketed_recall/head@10",
            ] {
                #expect(verdict(name).map { $0 != "not_judged" } == true, "\(name)")
            }
            // What is not judged is listed in every form, with the reason.
            #expect(verdict("novelty@10") == "not_judged" && verdict("loss") == "not_judged")
            #expect(outcome.output.contains("novelty@10 (neither way is better by itself"))
            for report in ["r.json", "j.xml", "m.md"] {
                let text = try tool.contents(of: report)
                #expect(text.contains("novelty"), "\(report)")
                #expect(text.contains("neither way is better by itself"), "\(report)")
            }
        }
    }

    /// A model whose embeddings have all become zero tells nothing apart. Under TFRS's own reading
    /// of ties it would be perfect; it is a regression all the same, and no baseline.
    @Test(arguments: ["expected", "tfrs"]) func aDeadModelNeverPasses(ties: String) throws {
        try Self.accepted("evaluate: {tie_policy: \(ties)}") { tool in
            let layer =
                "{type: dense, units: 4, activation: relu, "
                + "bias_initializer: {type: constant, value: -9}}"
            let dead = try tool(
                "check", "spec.yaml", "-q", "--baseline", "base.json", "--set",
                "towers.query.layers=[\(layer)]")
            #expect(dead.code == 3, "\(dead.output)\(dead.errors)")
            #expect(dead.output.contains("the model collapsed: "), "\(dead.output)")
            #expect(!dead.output.contains("IMPROVED") && !dead.output.contains("PASS"))
            let run = try tool(
                "spec.yaml", "-q", "--output", "dead.json", "--set",
                "towers.query.layers=[\(layer)]")
            #expect(run.code == 0, "\(run.errors)")
            let accept = try tool("accept", "dead.json", "--baseline", "other.json")
            #expect(accept.code == 1 && accept.errors.contains("collapsed"), "\(accept.errors)")
        }
    }

    /// Early stopping goes by what the figure is, whatever it is called.
    @Test func earlyStoppingKnowsTheFigure() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small(
                    epochs: 6,
                    """
                    metrics: {factorized: [{type: mean_rank, name: my_average_precision}]}
                    evaluate: {every: 1, on: test}
                    """
                ).replacing(
                    "train: {",
                    with:
                        "train: {early_stopping: {monitor: test_my_average_precision, "
                        + "patience: 10}, "),
                to: "spec.yaml")
            let outcome = try tool("spec.yaml", "-q", "--output", "r.json")
            #expect(outcome.code == 0, "\(outcome.errors)")
            let document = try tool.document("r.json")
            let record = try #require(document.training?.earlyStopping)
            #expect(record.direction == .minimize)
            let ranks = try #require(document.training).epochs.compactMap {
                $0.metrics["test_my_average_precision"]
            }
            #expect(record.bestValue == ranks.min())
        }
    }

    /// Slices, other parts and the losses of regularizers are listed with the reason.
    @Test func whatNobodyJudgesIsListed() throws {
        try Tool.run { tool in
            let spec = Specs.small(
                """
                metrics: {factorized: [{type: recall, ks: [5]}]}
                evaluate: {slices: [unseen_candidates]}
                """
            ).replacing(
                "output_dim: 4", with: "output_dim: 4, embeddings_regularizer: l2"
            ).replacing("{train: 240, test: 60}", with: "{train: 240, validation: 30, test: 30}")
            try tool.write(spec, to: "spec.yaml")
            let outcome = try tool("spec.yaml", "-q", "--output", "r.json")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(try tool("accept", "r.json", "--baseline", "base.json").code == 0)
            let check = try tool("check", "r.json", "--baseline", "base.json", "--json", "c.json")
            #expect(check.code == 0, "\(check.output)")
            let cases = try #require(try tool.json("c.json")["cases"]?.arrayValue)
            for (name, reason) in [
                ("slices.unseen_candidates.recall@5", "not their slices"),
                ("validation.recall@5", "gate.on is 'test'"),
                ("loss", "a loss is the means"), ("total_loss", "a loss is the means"),
                ("regularization_loss", "a loss is the means"),
            ] {
                let item = cases.first { $0["metric"]?.stringValue == name }
                #expect(item?["verdict"] == "not_judged", "\(name)")
                #expect(item?["reason"]?.stringValue?.contains(reason) == true, "\(name)")
                #expect(check.output.contains(name), "\(check.output)")
            }
            // What is measured can be judged, if a rule asks for it.
            try tool.write(
                spec + "gate: {metrics: [{name: total_loss}]}\n", to: "ruled.yaml")
            let ruled = try tool("check", "ruled.yaml", "-q", "--baseline", "base.json")
            #expect(ruled.code == 0, "\(ruled.output)\(ruled.errors)")
        }
    }

    /// An experiment of the baseline that nobody checked is listed, and does not pass unasked.
    @Test func experimentsThatWereNotCheckedAreListed() throws {
        try Self.accepted("") { tool in
            try tool.write(Specs.small(name: "second"), to: "second.yaml")
            #expect(try tool("second.yaml", "-q", "--output", "second.json").code == 0)
            #expect(try tool("accept", "second.json", "--baseline", "base.json").code == 0)
            let one = try tool(
                "check", "old.json", "--baseline", "base.json", "--junit", "j.xml", "--json",
                "r.json", "--markdown", "m.md")
            #expect(one.code == 4)
            #expect(one.output.contains("second  "), "\(one.output)")
            for report in ["j.xml", "r.json", "m.md"] {
                let text = try tool.contents(of: report)
                #expect(text.contains("the baseline has this experiment"), "\(report)")
            }
            let partial = try tool("check", "old.json", "--baseline", "base.json", "--partial")
            #expect(partial.code == 0, "\(partial.output)")
            let both = try tool("check", "old.json", "second.json", "--baseline", "base.json")
            #expect(both.code == 0)
        }
    }

    /// A baseline of the first version has no digest: it is not believed until somebody renews it,
    /// and then judged by what the newer results say of their figures.
    @Test func olderBaselinesAreRenewed() throws {
        try Self.accepted("") { tool in
            try tool.write(Specs.small(name: "second"), to: "second.yaml")
            #expect(try tool("second.yaml", "-q", "--output", "second.json").code == 0)
            var old = try tool.json("base.json")
            old["digest"] = nil
            old["schema_version"] = 1
            var experiment = try #require(old["experiments"]?[0])
            var configuration = try #require(experiment["configurations"]?[0])
            var run = try #require(configuration["runs"]?[0])
            run["definitions"] = .object(
                (run["definitions"]?.objectValue ?? [:]).mapValues { part in
                    var part = part
                    part["metrics"] = .object(
                        OrderedMap(
                            (part["metrics"]?.objectValue ?? [:]).filter { $0.key != "loss" }.map {
                                ($0.key, $0.value["definition"] ?? .null)
                            }))
                    return part
                })
            run["digest"] = "0"
            configuration["runs"] = [run]
            experiment["configurations"] = [configuration]
            old["experiments"] = [experiment]
            try tool.write(try old.jsonText(), to: "base.json")
            let before = try tool("check", "old.json", "--baseline", "base.json")
            #expect(before.code == 4, "\(before.output)\(before.errors)")
            #expect(before.output.contains("has no digest that vouches for it"))
            #expect(before.output.contains("tfrs-run accept renews it"))
            // Accepting into it makes it one of the newer version.
            let accept = try tool("accept", "second.json", "--baseline", "base.json")
            #expect(accept.code == 0, "\(accept.errors)")
            #expect(accept.errors.contains("taken over as they stand: small\n"))
            #expect(try tool.json("base.json")["digest"]?.stringValue != nil)
            let after = try tool("check", "old.json", "--baseline", "base.json", "--partial")
            #expect(after.code == 0, "\(after.output)\(after.errors)")
            #expect(after.output.contains("PASS: 1 skipped, 5 unchanged"), "\(after.output)")
        }
    }
}
