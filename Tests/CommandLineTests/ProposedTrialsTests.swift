import Foundation
import ResultsFormat
import Testing

/// Sweeps whose trials are proposed by what earlier ones came to.
struct ProposedTrialsTests {
    private static let spec: String = {
        let sweep = """
            sweep:
              seeds: [1, 2]
              tpe:
                trials: 9
                startup: 4
                per_round: 2
                axes:
                  train.optimizer.learning_rate: {log_uniform: [0.01, 1]}
                  train.epochs: {int: [1, 4]}
              objective: {metric: \(GateTests.metric)}

            """
        return GateTests.sweep()
            .replacing("train: 1700,", with: "train: 1500, validation: 200,")
            .replacing("sweep:\n  seeds: [1, 2, 3, 4]\n", with: sweep)
    }()

    /// The trials are the same ones, to the bit, whatever runs at once.
    @Test func doNotDependOnWhatRunsAtOnce() throws {
        try Tool.run { tool in
            try tool.write(Self.spec, to: "spec.yaml")
            for jobs in ["1", "3"] {
                let outcome = try tool("spec.yaml", "--output", "j" + jobs, "--jobs", jobs)
                #expect(outcome.code == 0, "\(outcome.errors)")
                #expect(outcome.errors.contains("18 of 18 trials completed"))
                #expect(outcome.errors.contains("what the axes do"))
            }
            #expect(try tool.json("j1/sweep.json") == tool.json("j3/sweep.json"))
            let again = try tool("spec.yaml", "--output", "j3")
            #expect(again.code == 0 && !again.errors.contains("trials to run"), "\(again.errors)")
        }
    }

    @Test func killedAndResumed() throws {
        try Tool.run { tool in
            try tool.write(Self.spec, to: "spec.yaml")
            try tool.expectResumption(of: "spec.yaml", after: "[11/18]", signal: SIGKILL, code: nil)
        }
    }

    @Test func goNotWithShards() throws {
        try Tool.run { tool in
            try tool.write(Self.spec, to: "spec.yaml")
            let outcome = try tool("spec.yaml", "--shard", "1/2")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("--shard cannot divide"), "\(outcome.errors)")
            let few = try tool("spec.yaml", "--max-trials", "10")
            #expect(few.code == 2 && few.errors.contains("has 18 trials"), "\(few.errors)")
        }
    }

    /// A plan says how many there are going to be.
    @Test func arePlanned() throws {
        try Tool.run { tool in
            try tool.write(Self.spec, to: "spec.yaml")
            let outcome = try tool("plan", "spec.yaml", "-q")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(
                outcome.output.contains(
                    "8 trials of 4 configurations, and then up to 10 that are proposed"),
                "\(outcome.output)")
        }
    }
}
