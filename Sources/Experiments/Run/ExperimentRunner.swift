import ResultsFormat
import Retrieval

/// Runs a plan: epochs, then evaluation.
public struct ExperimentRunner {
    private let plan: ExperimentPlan
    private let lanes: Lanes
    private let stop: StopRequest
    private let observe: (RunEvent) -> Void

    public init(
        plan: ExperimentPlan, threads: Int, stop: StopRequest = StopRequest(),
        observe: @escaping (RunEvent) -> Void = { _ in }
    ) {
        self.plan = plan
        lanes = Lanes(threads: threads)
        self.stop = stop
        self.observe = observe
    }

    /// Trains and evaluates. A run that diverges or is asked to stop ends early, and its record
    /// says so.
    public func run() -> RunRecord {
        var record = RunRecord()
        var trainer = Trainer(
            model: plan.model, task: plan.task, optimizers: plan.optimizers,
            keyCounts: plan.keyCounts, options: plan.batchOptions,
            accumulationSteps: plan.spec.train.gradientAccumulationSteps,
            seed: UInt64(plan.spec.seed), lanes: lanes)

        let trainingClock = Stopwatch()
        if plan.spec.baseline == nil { train(&trainer, &record) }
        record.seconds.append(("train", trainingClock.seconds))
        guard record.status == .completed else { return record }

        let evaluationClock = Stopwatch()
        observe(.evaluating(examples: plan.test.count))
        let evaluator = Evaluator(plan: plan, trainer: trainer, lanes: lanes)
        let test = evaluator.evaluate(plan.evaluation.test)
        let validation = plan.evaluation.validation.map { evaluator.evaluate($0).record }
        record.seconds.append(("evaluate", evaluationClock.seconds))
        for (name, part) in [("test", test.record), ("validation", validation)] {
            guard let loss = part?.loss, !loss.isFinite else { continue }
            record.status = .failed(
                reason: "the \(name) loss is \(loss)", epoch: record.epochs.count,
                step: record.epochs.last?.steps ?? 0)
            return record
        }
        record.test = test.record
        record.validation = validation
        record.figures = test.figures
        observe(.evaluated(test.record))
        return record
    }

    private func train(_ trainer: inout Trainer, _ record: inout RunRecord) {
        let section = plan.spec.train
        var batches = Batches(
            plan.train, size: section.batchSize, reshuffle: section.reshuffle,
            seed: UInt64(plan.spec.seed))
        for epoch in 1...section.epochs {
            let clock = Stopwatch()
            batches.begin(epoch: epoch)
            var lossSum = 0.0
            var batchLossSum = 0.0
            var seen = 0
            var metrics = plan.task.makeMetricState()
            for (index, range) in batches.ranges.enumerated() {
                guard !stop.isSet else {
                    record.status = .interrupted
                    return
                }
                let step = trainer.step(batches.examples, range, metrics: &metrics)
                guard step.loss.isFinite else {
                    record.status = .failed(
                        reason: Self.divergence(step.loss, trainer), epoch: epoch,
                        step: index + 1)
                    return
                }
                lossSum += step.exampleLossSum
                batchLossSum += step.loss
                seen += step.examples
                record.engine.add(step)
                observe(
                    .step(
                        epoch: epoch, step: index + 1, steps: batches.ranges.count,
                        meanLoss: lossSum / Double(seen)))
            }
            trainer.applyAccumulated()
            let seconds = clock.seconds
            let measured = OrderedMap(metrics.measured).adding(watched(trainer, epoch: epoch))
            let result = EpochRecord(
                epoch: epoch, loss: lossSum / Double(seen),
                batchLossMean: batchLossSum / Double(batches.ranges.count),
                metrics: measured.adding(
                    trainer.optimizerReports.map { ($0.name, $0.value) }),
                learningRates: OrderedMap(
                    trainer.learningRates.map { ($0.name, Double($0.rate.description) ?? 0) }),
                examples: seen,
                steps: batches.ranges.count, seconds: seconds,
                examplesPerSecond: Double(seen) / max(seconds, 1e-9))
            record.epochs.append(result)
            observe(.epoch(result, of: section.epochs))
        }
    }

    /// What is evaluated after an epoch, called as Keras calls it: `val_loss` and the like.
    private func watched(_ trainer: Trainer, epoch: Int) -> [(String, Double)] {
        let section = plan.spec.evaluate
        guard let every = section.every, epoch.isMultiple(of: every) else { return [] }
        let isValidation = section.on == .validation
        guard let part = isValidation ? plan.evaluation.validation : plan.evaluation.test else {
            return []
        }
        let prefix = isValidation ? "val_" : "test_"
        return Evaluator(plan: plan, trainer: trainer, lanes: lanes).watch(part).map {
            (prefix + $0.0, $0.1)
        }
    }
}

extension ExperimentRunner {
    /// What went wrong, and where the first number that is none came from.
    private static func divergence(_ loss: Double, _ trainer: Trainer) -> String {
        let source =
            trainer.firstNonFiniteParameter.map {
                "\($0) is the first parameter whose gradient or values are not finite"
            } ?? "every parameter is finite still: scores or losses are too large for a float"
        return "the training loss is \(loss); \(source)"
    }
}

/// The training examples in the order of an epoch, cut into batches.
struct Batches {
    private let source: Examples
    private let reshuffle: Bool
    private let seed: UInt64
    private(set) var examples: Examples
    let ranges: [Range<Int>]

    init(_ source: Examples, size: Int, reshuffle: Bool, seed: UInt64) {
        self.source = source
        self.reshuffle = reshuffle
        self.seed = seed
        examples = source
        ranges = Self.ranges(of: source.count, size: size)
    }

    /// Consecutive ranges of `size`; the last may be shorter.
    static func ranges(of count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// Shuffles for an epoch, numbered from 1. Without `reshuffle` the first epoch's batches stay.
    mutating func begin(epoch: Int) {
        guard epoch == 1 || reshuffle else { return }
        var stream = RandomStream(seed: seed, stream: "batches", index: epoch)
        examples = source.selecting(stream.permutation(source.count))
    }
}
