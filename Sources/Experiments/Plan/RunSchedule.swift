import ResultsFormat
import Retrieval

/// What a run does when: all that it needs of a spec beside the components that a plan has made of
/// it.
public struct RunSchedule: Sendable {
    /// The experiment's seed, from which every stream of random numbers comes.
    public let seed: UInt64
    /// False for a baseline, which has nothing to train.
    public let isTrained: Bool
    /// How often the training examples are seen, unless training stops early; at least 1.
    public let epochs: Int
    /// Examples of a training batch; at least 1, the last of an epoch may have fewer.
    public let batchSize: Int
    /// Which examples make a batch.
    public let grouping: BatchGrouping
    /// Whether every epoch draws new batches.
    public let reshuffle: Bool
    /// Batches whose gradients make one step of the optimizers.
    public let accumulationSteps: Int
    /// Nil: training goes on to its last epoch.
    public let earlyStopping: EarlyStoppingSection?
    /// Which way the figure that early stopping watches is better; nil where nothing is watched.
    public let monitorDirection: MetricDirection?
    /// Epochs between two evaluations during training; nil: only at the end.
    public let evaluationCadence: Int?
    /// The part that is evaluated during training.
    public let watchedPart: EvaluatedPartName

    init(_ spec: ExperimentSpec, _ figures: SpecFigures) {
        seed = spec.randomSeed
        isTrained = spec.baseline == nil
        epochs = spec.train.epochs
        batchSize = spec.train.batchSize
        grouping = spec.train.batches
        reshuffle = spec.train.reshuffle
        accumulationSteps = spec.train.gradientAccumulationSteps
        earlyStopping = spec.train.earlyStopping
        monitorDirection = spec.train.earlyStopping.flatMap { figures.direction(of: $0, in: spec) }
        evaluationCadence = spec.evaluate.every
        watchedPart = spec.evaluate.on
    }

    /// Whether the watched part is evaluated after an epoch, counted from 1.
    func isEvaluated(afterEpoch epoch: Int) -> Bool {
        evaluationCadence.map { epoch.isMultiple(of: $0) } ?? false
    }
}

extension ExperimentSpec {
    /// ``seed``, of which the reader has seen that it is not negative, as streams take it.
    var randomSeed: UInt64 { UInt64(seed) }
}

extension Batches {
    /// The training batches of a plan, before its first epoch.
    init(_ plan: ExperimentPlan) {
        let schedule = plan.schedule
        self.init(
            plan.train, size: schedule.batchSize, grouping: schedule.grouping,
            reshuffle: schedule.reshuffle, seed: schedule.seed)
    }
}

extension Trainer {
    /// The trainer of a plan before its first step.
    init(_ plan: ExperimentPlan, lanes: Lanes) {
        self.init(plan, model: plan.model, lanes: lanes)
    }

    /// - Parameter model: the plan's, which may have been taken from it.
    init(
        _ plan: ExperimentPlan, model: consuming TwoTowerModel, lanes: Lanes,
        ranks: any Communicator = SingleProcess()
    ) {
        self.init(
            model: model, task: plan.task, optimizers: plan.optimizers,
            keyCounts: plan.keyCounts, options: plan.batchOptions,
            accumulationSteps: plan.schedule.accumulationSteps, seed: plan.schedule.seed,
            lanes: lanes, ranks: ranks)
    }
}
