import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Synchronization
import Testing
import YAMLTree

/// When training stops early, and what it ends with.
@Suite struct EarlyStoppingTests {
    // MARK: The rule

    /// The callback of Keras, written down step by step.
    private struct KerasCallback {
        var patience: Int
        var minDelta: Double
        var baseline: Double?
        var isMax: Bool
        var startFromEpoch: Int
        var best: Double
        var wait = 0
        var bestEpoch = -1
        var stoppedEpoch: Int?

        func isImprovement(_ value: Double, _ reference: Double) -> Bool {
            isMax ? value - minDelta > reference : value + minDelta < reference
        }

        /// - Parameter epoch: from 0; nil: no figure.
        mutating func onEpochEnd(_ epoch: Int, _ current: Double?) {
            guard let current, epoch >= startFromEpoch else { return }
            wait += 1
            if isImprovement(current, best) {
                (best, bestEpoch) = (current, epoch)
                if baseline.map({ isImprovement(current, $0) }) ?? true { wait = 0 }
                return
            }
            if wait >= patience && epoch > 0 { stoppedEpoch = epoch }
        }
    }

    @Test func theRuleIsThatOfKeras() throws {
        var random = RandomStream(seed: 1, stream: "early stopping")
        for round in 0..<400 {
            let isMax = random.coin()
            let baseline: Double? = random.coin() ? Double(random.below(10)) / 2 : nil
            var callback = KerasCallback(
                patience: random.below(4), minDelta: Double(random.below(3)) / 2,
                baseline: baseline, isMax: isMax, startFromEpoch: random.below(3),
                best: isMax ? -.infinity : .infinity)
            let section = try #require(
                try decode(
                    Sample.small(
                        train: """
                            {epochs: 12, early_stopping: {monitor: loss, patience: \
                            \(callback.patience), min_delta: \(callback.minDelta), mode: \
                            \(isMax ? "max" : "min"), baseline: \
                            \(baseline.map { "\($0)" } ?? "null"), start_from_epoch: \
                            \(callback.startFromEpoch)}}
                            """)
                ).train.earlyStopping)
            var stopper = EarlyStopper(
                section, direction: isMax ? .maximize : .minimize, epochs: 12)
            for epoch in 0..<11 {
                let value = Double(random.below(12)) / 2
                callback.onEpochEnd(epoch, value)
                let isOver = stopper.observe(
                    EpochRecord(
                        epoch: epoch + 1, loss: value, batchLossMean: 0, examples: 1, steps: 1,
                        seconds: 0, examplesPerSecond: 0), Parameters())
                #expect(isOver == (callback.stoppedEpoch != nil), "round \(round)")
                if isOver { break }
            }
            let record = stopper.record
            #expect(record.stoppedEpoch == callback.stoppedEpoch.map { $0 + 1 }, "round \(round)")
            #expect(record.bestEpoch == callback.bestEpoch + 1, "round \(round)")
            #expect(record.bestValue == callback.best, "round \(round)")
        }
    }

    // MARK: Runs

    /// Data with a validation part and a model that soon learns its training examples by heart;
    /// batch normalization has moving statistics, which are weights too.
    private func text(epochs: Int, _ early: String?, every: Int = 1, more: String = "") -> String {
        """
        name: sample
        data:
          {source: synthetic, users: 24, items: 30, interactions: 300,
           split: {train: 200, validation: 50, test: 50}}
        towers:
          query:
            features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]
            layers: [batch_normalization]
          candidate:
            features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]
        train:
          epochs: \(epochs)
          batch_size: 64
          optimizer: {type: adam, learning_rate: 0.2}
          early_stopping: \(early ?? "null")
        evaluate: {every: \(every)}
        \(more)
        """
    }

    @Test(arguments: [1, 2])
    func theBestWeightsComeBackToTheBit(every: Int) throws {
        let early = "{monitor: val_loss, patience: 3}"
        let results = try run(text(epochs: 40, early, every: every))
        let record = try #require(results.document.training?.earlyStopping)
        let (best, last) = (try #require(record.bestEpoch), try #require(record.stoppedEpoch))
        #expect(best < last && last < 40 && last == best + 3 * every)
        #expect(results.record.epochs.count == last)
        #expect(record.restoredEpoch == best)
        #expect(record.bestValue == results.record.epochs[best - 1].metrics["val_loss"])
        #expect(
            record.reason
                == "val_loss has not improved for 3 watched epochs, since epoch \(best)")

        // What is evaluated is what a run of so many epochs ends with.
        let short = try run(text(epochs: best, nil, every: every))
        #expect(results.document.evaluation == short.document.evaluation)
        #expect(results.document.evaluation["validation"]?.loss == record.bestValue)
        // And without restoring, what a run up to the stop ends with.
        let kept = try run(
            text(
                epochs: 40, "{monitor: val_loss, patience: 3, restore_best_weights: false}",
                every: every))
        #expect(kept.record.earlyStopping?.restoredEpoch == nil)
        let long = try run(text(epochs: last, nil, every: every))
        #expect(kept.document.evaluation == long.document.evaluation)
    }

    /// Keras 2 leaves the last weights where training was not stopped; here the best come back
    /// however it ends.
    @Test func theBestWeightsComeBackWithoutAStopToo() throws {
        let results = try run(text(epochs: 12, "{monitor: val_loss, patience: 100}"))
        let record = try #require(results.record.earlyStopping)
        #expect(record.stoppedEpoch == nil)
        let best = try #require(record.restoredEpoch)
        #expect(best < 12 && results.record.epochs.count == 12)
        let short = try run(text(epochs: best, nil))
        #expect(results.document.evaluation == short.document.evaluation)
        #expect(
            record.reason == "training went to its last epoch; val_loss was best in epoch \(best)")
    }

    /// What an interrupted run has seen of the watched figure stands in its results; nothing is
    /// restored or evaluated, and the same spec finds again what it would have found.
    @Test func anInterruptedRunSaysWhatWasBest() throws {
        let text = text(epochs: 40, "{monitor: val_loss, patience: 3}")
        let whole = try run(text)
        let best = try #require(whole.record.earlyStopping?.bestEpoch)
        let steps = Mutex(0)
        // Asked before each of the 4 steps of an epoch: yes in the middle of the one after next.
        let stop = StopRequest {
            steps.withLock {
                $0 += 1
                return $0 > (best + 1) * 4 + 2
            }
        }
        let cut = try run(text, stop: stop)
        #expect(cut.record.status == .interrupted)
        #expect(cut.record.epochs.map(\.loss) == whole.record.epochs.prefix(best + 1).map(\.loss))
        #expect(cut.document.evaluation.isEmpty)
        let record = try #require(cut.document.training?.earlyStopping)
        #expect(record.bestEpoch == best)
        #expect(record.bestValue == whole.record.earlyStopping?.bestValue)
        #expect(record.stoppedEpoch == nil && record.restoredEpoch == nil)
        #expect(
            record.reason == "training was cut short after epoch \(best + 1) of 40; val_loss was "
                + "best in epoch \(best)")
        let read = try ResultsDocument(json: JSONValue(parsing: cut.document.json.jsonText()))
        #expect(read.training?.earlyStopping == record)
        #expect(try run(text).digest == whole.digest)
    }

    @Test func threadsDoNotMatter() throws {
        let text = text(epochs: 20, "{monitor: val_loss, patience: 1}")
        #expect(try run(text, threads: 1).digest == run(text, threads: 3).digest)
    }

    /// Any figure of an epoch can be watched, better larger ones by themselves.
    @Test(arguments: [
        ("loss", MetricDirection.minimize), ("auc", .maximize), ("loss_mean", .minimize),
        ("val_loss", .minimize), ("val_auc", .maximize),
        ("val_factorized_top_k/top_5_categorical_accuracy", .maximize),
        ("total_loss", .minimize), ("val_regularization_loss", .minimize),
    ])
    func figures(monitor: String, direction: MetricDirection) throws {
        let penalty = "embeddings_regularizer: {type: l2, l2: 0.001}"
        let results = try run(
            text(
                epochs: 3, "{monitor: \(monitor), patience: 5}",
                more: "metrics: {batch: [auc], loss: [mean], factorized: [factorized_top_k]}"
            ).replacingOccurrences(of: "output_dim: 4", with: "output_dim: 4, \(penalty)"))
        let record = try #require(results.record.earlyStopping)
        #expect(record.direction == direction)
        #expect(record.bestEpoch != nil)
    }

    // MARK: What cannot be watched

    @Test func figuresThatThereAreNotAreNamed() {
        let without = Sample.small(train: "{epochs: 2, early_stopping: {patience: 1}}")
        #expect(
            errors(without) == [
                """
                11:36: no epoch has a figure 'val_loss'; there are loss, batch_loss_mean; \
                'evaluate: {every: 1}' brings figures of the validation part, such as val_loss
                """
            ])
        #expect(
            errors(
                text(
                    epochs: 2, "{monitor: val_los}",
                    more: "metrics: {batch: [auc], loss: [], factorized: [hit_rate]}"
                ).replacingOccurrences(of: "every: 1", with: "every: 1, metrics: [recall]")) == [
                    """
                    15:29: no epoch has a figure 'val_los'; there are loss, batch_loss_mean, auc, \
                    val_loss, val_auc, val_recall@10
                    """
                ])
        let named = "metrics: {batch: [{type: mean_positive_score, name: mean_score}]}"
        #expect(
            errors(text(epochs: 2, "{monitor: mean_score}", more: named))
                == [
                    """
                    15:29: 'mode: auto' cannot tell whether mean_score is better smaller or \
                    larger: say 'mode: min' or 'mode: max'
                    """
                ])
    }

    @Test func whatIsSurelyNotMeant() throws {
        func warnings(_ text: String) throws -> [String] {
            try decode(text).warnings.map(\.message)
        }
        #expect(
            try warnings(text(epochs: 2, "{monitor: val_loss}", every: 3)).contains {
                $0.hasPrefix("nothing is watched: there are 2 epochs, the first 0 are passed over")
            })
        #expect(
            try warnings(text(epochs: 2, "{monitor: loss, start_from_epoch: 2}")) == [
                "nothing is watched: there are 2 epochs, the first 2 are passed over, and loss is "
                    + "measured every 1"
            ])
        #expect(
            try warnings(
                text(epochs: 2, "{monitor: test_loss}").replacingOccurrences(
                    of: "every: 1", with: "every: 1, on: test"))
                == [
                    "test_loss chooses the weights by the test part, on which they are then "
                        + "measured: the figures will be too good"
                ])
        let nothing = try run(text(epochs: 2, "{monitor: val_loss}", every: 3))
        #expect(nothing.record.epochs.count == 2)
        #expect(
            nothing.record.earlyStopping?.reason
                == "val_loss was measured after none of the epochs that are watched")
    }
}
