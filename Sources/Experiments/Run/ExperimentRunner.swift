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
    ///
    /// - Parameter model: the plan's, taken from it.
    func run(training model: consuming TwoTowerModel) -> RunRecord {
        var record = RunRecord()
        var trainer = Trainer(
            model: model, task: plan.task, optimizers: plan.optimizers,
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
        var stopper = section.earlyStopping.flatMap { early in
            early.direction.map { EarlyStopper(early, direction: $0, epochs: section.epochs) }
        }
        for epoch in 1...section.epochs {
            let clock = Stopwatch()
            batches.begin(epoch: epoch)
            var sums = LossSums()
            var metrics = plan.task.makeMetricState()
            for (index, range) in batches.ranges.enumerated() {
                guard !stop.isSet else {
                    record.status = .interrupted
                    return
                }
                let step = trainer.step(batches.examples, range, metrics: &metrics)
                guard step.loss.isFinite, step.regularizationLoss.isFinite else {
                    record.status = .failed(
                        reason: Self.divergence(step, trainer), epoch: epoch, step: index + 1)
                    return
                }
                sums.add(step)
                record.engine.add(step)
                observe(
                    .step(
                        epoch: epoch, step: index + 1, steps: batches.ranges.count,
                        meanLoss: sums.exampleMean,
                        learningRate: trainer.learningRates.first?.rate ?? 0))
            }
            trainer.applyAccumulated()
            let seconds = clock.seconds
            let measured = OrderedMap(metrics.measured).adding(watched(trainer, epoch: epoch))
            let result = EpochRecord(
                epoch: epoch, loss: sums.exampleMean, batchLossMean: sums.batchMean,
                regularizationLoss: trainer.model.parameters.hasRegularizers
                    || sums.regularization != 0 ? sums.regularizationMean : nil,
                metrics: measured.adding(
                    trainer.optimizerReports.map { ($0.name, $0.value) }),
                learningRates: OrderedMap(
                    trainer.learningRates.map { ($0.name, Double($0.rate.description) ?? 0) }),
                examples: sums.examples, steps: sums.steps, seconds: seconds,
                examplesPerSecond: Double(sums.examples) / max(seconds, 1e-9))
            record.epochs.append(result)
            observe(.epoch(result, of: section.epochs))
            let isOver = stopper?.observe(result, trainer.model.parameters) ?? false
            record.earlyStopping = stopper?.record
            if isOver { break }
        }
        if let best = stopper?.weightsToRestore(after: record.epochs.count) {
            trainer.restore(best)
        }
        record.earlyStopping = stopper?.record
        if let ended = record.earlyStopping, ended.hasIntervened { observe(.stopped(ended)) }
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
    private static func divergence(_ step: Trainer.StepResult, _ trainer: Trainer) -> String {
        let source =
            trainer.firstNonFiniteParameter.map {
                "\($0) is the first parameter whose gradient or values are not finite"
            } ?? "every parameter is finite still: scores or losses are too large for a float"
        let loss =
            step.loss.isFinite
            ? "regularization loss is \(step.regularizationLoss)" : "training loss is \(step.loss)"
        return "the \(loss); \(source)"
    }
}

/// The losses of an epoch's steps, added up.
private struct LossSums {
    private var examplesLoss = 0.0
    private var batches = 0.0
    private(set) var regularization = 0.0
    private(set) var examples = 0
    private(set) var steps = 0

    mutating func add(_ step: Trainer.StepResult) {
        examplesLoss += step.exampleLossSum
        batches += step.loss
        regularization += step.regularizationLoss
        examples += step.examples
        steps += 1
    }

    var exampleMean: Double { examplesLoss / Double(examples) }
    var batchMean: Double { batches / Double(steps) }
    var regularizationMean: Double { regularization / Double(steps) }
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
