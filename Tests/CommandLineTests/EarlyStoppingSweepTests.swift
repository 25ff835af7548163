import Foundation
import ResultsFormat
import Testing

/// Early stopping in trials that halving or a signal ends as well.
struct EarlyStoppingSweepTests {
    private static let experiment = """
        name: early
        data:
          source: synthetic
          users: 60
          items: 200
          interactions: 2000
          split: {train: 1500, validation: 200, test: 300, seed: 7}
        towers:
          query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
          candidate:
            features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]
        train:
          epochs: 6
          batch_size: 64
          optimizer: {type: adagrad, learning_rate: 0.1}
          early_stopping: {monitor: val_loss, patience: 1}
        evaluate: {every: 1}

        """
    private static let rate = "train.optimizer.learning_rate"

    /// Of these rates the first is slow to be good, the second stops after the first rung's epochs
    /// and before the last rung's, the third stops within the first rung.
    private static let sweep =
        experiment + """
            sweep:
              grid: {\(rate): [3.0, 0.5, 0.02]}
              objective: {metric: loss, on: validation}
              halving: {epochs: [3, 9], factor: 2}

            """

    /// Every trial is the plain run of its epochs, early stopping included, and rungs are judged by
    /// the weights that it restored.
    @Test func halvingSeesTheRestoredWeights() throws {
        try Tool.run { tool in
            try tool.write(Self.sweep, to: "sweep.yaml")
            try tool.write(Self.experiment, to: "plain.yaml")
            let outcome = try tool("sweep.yaml", "-q", "--output", "out")
            #expect(outcome.code == 0, "\(outcome.errors)")
            let trials = try #require(try tool.json("out/sweep.json")["trials"]?.arrayValue)
            var stopped: [String] = []
            for trial in trials {
                let epochs = try #require(trial["rung_epochs"]?.integerValue)
                let rate = try #require(trial["settings"]?[Self.rate]?.doubleValue)
                let run = try tool(
                    "plain.yaml", "-q", "--set", "train.epochs=\(epochs)", "--set",
                    "\(Self.rate)=\(rate)", "--output", "plain.json")
                #expect(run.code == 0, "\(run.errors)")
                #expect(try tool.json("plain.json")["digest"] == trial["digest"])

                let path = try #require(trial["results"]?.stringValue)
                let training = try #require(try tool.document("out/" + path).training)
                let early = try #require(training.earlyStopping)
                #expect(trial["metrics"]?["validation"]?["loss"]?.doubleValue == early.bestValue)
                if let epoch = early.stoppedEpoch { stopped.append("\(rate) \(epoch)/\(epochs)") }
                #expect(training.epochs.count == early.stoppedEpoch ?? epochs)
            }
            #expect(stopped == ["0.02 2/3", "0.02 2/9", "0.5 3/9"])
            #expect(
                trials.filter { $0["final"] == true }.map { $0["rung_epochs"]?.integerValue }
                    == [9, 9])
        }
    }

    /// Killed after some trials, and told to stop, such a sweep goes on to what an undisturbed one
    /// finds.
    @Test(arguments: [(SIGKILL, nil), (SIGINT, 130)] as [(Int32, Int32?)])
    func goesOnWhereItWas(signal: Int32, code: Int32?) throws {
        try Tool.run { tool in
            try tool.write(Self.sweep, to: "sweep.yaml")
            try tool.expectResumption(of: "sweep.yaml", after: "[2/", signal: signal, code: code)
        }
    }
}
