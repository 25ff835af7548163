import Foundation
import ResultsFormat
import Testing

/// Sweeps whatever happens to their processes.
struct SweepTests {
    /// A sweep whose process is killed, and a trial that is, are resumed to what an undisturbed
    /// sweep finds.
    @Test func killedAndResumed() throws {
        try Tool.run { tool in
            try tool.write(GateTests.sweep(epochs: 40, seeds: "[1, 2, 3, 4]"), to: "spec.yaml")
            try tool.expectResumption(of: "spec.yaml", after: "[2/4]", signal: SIGKILL, code: nil)
        }
    }

    @Test func interruptedAndResumed() throws {
        try Tool.run { tool in
            try tool.write(GateTests.sweep(epochs: 40, seeds: "[1, 2, 3, 4]"), to: "spec.yaml")
            let command = try tool.start(["spec.yaml", "--output", "cut", "--jobs", "1"])
            try command.waitForErrors("[1/4]")
            command.send(SIGINT)
            let outcome = try command.wait()
            #expect(outcome.code == 130)
            #expect(outcome.output == "cut/sweep.json\n")
            #expect(outcome.errors.hasSuffix("the same command again goes on from here\n"))
            #expect(try tool("spec.yaml", "-q", "--output", "cut").code == 0)
            #expect(
                try tool.json("cut/sweep.json")["trials"]?.arrayValue?.count {
                    $0["status"] == "completed"
                } == 4)
        }
    }

    /// A sweep over a file, each of its trials long enough for the file to change meanwhile.
    private static let overFile = GateTests.sweep(epochs: 150, seeds: "[1, 2, 3, 4, 5, 6]")
        .replacing(
            #/data:\n(  .*\n)*/#,
            with: """
                data:
                  source: csv
                  interactions:
                    path: log.csv
                    columns: [{name: user_id, type: string}, {name: item_id, type: string}]
                  split: {train: 1700, test: 300}

                """)

    private static func log(_ step: Int) -> String {
        (["user_id,item_id"] + (0..<2000).map { "u\($0 % 60),i\($0 * step % 197)" })
            .joined(separator: "\n") + "\n"
    }

    /// Trials on two data sets are not ranked together: those after the change fail, and the
    /// sweep, run again, finds what one finds that saw the new data alone.
    @Test func dataThatChangeMeanwhileAreNoticed() throws {
        try Tool.run { tool in
            try tool.write(Self.overFile, to: "spec.yaml")
            try tool.write(Self.log(7), to: "log.csv")
            let command = try tool.start(["spec.yaml", "--output", "out", "--jobs", "1"])
            try command.waitForErrors("[1/6]")
            try tool.write(Self.log(11), to: "log.csv")
            let outcome = try command.wait()
            #expect(outcome.code == 1, "\(outcome.errors)")
            #expect(outcome.errors.contains("the data changed while the sweep ran"))
            let trials = try #require(try tool.json("out/sweep.json")["trials"]?.arrayValue)
            let completed = trials.filter { $0["status"] == "completed" }
            let contents = completed.map { $0["data_content_sha256"]?.stringValue }
            #expect(!completed.isEmpty && completed.count < 6 && Set(contents).count == 1)

            let again = try tool("spec.yaml", "-q", "--output", "out")
            #expect(again.code == 0, "\(again.errors)")
            #expect(try tool("spec.yaml", "-q", "--output", "whole").code == 0)
            #expect(
                try tool.json("out/sweep.json")["digest"] == tool.json("whole/sweep.json")["digest"]
            )
        }
    }

    /// Parts of a sweep that read different data are not joined.
    @Test func partsOnDifferentDataAreNotJoined() throws {
        try Tool.run { tool in
            try tool.write(
                Self.overFile.replacing("epochs: 150", with: "epochs: 1"), to: "spec.yaml")
            for (shard, step) in [("1/2", 7), ("2/2", 11)] {
                try tool.write(Self.log(step), to: "log.csv")
                let part = try tool("spec.yaml", "-q", "--output", "out", "--shard", shard)
                #expect(part.code == 0, "\(part.errors)")
            }
            let mixed = try tool("collect", "out")
            #expect(mixed.code == 2, "\(mixed.output)\(mixed.errors)")
            #expect(mixed.errors.contains("the parts read different data"), "\(mixed.errors)")
            try tool.write(Self.log(7), to: "log.csv")
            #expect(try tool("spec.yaml", "-q", "--output", "out", "--shard", "2/2").code == 0)
            #expect(try tool("collect", "out").code == 0)
        }
    }

    /// What is best on the validation part after two epochs goes on to four.
    @Test func halvingGoesByTheValidationPart() throws {
        try Tool.run { tool in
            let base = GateTests.sweep()
            let sweep = """
                sweep:
                  grid: {train.optimizer.learning_rate: [0.5, 0.1, 0.02]}
                  objective: {metric: \(GateTests.metric), on: validation}
                  halving: {epochs: [2, 4], factor: 3}

                """
            try tool.write(
                base.replacing("train: 1700,", with: "train: 1500, validation: 200,")
                    .replacing("sweep:\n  seeds: [1, 2, 3, 4]\n", with: sweep), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "-q", "--output", "out")
            #expect(outcome.code == 0, "\(outcome.errors)")
            let trials = try #require(try tool.json("out/sweep.json")["trials"]?.arrayValue)
            let rungs = trials.compactMap { $0["rung_epochs"]?.integerValue }
            #expect(rungs.sorted() == [2, 2, 2, 4])
            let values = trials.filter { $0["rung_epochs"]?.integerValue == 2 }.compactMap {
                $0["metrics"]?["validation"]?[GateTests.metric]?.doubleValue
            }
            #expect(values.count == 3)
            let survivor = try #require(
                trials.first { $0["rung_epochs"]?.integerValue == 4 }?["configuration"])
            let first = try #require(
                trials.first {
                    $0["rung_epochs"]?.integerValue == 2 && $0["configuration"] == survivor
                })
            #expect(
                first["metrics"]?["validation"]?[GateTests.metric]?.doubleValue == values.max())
        }
    }

    @Test func shardsAreCollected() throws {
        try Tool.run { tool in
            try tool.write(GateTests.sweep(seeds: "[1, 2, 3]"), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "whole").code == 0)
            #expect(try tool("spec.yaml", "-q", "--output", "a", "--shard", "1/2").code == 0)
            let partial = try tool("collect", "a", "--output", "joined")
            #expect(partial.code == 4)
            #expect(partial.errors.contains("part 2/2 is missing"))
            #expect(try tool("spec.yaml", "-q", "--output", "b", "--shard", "2/2").code == 0)
            let collected = try tool("collect", "a", "b", "--output", "joined")
            #expect(collected.code == 0, "\(collected.errors)")
            #expect(
                try tool.json("joined/sweep.json")["digest"]
                    == tool.json("whole/sweep.json")["digest"])
            // What is joined stands on its own.
            for part in ["a", "b"] {
                try FileManager.default.removeItem(atPath: tool.work + "/" + part)
            }
            #expect(try tool("accept", "joined", "--baseline", "base.json").code == 0)
            #expect(try tool("check", "whole", "--baseline", "base.json").code == 0)
        }
    }

    /// An index from anybody leads to no file outside of its folder, and to no name outside of it.
    @Test(arguments: [
        ("results", "../secret.json"), ("results", "trials/../../secret.json"),
        ("results", "/proc/self/environ"), ("results", ".."), ("name", "../../up"),
        ("name", "a/b"), ("name", ".hidden"),
    ])
    func indexesStayInTheirFolders(key: String, value: String) throws {
        try Tool.run { tool in
            try tool.write(GateTests.sweep(epochs: 1, seeds: "[1]"), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "in").code == 0)
            #expect(try tool("accept", "in", "--baseline", "base.json").code == 0)
            var index = try tool.json("in/sweep.json")
            var trial = try #require(index["trials"]?[0])
            trial[key] = .string(value)
            index["trials"] = [trial]
            try tool.write(try index.jsonText(), to: "in/sweep.json")
            try tool.write("{\"password\": \"hunter2\"}", to: "secret.json")
            for command in [
                ["check", "in", "--baseline", "base.json"], ["diff", "in", "in"],
                ["accept", "in", "--baseline", "base.json"], ["collect", "in", "--output", "out"],
            ] {
                let outcome = try tool.start(command).wait()
                #expect(outcome.code == 2, "\(command): \(outcome.errors)")
                #expect(outcome.errors.contains("trials[0].\(key)"), "\(outcome.errors)")
                #expect(!outcome.errors.contains("hunter2"), "\(outcome.errors)")
            }
            // The sweep itself takes no notice of such an index.
            #expect(try tool("spec.yaml", "-q", "--output", "in").code == 0)
            #expect(try tool("check", "in", "--baseline", "base.json").code == 0)
        }
    }

    #if os(Linux)
        /// One trial is killed: the others go on, and the next invocation runs it alone.
        @Test func aKilledTrialStopsNoOther() throws {
            try Tool.run { tool in
                try tool.write(GateTests.sweep(seeds: "[1, 2, 3]"), to: "spec.yaml")
                #expect(try tool("spec.yaml", "-q", "--output", "whole").code == 0)
                let command = try tool.start(["spec.yaml", "--output", "cut", "--jobs", "1"])
                try command.poll("a trial") {
                    command.trials.first.map { kill($0, SIGKILL) == 0 } ?? false
                }
                let outcome = try command.wait()
                #expect(outcome.code == 1, "\(outcome.errors)")
                let trials = try #require(try tool.json("cut/sweep.json")["trials"]?.arrayValue)
                #expect(trials.map { $0["status"] } == ["killed", "completed", "completed"])
                #expect(trials[0]["reason"] == "signal 9 ended its process")
                #expect(outcome.errors.contains("KILLED: signal 9 ended its process\n    seed=1\n"))
                let resumed = try tool("spec.yaml", "--output", "cut")
                #expect(resumed.code == 0, "\(resumed.errors)")
                #expect(resumed.errors.contains("1 trials to run"))
                #expect(try tool.json("cut/sweep.json") == tool.json("whole/sweep.json"))
            }
        }

        /// What one trial takes leaves no room for a second.
        @Test(arguments: [("1MB", 1), ("100GB", 2)])
        func trialsShareTheMemory(limit: String, most: Int) throws {
            try Tool.run { tool in
                try tool.write(GateTests.sweep(epochs: 20), to: "spec.yaml")
                let command = try tool.start(
                    ["spec.yaml", "-q", "--output", "out", "--jobs", "2", "--memory-limit", limit])
                var seen = 0
                try command.poll("the end of the sweep") {
                    seen = max(seen, command.trials.count)
                    return !command.isRunning
                }
                #expect(try command.wait().code == 0)
                #expect(seen == most)
            }
        }
    #endif

    @Test func foldsAreGated() throws {
        try Tool.run { tool in
            let spec = GateTests.sweep(seeds: "[1]")
                .replacing("seeds: [1]", with: "folds: [0, 1, 2]").replacing(
                    "{train: 1700, test: 300, seed: 7}",
                    with: "{strategy: k_fold, folds: 3, seed: 7}")
            try tool.write(spec, to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "old").code == 0)
            #expect(try tool("accept", "old", "--baseline", "base.json").code == 0)
            let same = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(same.output.hasSuffix("PASS: 1 identical, 5 not judged\n"))
            try tool.write(
                spec.replacing("learning_rate: 0.5", with: "learning_rate: 1.0e-6"),
                to: "spec.yaml")
            let worse = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(worse.code == 3, "\(worse.output)\(worse.errors)")
            #expect(worse.output.contains("3 runs"))
            try tool.write(spec.replacing("[0, 1, 2]", with: "[0, 1]"), to: "spec.yaml")
            let less = try tool("check", "spec.yaml", "-q", "--baseline", "base.json")
            #expect(less.code == 4)
            #expect(less.output.contains("fold 2: the baseline has it, the results do not"))
        }
    }
}
