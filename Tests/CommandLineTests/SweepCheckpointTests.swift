import Foundation
import ResultsFormat
import Testing

#if os(Linux)
    /// A sweep that is killed with its trials goes on within them, from their checkpoints.
    struct SweepCheckpointTests {
        private static let spec =
            Specs.small(epochs: 40, "checkpoint: {every: 3 steps}\n")
                + """
                sweep:
                  grid: {train.optimizer.learning_rate: [0.1, 0.2]}
                """

        /// A trial that is under way: where its checkpoints are, and its log.
        private struct Trial {
            let tool: Tool
            let name: String

            var checkpoints: [String] {
                tool.names(in: "cut/trials/\(name).checkpoints").filter {
                    $0.hasPrefix("checkpoint-")
                }
            }

            var logName: String { "cut/trials/\(name).log" }

            var log: String { (try? tool.contents(of: logName)) ?? "" }
        }

        private func start(_ tool: Tool) throws -> RunningCommand {
            try tool.start(["spec.yaml", "--output", "cut", "--jobs", "1"])
        }

        /// Kills a sweep and the trial that it is running, whose log is worth nothing then.
        private func killAll(_ command: RunningCommand, _ trial: Trial) throws {
            let trials = command.trials
            command.send(SIGKILL)
            for trial in trials { kill(trial, SIGKILL) }
            _ = try command.wait()
            // What has ended has no command line, even where nobody has asked how.
            try command.poll("the end of the trials") {
                trials.allSatisfy { trial in
                    let path = "/proc/\(trial)/cmdline"
                    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").isEmpty
                }
            }
            try? FileManager.default.removeItem(atPath: "\(trial.tool.work)/\(trial.logName)")
        }

        @Test func killedTrialsGoOnFromTheirCheckpoints() throws {
            try Tool.run { tool in
                try tool.write(Self.spec, to: "spec.yaml")
                #expect(try tool("spec.yaml", "-q", "--output", "whole").code == 0)

                // Killed once it has two checkpoints.
                var command = try start(tool)
                var found: Trial?
                try command.poll("two checkpoints") {
                    let names = tool.names(in: "cut/trials").filter { $0.hasSuffix(".checkpoints") }
                    found = names.first.map { Trial(tool: tool, name: String($0.dropLast(12))) }
                    return found?.checkpoints.count ?? 0 >= 2 || !command.isRunning
                }
                let trial = try #require(found)
                try killAll(command, trial)
                let left = trial.checkpoints
                #expect(left.count >= 2)

                // It goes on from the last one, and is killed again later on.
                command = try start(tool)
                try command.poll("the trial to go on") {
                    trial.log.contains("going on from a checkpoint") || !command.isRunning
                }
                try command.poll("a later checkpoint") {
                    trial.checkpoints.last ?? "" > left.last ?? "" || !command.isRunning
                }
                #expect(trial.log.contains("going on from a checkpoint: epoch "))
                try killAll(command, trial)

                // Now the last one is cut short, so that the one before it serves.
                let last = try #require(trial.checkpoints.last)
                let state =
                    tool.work
                    + "/cut/trials/\(trial.name).checkpoints/\(last)/training.safetensors"
                let bytes = try Data(contentsOf: URL(filePath: state))
                try bytes.prefix(bytes.count / 2).write(to: URL(filePath: state))
                command = try start(tool)
                var log = ""
                try command.poll("the trial to go on") {
                    log = trial.log.isEmpty ? log : trial.log
                    return log.contains("going on from a checkpoint") || !command.isRunning
                }
                #expect(log.contains("the checkpoint before it is used"))
                let outcome = try command.wait()
                #expect(outcome.code == 0, "\(outcome.errors)")

                #expect(try tool.json("cut/sweep.json") == tool.json("whole/sweep.json"))
                for folder in ["cut/trials", "whole/trials"] {
                    #expect(!tool.names(in: folder).contains { $0.hasSuffix(".checkpoints") })
                }
            }
        }
    }
#endif
