import Retrieval

/// The batches of a plan, counted without training on them.
public struct TrainingSummary: Sendable {
    /// At most so many: training may stop early.
    public var epochs: Int
    public var stepsPerEpoch: Int
    public var batchSize: Int
    /// Examples of an epoch's last batch.
    public var lastBatchSize: Int
    /// Batches whose gradients make one step of the optimizers.
    public var accumulationSteps: Int
    /// Scores that an epoch's batches ask for: examples times candidates, copies counted.
    public var denseScores: Int
    /// Scores that are computed, equal queries and equal candidates of a batch once.
    public var computedScores: Int
    /// Whether all epochs have the batches of the first, which are the ones that were counted.
    public var isSameEveryEpoch: Bool

    /// How many times fewer scores are computed than asked for.
    public var deduplicationFactor: Double {
        computedScores == 0 ? 1 : Double(denseScores) / Double(computedScores)
    }

    /// Nil for a baseline, which is not trained.
    init?(_ plan: ExperimentPlan) {
        guard plan.spec.baseline == nil else { return nil }
        let section = plan.spec.train
        var batches = Batches(
            plan.train, size: section.batchSize, reshuffle: section.reshuffle,
            seed: UInt64(plan.spec.seed))
        batches.begin(epoch: 1)
        let trainer = Trainer(plan, lanes: Lanes(threads: 1))
        let shapes = batches.ranges.enumerated().map { step, range in
            trainer.shape(of: batches.examples, range, step: step)
        }
        epochs = section.epochs
        stepsPerEpoch = shapes.count
        batchSize = section.batchSize
        lastBatchSize = shapes.last?.examples ?? 0
        accumulationSteps = section.gradientAccumulationSteps
        denseScores = shapes.reduce(0) { $0 + $1.denseScores }
        computedScores = shapes.reduce(0) { $0 + $1.scoredRows * $1.scoredColumns }
        isSameEveryEpoch = !section.reshuffle && section.extraNegatives == nil
    }
}

extension Trainer {
    /// The trainer of a plan before its first step.
    init(_ plan: ExperimentPlan, lanes: Lanes) {
        self.init(
            model: plan.model, task: plan.task, optimizers: plan.optimizers,
            keyCounts: plan.keyCounts, options: plan.batchOptions,
            accumulationSteps: plan.spec.train.gradientAccumulationSteps,
            seed: UInt64(plan.spec.seed), lanes: lanes)
    }
}
