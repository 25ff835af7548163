import ResultsFormat
import Retrieval

/// Runs a plan: epochs, then evaluation.
public struct ExperimentRunner {
    private let plan: ExperimentPlan
    private let lanes: Lanes
    private let stop: StopRequest
    private let observe: (RunEvent) -> Void
    /// Told after each epoch what the run has come to.
    var recorded: (RunRecord) -> Void = { _ in }

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
        let section = plan.spec.train
        var training = TrainingRun(
            Trainer(
                model: model, task: plan.task, optimizers: plan.optimizers,
                keyCounts: plan.keyCounts, options: plan.batchOptions,
                accumulationSteps: section.gradientAccumulationSteps,
                seed: UInt64(plan.spec.seed), lanes: lanes),
            plan.train, epochs: section.epochs, batchSize: section.batchSize,
            reshuffle: section.reshuffle, seed: UInt64(plan.spec.seed))

        let trainingClock = Stopwatch()
        if plan.spec.baseline == nil { train(&training, &record) }
        record.seconds.append(("train", trainingClock.seconds))
        guard record.status == .completed else { return record }

        let evaluationClock = Stopwatch()
        observe(.evaluating(examples: plan.test.count))
        let evaluator = Evaluator(plan: plan, trainer: training.trainer, lanes: lanes)
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

    private func train(_ training: inout TrainingRun, _ record: inout RunRecord) {
        let section = plan.spec.train
        var stopper = section.earlyStopping.flatMap { early in
            plan.figures.direction(of: early, in: plan.spec).map {
                EarlyStopper(early, direction: $0, epochs: section.epochs)
            }
        }
        var clock = Stopwatch()
        events: while true {
            guard !stop.isSet || training.isAtEndOfEpoch else {
                record.status = .interrupted
                return
            }
            switch training.next() {
            case nil:
                break events
            case .step(let step):
                guard step.result.isFinite else {
                    record.status = .failed(
                        reason: Self.divergence(step.result, training.trainer),
                        epoch: step.epoch, step: step.step)
                    return
                }
                record.engine.add(step.result)
                observe(
                    .step(
                        epoch: step.epoch, step: step.step, steps: step.steps,
                        meanLoss: step.meanLoss,
                        learningRate: training.trainer.learningRates.first?.rate ?? 0))
            case .epoch(let epoch):
                let seconds = clock.seconds
                let result = EpochRecord(
                    epoch, watched: watched(training.trainer, epoch: epoch.epoch),
                    seconds: seconds)
                record.epochs.append(result)
                recorded(record)
                observe(.epoch(result, of: section.epochs))
                let isOver = stopper?.observe(result, training.trainer.model.parameters) ?? false
                record.earlyStopping = stopper?.record
                if isOver { break events }
                clock = Stopwatch()
            }
        }
        if let best = stopper?.weightsToRestore(after: record.epochs.count) {
            training.trainer.restore(best)
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

extension EpochRecord {
    /// - Parameters:
    ///   - watched: what was evaluated after the epoch, by name.
    ///   - seconds: how long it trained.
    fileprivate init(_ epoch: EpochReport, watched: [(String, Double)], seconds: Double) {
        self.init(
            epoch: epoch.epoch, loss: epoch.loss, batchLossMean: epoch.batchLossMean,
            regularizationLoss: epoch.regularizationLoss,
            metrics: OrderedMap(epoch.metrics).adding(watched)
                .adding(epoch.optimizerReports.map { ($0.name, $0.value) }),
            // The shortest decimal that gives the rate back: 0.1, not 0.10000000149.
            learningRates: OrderedMap(
                epoch.learningRates.map { ($0.name, Double($0.rate.description) ?? 0) }),
            examples: epoch.examples, steps: epoch.steps, seconds: seconds,
            examplesPerSecond: Double(epoch.examples) / max(seconds, 1e-9))
    }
}
