import Foundation
import ResultsFormat
import Testing

/// Sweeps and the gate, driven as a CI job drives them.
struct GateTests {
    static let metric = "factorized_top_k/top_100_categorical_accuracy"

    /// A sweep that runs in a second and learns something, its metric gated.
    static func sweep(
        rate: String = "0.5", epochs: Int = 6, seeds: String = "[1, 2, 3, 4]", more: String = ""
    ) -> String {
        Specs.small(epochs: epochs).replacing("learning_rate: 0.1", with: "learning_rate: \(rate)")
            .replacing("users: 24", with: "users: 60").replacing("items: 120", with: "items: 200")
            .replacing("interactions: 300", with: "interactions: 2000")
            .replacing("train: 240, test: 60", with: "train: 1700, test: 300, seed: 7")
                + """
                sweep:
                  seeds: \(seeds)
                gate:
                  metrics:
                    - {name: \(metric), relative_tolerance: 0.02}
                \(more)
                """
    }

    /// A folder in which `base.json` holds what `spec.yaml` found.
    static func accepted(_ body: (Tool) throws -> Void) throws {
        try Tool.run { tool in
            try tool.write(sweep(), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "old").code == 0)
            #expect(try tool("accept", "old", "--baseline", "base.json").code == 0)
            try body(tool)
        }
    }

    @Test func identical() throws {
        try Self.accepted { tool in
            let outcome = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output.hasSuffix("PASS: 1 identical, 5 not judged\n"))
            #expect(
                outcome.output.contains("top_1_categorical_accuracy")
                    && outcome.output.contains("(gate.metrics has no rule for it)"))
        }
    }

    @Test func regressedToleratedImproved() throws {
        try Self.accepted { tool in
            // Sabotage: hardly any learning.
            try tool.write(Self.sweep(rate: "1.0e-6"), to: "spec.yaml")
            let worse = try tool(
                "check", "spec.yaml", "-q", "--baseline", "base.json", "--junit", "r/j.xml",
                "--json", "r/r.json", "--markdown", "r/m.md",
                environment: ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md"])
            #expect(worse.code == 3, "\(worse.output)\(worse.errors)")
            #expect(worse.output.contains("REGRESSION: 1 regressed"))
            #expect(worse.output.contains("train.optimizer.learning_rate: 0.5 -> 1e-06"))
            // The rule stands in line 17.
            #expect(worse.output.contains("::error file=spec.yaml,line=17,title=regressed%3A "))
            #expect(try tool.contents(of: "summary.md").contains("| regressed |"))
            #expect(try tool.contents(of: "r/m.md") == tool.contents(of: "summary.md"))
            #expect(try tool.json("r/r.json")["outcome"] == "regression")
            #expect(try tool.contents(of: "r/j.xml").contains("<failure type=\"regressed\""))

            // The other way round it is an improvement.
            let accepted = try tool("accept", "results/small", "--baseline", "low.json")
            #expect(accepted.code == 0, "\(accepted.errors)")
            let better = try tool("check", "old", "--baseline", "low.json")
            #expect(better.code == 0)
            #expect(better.output.contains("1 improved"))

            // And with a tolerance to match it is tolerated, and shown.
            try tool.write(
                Self.sweep(rate: "1.0e-6").replacing("tolerance: 0.02", with: "tolerance: 0.99"),
                to: "spec.yaml")
            let allowed = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(allowed.code == 0)
            #expect(allowed.output.contains("TOLERATED"))
        }
    }

    @Test func crashed() throws {
        try Self.accepted { tool in
            try tool.write(
                Self.sweep(seeds: "[1, 2, 3]").replacing(
                    "sweep:",
                    with: "sweep:\n  list:\n    - {train.epochs: 4}\n    - "
                        + "{train.optimizer.learning_rate: 1.0e+38}"), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "--output", "new")
            #expect(outcome.code == 1)
            // The other trials went on.
            let index = try tool.json("new/sweep.json")
            let trials = try #require(index["trials"]?.arrayValue)
            #expect(trials.count { $0["status"] == "completed" } == 3)
            #expect(trials.count { $0["status"] == "failed" } == 3)
            #expect(index["failed"]?.arrayValue?.first?["reason"]?.stringValue?.isEmpty == false)
            let check = try tool("check", "new", "--baseline", "base.json", "--junit", "j.xml")
            #expect(check.code == 1)
            #expect(check.output.contains("BROKEN"))
            #expect(try tool.contents(of: "j.xml").contains("<error type=\"broken\""))

            let fast = try tool("spec.yaml", "--output", "fast", "--fail-fast", "--jobs", "1")
            #expect(fast.code == 1)
            let left = try #require(try tool.json("fast/sweep.json")["trials"]?.arrayValue)
            #expect(left.contains { $0["status"] == "pending" })
        }
    }

    @Test(arguments: [
        ("users: 60", "users: 61", "the data differ"),
        ("test: 300, seed: 7", "test: 300, seed: 8", "the split of the data differs"),
        ("gate:", "evaluate: {id_based: true}\ngate:", "the evaluation protocol differs"),
        (
            "gate:", "metrics: {factorized: [{type: factorized_top_k, ks: [5]}]}\ngate:",
            "lack this metric"
        ),
        ("seeds: [1, 2, 3, 4]", "seeds: [1, 2, 3]", "seed 4: the baseline has it"),
    ])
    func notComparable(old: String, new: String, reason: String) throws {
        try Self.accepted { tool in
            try tool.write(Self.sweep().replacing(old, with: new), to: "spec.yaml")
            let outcome = try tool(
                "check", "spec.yaml", "-q", "--baseline", "base.json", "--junit", "j.xml")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains(reason), "\(outcome.output)")
            #expect(try tool.contents(of: "j.xml").contains("<skipped message="))
        }
    }

    @Test func damagedFiles() throws {
        try Self.accepted { tool in
            let whole = try tool.contents(of: "base.json")
            for (damaged, place) in [
                (String(whole.prefix(whole.count / 2)), #/base\.json:\d+:\d+: expected/#),
                (
                    whole.replacing("\"seed\": 1,", with: "\"seed\": \"one\","),
                    #/base\.json: experiments\[0\]\.configurations\[0\]\.runs\[0\]\.seed must be/#
                ),
            ] {
                try tool.write(damaged, to: "base.json")
                for command in ["check", "accept"] {
                    let outcome = try tool(command, "old", "--baseline", "base.json")
                    #expect(outcome.code == 2)
                    #expect(outcome.errors.firstMatch(of: place) != nil, "\(outcome.errors)")
                    #expect(try tool.contents(of: "base.json") == damaged)
                }
            }
            try tool.write(whole, to: "base.json")
            let trial = "old/trials/seed=1.json"
            try tool.write(String(try tool.contents(of: trial).prefix(300)), to: trial)
            let outcome = try tool("check", "old", "--baseline", "base.json")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("old/trials/seed=1.json:"))
            // Running again repairs it: the other trials are taken over.
            let again = try tool("spec.yaml", "--output", "old")
            #expect(again.code == 0)
            #expect(again.errors.contains("seed=2: finished before"))
            #expect(!again.errors.contains("seed=1: finished before"))
            #expect(try tool("check", "old", "--baseline", "base.json").code == 0)
            #expect(try tool("check", "old", "--baseline", "absent.json").code == 2)
        }
    }

    @Test func diff() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "a.yaml")
            try tool.write(Specs.small(name: "other", epochs: 3), to: "b.yaml")
            #expect(try tool("a.yaml", "-q", "--output", "a.json").code == 0)
            #expect(try tool("b.yaml", "-q", "--output", "b.json").code == 0)
            let outcome = try tool("diff", "a.json", "b.json")
            #expect(outcome.code == 0)
            #expect(outcome.output.contains("    train.epochs: 2 -> 3\n"))
            #expect(outcome.output.contains("    name: \"small\" -> \"other\"\n"))
            #expect(outcome.output.contains("  metrics:\n"))
            #expect(!outcome.output.contains("  data:\n"))
            // Other data, on a number of threads of its own.
            try tool.write(Specs.small().replacing("users: 24", with: "users: 25"), to: "c.yaml")
            #expect(try tool("c.yaml", "-q", "--threads", "7", "--output", "c.json").code == 0)
            let other = try tool("diff", "a.json", "c.json").output
            #expect(other.contains("    data.users: 24 -> 25\n"))
            #expect(other.contains("  data:\n    fingerprint: "))
            #expect(other.firstMatch(of: #/  environment:\n    threads: \d+ -> 7\n/#) != nil)
            #expect(try tool("diff", "a.json", "a.json").output.hasPrefix("small: identical\n"))
        }
    }

    @Test(arguments: [
        ["check", "spec.yaml"], ["spec.yaml", "--shard", "3/2"], ["spec.yaml", "--jobs", "0"],
        ["spec.yaml", "--trial", "nonsense"], ["spec.yaml", "--seed", "4"],
        ["plain.yaml", "--shard", "1/2"], ["check", "plain.yaml", "--baseline", "absent.json"],
        ["collect", "nowhere"], ["accept", "nowhere", "--baseline", "b.json"],
    ])
    func mistakes(arguments: [String]) throws {
        try Tool.run { tool in
            try tool.write(Self.sweep(), to: "spec.yaml")
            try tool.write(Specs.small(), to: "plain.yaml")
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 2)
            #expect(outcome.errors != "")
            #expect(tool.names() == ["plain.yaml", "spec.yaml"])
        }
    }
}
