import Retrieval

/// The batches of a plan, counted without training on them.
public struct TrainingSummary: Sendable {
    /// At most so many: training may stop early.
    public var epochs: Int
    /// Batches of an epoch.
    public var stepsPerEpoch: Int
    /// Examples of every batch but perhaps the last.
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
    ///
    /// - Parameters:
    ///   - batches: those of the first epoch, where somebody has drawn them already.
    ///   - threads: how many may count at a time.
    init?(_ plan: ExperimentPlan, batches: Batches? = nil, threads: Int = 1) {
        let schedule = plan.schedule
        guard schedule.isTrained else { return nil }
        let batches = batches ?? Batches.ofFirstEpoch(plan, threads: threads)
        let shapes = Self.shapes(of: batches, plan, threads: threads)
        epochs = schedule.epochs
        stepsPerEpoch = shapes.count
        batchSize = schedule.batchSize
        lastBatchSize = shapes.last?.examples ?? 0
        accumulationSteps = schedule.accumulationSteps
        denseScores = shapes.reduce(0) { $0 + $1.denseScores }
        computedScores = shapes.reduce(0) { $0 + $1.scoredRows * $1.scoredColumns }
        isSameEveryEpoch = !schedule.reshuffle && plan.batchOptions.extraNegatives == nil
    }

    private static func shapes(
        of batches: Batches, _ plan: ExperimentPlan, threads: Int
    ) -> [BatchShape] {
        let trainer = Trainer(plan, lanes: Lanes(threads: 1))
        let ranges = batches.ranges
        // Pieces of some batches, and not of one: batches may be small, and many.
        let count = min(ranges.count, 64)
        let pieces = Lanes(threads: threads).map(count) { piece in
            let steps = (ranges.count * piece / count)..<(ranges.count * (piece + 1) / count)
            return steps.map { step in
                trainer.shape(of: batches.examples, ranges[step], step: step)
            }
        }
        return Array(pieces.joined())
    }
}

extension Batches {
    /// The batches of a plan's first epoch.
    static func ofFirstEpoch(_ plan: ExperimentPlan, threads: Int) -> Batches {
        var batches = Batches(plan)
        batches.begin(epoch: 1, lanes: Lanes(threads: threads))
        return batches
    }
}
