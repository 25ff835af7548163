import Foundation
import ResultsFormat
import TestSupport
import Testing

/// Sabotage of many kinds, and what else the gate has to tell apart, on real runs.
struct GateProofTests {
    /// Two features on one side, so that one can be dropped.
    static let spec = GateTests.sweep().replacing(
        "candidate: {features: ["
            + "{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}",
        with: """
            candidate:
                features:
                  - {type: string_lookup, column: item_id, embedding: {output_dim: 4}}
                  - {type: string_lookup, column: release_date, embedding: {output_dim: 4}}
                layers: [{type: dense, units: 4}]
            """)

    @Test(arguments: [
        ("learning_rate: 0.5", "learning_rate: 1.0e-6", "train.optimizer.learning_rate: 0.5 -> "),
        (
            "      - {type: string_lookup, column: item_id, embedding: {output_dim: 4}}\n", "",
            "towers.candidate.features[0]: {"
        ),
        (
            "train: {epochs", "task: {temperature: 100}\ntrain: {epochs",
            "task.temperature: null -> "
        ),
    ])
    func sabotageIsFound(old: String, new: String, difference: String) throws {
        try Tool.run { tool in
            try tool.write(Self.spec, to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "old").code == 0)
            #expect(try tool("accept", "old", "--baseline", "base.json").code == 0)
            #expect(Self.spec.contains(old))
            try tool.write(Self.spec.replacing(old, with: new), to: "spec.yaml")
            let outcome = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains("\n  " + difference), "\(outcome.output)")
        }
    }

    /// Runs that record figures per query are compared query by query, over the seeds.
    @Test(arguments: [("[1]", "queries"), ("[1, 2, 3, 4]", "runs_and_queries")])
    func figuresPerQueryAreTested(seeds: String, test: String) throws {
        try Tool.run { tool in
            let spec = GateTests.sweep(seeds: seeds, more: "evaluate: {per_query: figures.bin}\n")
            try tool.write(spec, to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "old").code == 0)
            #expect(try tool("accept", "old", "--baseline", "base.json").code == 0)
            #expect(try tool.contents(of: "base.json").contains("\"per_query\": {"))
            try tool.write(
                spec.replacing("learning_rate: 0.5", with: "learning_rate: 1.0e-6"),
                to: "spec.yaml")
            let outcome = try tool(
                "check", "spec.yaml", "-q", "--baseline", "base.json", "--json", "report.json")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.errors)")
            let found = try tool.json("report.json")["cases"]?.arrayValue?.first
            #expect(found?["test"]?.stringValue == test)
            #expect(try #require(found?["p_value"]?.doubleValue) < 0.01)
            #expect(found?["difference_interval_95"]?.arrayValue?.count == 2)
        }
    }

    /// The same name for another thing.
    @Test func aChangedDefinitionIsNotComparable() throws {
        try Tool.run { tool in
            let spec = GateTests.sweep(seeds: "[1, 2]").replacing(
                GateTests.metric, with: "map@10"
            ).replacing("sweep:", with: "metrics: {factorized: [{type: map, ks: [10]}]}\nsweep:")
            try tool.write(spec, to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "old").code == 0)
            #expect(try tool("accept", "old", "--baseline", "base.json").code == 0)
            // Another cut-off beside it is no change.
            try tool.write(spec.replacing("ks: [10]", with: "ks: [5, 10]"), to: "spec.yaml")
            let more = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(more.code == 0, "\(more.output)\(more.errors)")
            try tool.write(
                spec.replacing("ks: [10]", with: "ks: [10], divisor: attainable"), to: "spec.yaml")
            let other = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(other.code == 4)
            #expect(other.output.contains("the metric's definition differs"), "\(other.output)")
        }
    }

    /// Time and memory are held against a run of the same job, and nothing else.
    @Test func costsAreRatios() throws {
        try Tool.run { tool in
            func check(_ ratios: String, _ more: String...) throws -> Tool.Outcome {
                let spec = GateTests.sweep(seeds: "[1, 2]", more: ratios)
                try tool.write(spec, to: "spec.yaml")
                return try tool.start(
                    [
                        "check", "spec.yaml", "-q", "--verbose", "--baseline", "base.json",
                        "--jobs", "1", "--threads", "2",
                    ] + more
                ).wait()
            }
            try tool.write(GateTests.sweep(seeds: "[1, 2]"), to: "spec.yaml")
            for (name, threads) in [("old", "2"), ("other", "9")] {
                let run = try tool(
                    "spec.yaml", "-q", "--output", name, "--jobs", "1", "--threads", threads)
                #expect(run.code == 0)
            }
            #expect(try tool("accept", "old", "--baseline", "base.json").code == 0)
            let lavish = "  time_ratio: 1.0e+6\n  memory_ratio: 1.0e+6\n"
            let alone = try check(lavish)
            #expect(alone.code == 0)
            #expect(alone.output.contains("no --reference run of this job"))
            let good = try check(lavish, "--reference", "old")
            #expect(good.code == 0, "\(good.output)\(good.errors)")
            #expect(good.output.contains("times the reference, 1000000.0 allowed"))
            let costly = try check("  memory_ratio: 1.0e-6\n", "--reference", "old")
            #expect(costly.code == 3)
            #expect(costly.output.contains("peak_memory"))
            let elsewhere = try check(lavish, "--reference", "other")
            #expect(elsewhere.code == 4)
            #expect(elsewhere.output.contains("other threads"))
        }
    }

    private static let xmllint = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
        .map { $0 + "/xmllint" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Reports with every outcome, by the schema, where libxml's tool is at hand.
    @Test(.enabled(if: xmllint != nil)) func junitIsValid() throws {
        let linter = try #require(Self.xmllint)
        let schema = Repository.file("Schemas/junit.xsd")
        try Tool.run { tool in
            try tool.write(GateTests.sweep(), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "old").code == 0)
            #expect(try tool("accept", "old", "--baseline", "base.json").code == 0)
            for (old, new, code) in [
                ("-", "-", 0), ("rate: 0.5", "rate: 1.0e-6", 3),
                ("rate: 0.5", "rate: 1.0e+38", 1), ("users: 60", "users: 61", 4),
            ] as [(String, String, Int32)] {
                try tool.write(GateTests.sweep().replacing(old, with: new), to: "spec.yaml")
                let outcome = try tool(
                    "check", "spec.yaml", "-q", "--baseline", "base.json", "--junit", "gate.xml")
                #expect(outcome.code == code, "\(outcome.output)\(outcome.errors)")
                let validation = Process()
                validation.executableURL = URL(filePath: linter)
                validation.arguments = [
                    "--noout", "--schema", schema.path, tool.work + "/gate.xml",
                ]
                try validation.run()
                validation.waitUntilExit()
                #expect(validation.terminationStatus == 0)
            }
        }
    }
}
