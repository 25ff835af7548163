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
}
