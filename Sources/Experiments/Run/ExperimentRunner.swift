import Platform
import ResultsFormat
import Retrieval

/// Runs a plan: epochs, then evaluation.
///
/// ```swift
/// let plan = try Planner(catalog: .builtIn, options: RunOptions()).plan(spec)
/// let record = ExperimentRunner(plan: plan, threads: 2).run()
/// ```
public struct ExperimentRunner {
    private let plan: ExperimentPlan
    private let lanes: Lanes
    private let ranks: any Communicator
    private let stop: StopRequest
    private let observe: (RunEvent) -> Void
    /// Told after each epoch what the run has come to.
    var recorded: (RunRecord) -> Void = { _ in }
    /// Keeps what the run comes to on the way; nil: nobody does.
    var checkpoints: CheckpointKeeper?

    /// - Parameters:
    ///   - threads: that may run at once; no result depends on it.
    ///   - ranks: the processes that run the plan together; no result depends on them either.
    ///   - stop: asked after every step whether to go on.
    ///   - observe: told of what goes on, on the caller's thread.
    public init(
        plan: ExperimentPlan, threads: Int, ranks: any Communicator = SingleProcess(),
        stop: StopRequest = StopRequest(),
        observe: @escaping (RunEvent) -> Void = { _ in }
    ) {
        self.plan = plan
        lanes = Lanes(threads: threads)
        self.ranks = ranks
        self.stop = stop
        self.observe = observe
    }

    /// Trains the plan's model and evaluates it. A run that diverges or is asked to stop ends
    /// early, and its record says so.
    ///
    /// The plan keeps its model; a caller that has no further use for it saves the memory of one by
    /// ``run(training:)``.
    public func run() -> RunRecord { run(training: plan.model) }

    /// As ``run()``.
    ///
    /// - Parameter model: the plan's, taken from it by ``ExperimentPlan/takeModel()``.
    public func run(training model: consuming TwoTowerModel) -> RunRecord {
        var training = makeTraining(of: model)
        return run(&training, makeStopper(), from: RunRecord())
    }

    /// The training before its first step.
    func makeTraining(of model: consuming TwoTowerModel) -> TrainingRun {
        let schedule = plan.schedule
        return TrainingRun(
            Trainer(plan, model: model, lanes: lanes, ranks: ranks), plan.train,
            epochs: schedule.epochs, batchSize: schedule.batchSize, grouping: schedule.grouping,
            reshuffle: schedule.reshuffle, seed: schedule.seed)
    }

    /// What watches for the best epoch, where the spec asks for it.
    func makeStopper() -> EarlyStopper? {
        let schedule = plan.schedule
        return schedule.earlyStopping.flatMap { early in
            schedule.monitorDirection.map {
                EarlyStopper(early, direction: $0, epochs: schedule.epochs)
            }
        }
    }

    /// Goes on with a training, at its beginning or from a checkpoint, and evaluates what comes of
    /// it.
    ///
    /// - Parameter record: what was measured so far.
    func run(
        _ training: inout TrainingRun, _ stopper: EarlyStopper?, from record: RunRecord
    ) -> RunRecord {
        var record = record
        let trainingClock = Stopwatch()
        if plan.schedule.isTrained {
            train(&training, stopper, &record)
            training.trainer.settle()
        }
        record.seconds.append(("train", trainingClock.seconds))
        checkpoints?.finish()
        guard record.status == .completed else { return record }
        return evaluated(training.trainer, record)
    }

    /// The record with how the model does on what it was not trained on.
    func evaluated(_ trainer: Trainer, _ record: RunRecord) -> RunRecord {
        var record = record
        let evaluationClock = Stopwatch()
        let test = evaluator(of: plan.evaluation.test, "test", trainer)
            .evaluate(plan.evaluation.test)
        let validation = plan.evaluation.validation.map {
            evaluator(of: $0, "validation", trainer).evaluate($0)
        }
        record.seconds.append(("evaluate", evaluationClock.seconds))
        for (name, part) in [("test", test), ("validation", validation)] {
            guard let loss = part?.loss, !loss.isFinite else { continue }
            record.status = .failed(
                reason: "the \(name) loss is \(loss.unsignedNaNText)", epoch: record.epochs.count,
                step: record.epochs.last?.steps ?? 0)
            return record
        }
        record.test = test
        record.validation = validation
        observe(.evaluated(test))
        return record
    }

    private func train(
        _ training: inout TrainingRun, _ stopper: EarlyStopper?, _ record: inout RunRecord
    ) {
        let schedule = plan.schedule
        var stopper = stopper
        var clock = Stopwatch()
        events: while true {
            // A request may have come to one of them first.
            guard !ranks.any(stop.isSet) || training.isAtEndOfEpoch else {
                record.status = .interrupted
                checkpoints?.write(&training, stopper, record)
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
                checkpoints?.offer(&training, stopper, record)
            case .epoch(let epoch):
                let seconds = clock.seconds
                let result = EpochRecord(
                    epoch, watched: watched(training.trainer, epoch: epoch.epoch),
                    seconds: seconds)
                record.epochs.append(result)
                recorded(record)
                observe(.epoch(result, of: schedule.epochs))
                let isOver = stopper?.observe(result, training.trainer.model.parameters) ?? false
                record.earlyStopping = stopper?.record
                if isOver { break events }
                checkpoints?.offer(&training, stopper, record)
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
        guard plan.schedule.isEvaluated(afterEpoch: epoch) else { return [] }
        let isValidation = plan.schedule.watchedPart == .validation
        guard let part = isValidation ? plan.evaluation.validation : plan.evaluation.test else {
            return []
        }
        let prefix = isValidation ? "val_" : "test_"
        return evaluator(of: part, isValidation ? "validation" : "test", trainer).watch(part).map {
            (prefix + $0.0, $0.1)
        }
    }

    /// What evaluates a part of the data, after whoever watches was told that it begins.
    private func evaluator(of part: EvaluatedPart, _ name: String, _ trainer: Trainer) -> Evaluator
    {
        let progress = EvaluationProgress(
            part: name, examples: part.examples.count, meter: WorkMeter())
        observe(.evaluating(progress))
        return Evaluator(plan: plan, trainer: trainer, lanes: lanes, meter: progress.meter)
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
