import Foundation
import ResultsFormat
import Testing

/// A run that is told to end writes what it has.
struct SignalTests {
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aSignalEndsTheRunTidily(signal: Int32, code: Int32) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(epochs: 1_000_000_000), to: "spec.yaml")
            let command = try tool.start(["spec.yaml", "spec.yaml"])
            try command.waitForErrors("epoch 3/")
            command.send(signal)
            let outcome = try command.wait()
            #expect(outcome.code == code)

            // The second run never begins.
            let paths = outcome.output.split(separator: "\n").map(String.init)
            #expect(paths.count == 1)
            let document = try tool.document(try #require(paths.first))
            #expect(document.status == .interrupted)
            #expect(document.evaluation.isEmpty)
            let epochs = try #require(document.training?.epochs)
            #expect(epochs.count >= 3)
            #expect(epochs.map(\.epoch) == Array(1...epochs.count))
            #expect(document.digest == (try ResultsDocument.digest(of: document.json)))
            #expect(outcome.errors.contains("small: INTERRUPTED after \(epochs.count) epochs"))
        }
    }

    @Test func aSecondSignalEndsTheProcess() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(epochs: 1_000_000_000), to: "spec.yaml")
            let command = try tool.start(["spec.yaml"])
            try command.waitForErrors("epoch 3/")
            command.send(SIGTERM)
            command.send(SIGTERM)
            // The first may have been enough already.
            let outcome = try command.wait()
            #expect(outcome.code == 143 || outcome.code == nil)
        }
    }

    /// Data that take many seconds to read; what is read is of no interest.
    private static let slowData = """
        name: slow
        data:
          source: synthetic
          users: 300000
          items: 100000
          interactions: 6000000
          split: {train: 0.9, test: 0.1}
        """

    /// Whatever a command is at, it is over within a second; a busy machine has some more.
    @Test(arguments: ["run", "plan", "describe", "check"])
    func aSignalEndsReadingAndPlanning(command: String) throws {
        try Tool.run { tool in
            let towers = Specs.small().split(separator: "\n").filter {
                $0.contains("towers") || $0.contains("string_lookup")
            }.joined(separator: "\n")
            try tool.write(Self.slowData + "\n" + towers + "\n", to: "spec.yaml")
            try tool.write(Specs.small(epochs: 1), to: "small.yaml")
            #expect(try tool("small.yaml", "--output", "a.json").code == 0)
            #expect(try tool("accept", "a.json", "--baseline", "b.json").code == 0)
            let more = command == "check" ? ["--baseline", "b.json"] : []
            let running = try tool.start([command, "spec.yaml"] + more)
            usleep(500_000)
            #expect(running.isRunning)
            let start = ContinuousClock.now
            running.send(SIGTERM)
            let outcome = try running.wait()
            #expect(outcome.code == 143)
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(!tool.names(in: "results").contains { $0.hasPrefix(".tfrs") })
        }
    }

    /// A step that takes longer than anybody waits: the epochs before it are kept.
    @Test func aSignalEndsALongEvaluation() throws {
        try Tool.run { tool in
            let spec = Specs.small(
                epochs: 2, "evaluate: {bootstrap_samples: 100000}\n"
            ).replacing("interactions: 300", with: "interactions: 40000")
                .replacing("train: 240, test: 60", with: "train: 240, test: 39000")
                .replacing("users: 24", with: "users: 4000")
            try tool.write(spec, to: "spec.yaml")
            let running = try tool.start(["spec.yaml", "--threads", "1", "--output", "a.json"])
            try running.waitForErrors("epoch 2/2")
            usleep(50_000)
            guard running.isRunning else { return }
            running.send(SIGTERM)
            let outcome = try running.wait()
            #expect(outcome.code == 143)
            let document = try tool.document("a.json")
            #expect(document.status == .interrupted)
            #expect(document.training?.epochs.count == 2)
        }
    }
}
