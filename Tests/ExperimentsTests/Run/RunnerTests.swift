import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Synchronization
import TestSupport
import Testing

struct RunnerTests {
    // MARK: Reproducibility

    /// The digest is the claim "the same was found": neither a repetition nor the number of
    /// threads may change it.
    @Test(arguments: [
        "", "task: {temperature: 0.5, num_hard_negatives: 3}",
        "task: {remove_accidental_hits: true}",
        "loss: {type: categorical_crossentropy, label_smoothing: 0.1}",
    ])
    func digestsRepeat(more: String) throws {
        let text = Sample.small(more: more)
        let digests = try [1, 2, 3, 1].map { try run(text, threads: $0).digest }
        #expect(digests.allSatisfy { $0 == digests[0] && $0.count == 64 })
    }

    @Test func digestsTellExperimentsApart() throws {
        let texts = [
            Sample.small(), Sample.small(more: "seed: 43"),
            Sample.small(more: "task: {temperature: 0.5}"),
            Sample.small(train: "{epochs: 2, batch_size: 64, reshuffle: false}"),
            Sample.small(train: "{epochs: 2, batch_size: 65}"),
        ]
        let digests = try texts.map { try run($0).digest }
        #expect(Set(digests).count == texts.count)
    }

    // MARK: Training

    @Test func theLossFalls() throws {
        let record = try run(
            Sample.small(
                train: "{epochs: 5, batch_size: 60, optimizer: {type: adagrad, learning_rate: 0.5}}"
            )
        ).record
        #expect(record.status == .completed)
        #expect(record.epochs.map(\.epoch) == [1, 2, 3, 4, 5])
        #expect(record.epochs.allSatisfy { $0.examples == 240 && $0.steps == 4 })
        let losses = record.epochs.map(\.loss)
        #expect(losses[4] < losses[0])
        // 60 candidates, all nearly equal at first: the loss of guessing.
        #expect(abs(losses[0] - log(60)) < 0.3)
        // Batches of one size and a sum: their mean is that of the examples, times the size.
        for epoch in record.epochs {
            #expect(abs(epoch.batchLossMean - epoch.loss * 60) < 1e-6 * epoch.batchLossMean)
        }
    }

    @Test func theLastBatchMayBeShort() throws {
        let record = try run(Sample.small(train: "{epochs: 1, batch_size: 100}")).record
        #expect(record.epochs.map(\.steps) == [3])
        #expect(record.epochs.map(\.examples) == [240])
    }

    /// The epoch's loss is per example whatever the reduction, so that reductions can be compared.
    @Test func theReductionScalesOnlyTheBatchLoss() throws {
        let train = "{epochs: 1, batch_size: 60, optimizer: {type: adagrad, learning_rate: 0}}"
        func epoch(_ reduction: String) throws -> EpochRecord {
            try #require(
                try run(
                    Sample.small(
                        train: train,
                        more: "loss: {type: categorical_crossentropy, reduction: \(reduction)}")
                ).record.epochs.first)
        }
        let (sum, mean, none) = try (epoch("sum"), epoch("sum_over_batch_size"), epoch("none"))
        #expect(abs(sum.loss - mean.loss) < 1e-6)
        #expect(abs(sum.loss - none.loss) < 1e-6)
        #expect(abs(sum.batchLossMean - 60 * mean.batchLossMean) < 1e-4)
    }

    /// Scoring equal queries and candidates once is a short cut, not another experiment.
    @Test(arguments: [
        "", "task: {remove_accidental_hits: true}", "task: {num_hard_negatives: 5}",
        "loss: {type: categorical_crossentropy, label_smoothing: 0.2}",
        "task: {temperature: 0.3, remove_accidental_hits: true}",
    ])
    func deduplicationChangesNothing(more: String) throws {
        func record(_ deduplicate: String) throws -> RunRecord {
            try run(
                Sample.small(
                    train: """
                        {epochs: 3, batch_size: 120, deduplicate: \(deduplicate), \
                        optimizer: {type: adagrad, learning_rate: 0.1}}
                        """, more: more)
            ).record
        }
        let (auto, off) = (try record("auto"), try record("off"))
        for (a, b) in zip(auto.epochs, off.epochs) {
            #expect(abs(a.loss - b.loss) <= 1e-5 * abs(b.loss))
        }
        let (a, b) = (try #require(auto.test), try #require(off.test))
        #expect(a.metrics.keys == b.metrics.keys)
        for (x, y) in zip(a.metrics.values, b.metrics.values) {
            // One of 60 examples may fall on the other side of a near tie.
            #expect(abs(x - y) <= 1.0 / 60 + 1e-9)
        }
        #expect(off.engine.deduplicationFactor == 1)
        #expect(auto.engine.deduplicationFactor > 1)
        #expect(auto.engine.denseScores == off.engine.denseScores)
    }

    /// Kept batches are the first epoch's; the first epoch is the same either way.
    @Test func reshuffling() throws {
        func losses(_ reshuffle: Bool) throws -> [Double] {
            try run(
                Sample.small(
                    train: """
                        {epochs: 3, batch_size: 40, reshuffle: \(reshuffle), \
                        optimizer: {type: adagrad, learning_rate: 0}}
                        """)
            ).record.epochs.map(\.loss)
        }
        let (kept, drawn) = (try losses(false), try losses(true))
        #expect(kept[0] == drawn[0])
        #expect(kept[1] == kept[0] && kept[2] == kept[0])
        #expect(drawn[1] != drawn[0] && drawn[2] != drawn[1])
    }

    // MARK: Evaluation

    @Test func theTestIsMeasuredAgainstTheWholeCorpus() throws {
        let results = try run(Sample.small())
        let test = try #require(results.document.evaluation["test"])
        #expect(test.examples == 60)
        #expect(
            test.metrics.keys
                == [1, 5, 10, 50, 100].map { "factorized_top_k/top_\($0)_categorical_accuracy" })
        #expect(test.metrics.values == test.metrics.values.sorted())
        // 30 candidates: among the best 50 whatever the model does.
        #expect(test.metrics.values.last == 1)
        #expect(try #require(test.loss).isFinite)
    }

    @Test func withoutMetrics() throws {
        let test = try #require(
            try run(Sample.small(more: "metrics: {factorized: []}")).record.test)
        #expect(test.metrics.isEmpty)
        #expect(test.loss != nil)
    }

    // MARK: Runs that end early

    @Test func aRunThatDiverges() throws {
        let text = Sample.small(
            train: """
                {epochs: 3, batch_size: 60, reshuffle: false, \
                optimizer: {type: adagrad, learning_rate: 1.0e+38}}
                """)
        let results = try run(text)
        guard case .failed(let reason, let epoch, let step) = results.record.status else {
            Issue.record("the run did not fail: \(results.record.status)")
            return
        }
        #expect(reason.hasPrefix("the training loss is "))
        #expect(epoch == 1)
        #expect((2...4).contains(step))
        #expect(results.record.epochs.isEmpty)
        #expect(results.record.test == nil)

        let read = try ResultsDocument(json: JSONValue(parsing: results.document.json.jsonText()))
        #expect(read.status == .failed)
        #expect(read.failure == RunFailure(reason: reason, epoch: epoch, step: step))
        #expect(read.evaluation.isEmpty)
        #expect(try run(text).digest == results.digest)
    }

    /// The finished epochs stay, and they are those of the run that was not interrupted.
    @Test func aRunThatIsInterrupted() throws {
        let train = "{epochs: 4, batch_size: 60, optimizer: {type: adagrad, learning_rate: 0.1}}"
        let whole = try run(Sample.small(train: train))
        let steps = Mutex(0)
        // Asked before each of the 4 steps of an epoch: yes in the middle of the third.
        let stop = StopRequest {
            steps.withLock {
                $0 += 1
                return $0 > 10
            }
        }
        let results = try run(Sample.small(train: train), stop: stop)
        #expect(results.record.status == .interrupted)
        #expect(results.record.epochs.map(\.epoch) == [1, 2])
        #expect(results.record.epochs.map(\.loss) == whole.record.epochs.prefix(2).map(\.loss))
        #expect(results.record.test == nil)
        let read = try ResultsDocument(json: JSONValue(parsing: results.document.json.jsonText()))
        #expect(read.status == .interrupted)
        #expect(read.training?.epochs.count == 2)
        #expect(read.digest != whole.digest)
    }

    @Test func aRunThatIsInterruptedAtOnce() throws {
        let results = try run(Sample.small(), stop: StopRequest { true })
        #expect(results.record.status == .interrupted)
        #expect(results.record.epochs.isEmpty)
        #expect(try ResultsDocument.digest(of: results.document.json) == results.digest)
    }

    // MARK: Events and files

    @Test func eventsAreToldInOrder() throws {
        var told: [String] = []
        let experiment = Experiment(
            catalog: .builtIn, options: RunOptions(threads: 1, environment: isolated()))
        _ = try experiment.run(
            try decode(
                Sample.small(
                    train: "{epochs: 2, batch_size: 120, "
                        + "optimizer: {type: adagrad, learning_rate: 0.1}}"))
        ) { event in
            switch event {
            case .data: break
            case .planned(let plan): told.append("planned \(plan.counts.train)")
            case .step(let epoch, let step, let steps, let loss, let learningRate):
                #expect(learningRate == 0.1)
                told.append("step \(epoch): \(step)/\(steps)")
                #expect(loss.isFinite)
            case .epoch(let record, let total): told.append("epoch \(record.epoch)/\(total)")
            case .stopped: told.append("stopped")
            case .evaluating(let progress):
                told.append("evaluating \(progress.examples) of \(progress.part)")
            case .evaluated(let record): told.append("evaluated \(record.examples)")
            case .resumed, .notice, .saved: told.append("\(event)")
            }
        }
        #expect(
            told == [
                "planned 240", "step 1: 1/2", "step 1: 2/2", "epoch 1/2", "step 2: 1/2",
                "step 2: 2/2", "epoch 2/2", "evaluating 60 of test", "evaluated 60",
            ])
    }

    /// The same experiment has the same file; another seed, spec or data set has another.
    @Test func theDefaultPath() throws {
        let path = try run(Sample.small()).defaultPath
        #expect(path.hasPrefix("results/sample-") && path.hasSuffix(".json"))
        #expect(path.count == "results/sample-.json".count + 12)
        #expect(try run(Sample.small(), threads: 2).defaultPath == path)
        #expect(try run(Sample.small(more: "seed: 1")).defaultPath != path)
        let odd = Sample.small().replacingOccurrences(of: "name: sample", with: "name: '../a b/é'")
        #expect(try run(odd).defaultPath.hasPrefix("results/---a-b---"))
    }

    @Test func theFileHoldsTheDocument() throws {
        try withTemporaryFolder { folder in
            let results = try run(Sample.small())
            let path = folder + "/deep/er/results.json"
            try results.write(to: path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(try ResultsDocument(json: JSONValue(parsing: text)) == results.document)
        }
    }
}
