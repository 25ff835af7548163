import Foundation
import Testing

/// What the gate's commands tell beside the verdict.
struct GateAdviceTests {
    /// A failure says how its results become the baseline, and that command does it.
    @Test func aFailureSaysHowToAccept() throws {
        try GateTests.accepted { tool in
            try tool.write(GateTests.sweep(rate: "1.0e-6"), to: "spec.yaml")
            let worse = try tool("check", "spec.yaml", "--baseline", "base.json", "--markdown", "m")
            #expect(worse.code == 3)
            let lead = "If this is meant, it becomes the baseline by: tfrs-run "
            let advice = try #require(
                worse.output.split(separator: "\n").first { $0.hasPrefix(lead) })
            #expect(try tool.contents(of: "m").contains("If this is meant"))
            // A check ranks nothing: its rules are the gate's.
            #expect(!worse.errors.contains("trials completed; by"))

            let words = advice.dropFirst(lead.count).split(separator: " ").map(String.init)
            let accept = try tool.start(words).wait()
            #expect(accept.code == 0)
            #expect(accept.output == "base.json\n")
            #expect(accept.errors.contains("small: (4 runs)\n"), "\(accept.errors)")
            #expect(accept.errors.contains("metrics, means of 4 runs:\n"))
            #expect(accept.errors.contains("test.\(GateTests.metric)"))
            #expect(accept.errors.contains("train.optimizer.learning_rate: 0.5 -> 1e-06"))
            #expect(try tool("check", "spec.yaml", "-q", "--baseline", "base.json").code == 0)
        }
    }

    /// Where there is no baseline yet, the error says how one is made.
    @Test func aMissingBaselineIsMade() throws {
        try GateTests.accepted { tool in
            let outcome = try tool("check", "spec.yaml", "--baseline", "first.json")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("tfrs-run accept RESULTS --baseline first.json\n"))
        }
    }

    @Test func acceptTellsWhatIsNewAndWhatStays() throws {
        try Tool.run { tool in
            try tool.write(GateTests.sweep(seeds: "[1, 2]"), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "old").code == 0)
            let first = try tool("accept", "old", "--baseline", "base.json")
            #expect(first.errors == "small: new, 2 runs\n")
            let again = try tool("accept", "old", "--baseline", "base.json")
            #expect(again.errors == "small: identical (2 runs)\n")
            #expect(try tool("accept", "old", "--baseline", "base.json", "-q").errors == "")
        }
    }

    /// One part of a sweep gives no verdict, and the command says what does.
    @Test func aPartIsNotChecked() throws {
        try GateTests.accepted { tool in
            let outcome = try tool(
                "check", "spec.yaml", "--baseline", "base.json", "--shard", "1/2")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("a verdict takes all trials"))
            #expect(tool.names().sorted() == ["base.json", "old", "spec.yaml"])

            for part in ["1", "2"] {
                let run = try tool(
                    "spec.yaml", "-q", "--shard", part + "/2", "--output", "part" + part)
                #expect(run.code == 0)
            }
            #expect(try tool("collect", "part1", "part2", "--output", "all").code == 0)
            #expect(try tool("check", "all", "--baseline", "base.json").code == 0)
        }
    }

    /// The repetitions of a configuration are told together.
    @Test func sweepsDifferByTheirMeans() throws {
        try GateTests.accepted { tool in
            try tool.write(GateTests.sweep(rate: "0.05", seeds: "[1, 2, 3]"), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "new").code == 0)
            let text = try tool("diff", "old", "new").output
            #expect(text.hasPrefix("small: (3 runs)\n  seed 4: only in the first\n"), "\(text)")
            #expect(text.contains("  metrics, means of 3 runs:\n"))
            #expect(text.components(separatedBy: "learning_rate: 0.5 -> 0.05").count == 2)
            #expect(try tool("diff", "old", "old").output.hasPrefix("small: identical (4 runs)\n"))
        }
    }
}
