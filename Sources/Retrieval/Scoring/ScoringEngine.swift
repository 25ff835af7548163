/// Who scores a batch, evaluates the loss of every example and takes the gradient back to both
/// embeddings: the processor, or another device.
///
/// An engine answers for what it knows how to score, and hands the rest to the processor's. Where
/// its sums go in another order, its last bits are not the processor's: it has a digest of its own.
package protocol ScoringEngine: Sendable {
    /// - Parameter gradients: whether the gradients are asked for.
    func score(
        _ problem: InBatchProblem, by rules: ScoringRules, gradients: Bool
    ) -> ScoringResult
}

/// How a task wants a batch scored.
package struct ScoringRules: Sendable {
    package var loss: any Loss
    /// What products of embeddings are divided by.
    package var temperature: Float
    /// How many negatives of each example the loss sees, the hardest; nil: all.
    package var numHardNegatives: Int?
    /// Metrics that measure every example's row before the loss does.
    package var batchMetrics: [any BatchMetric]
}

/// What came of a batch.
package struct ScoringResult: Sendable {
    /// The unweighted loss of each example, in the batch's order; empty where ranks share the batch
    /// and the loss is reduced.
    package var exampleLosses: [Float]
    /// Σ wᵢ·lᵢ, divided by the number of examples if the loss's reduction says so.
    package var loss: Double
    /// Nil where they were not asked for.
    package var gradients: Gradients?
    /// What the batch metrics measured, in their order.
    package var batchMetrics: [BatchMetricRun]

    /// ∂loss/∂embeddings, of the shapes of the problem's queries and candidates.
    package struct Gradients: Sendable {
        package var queries: Matrix
        package var candidates: Matrix
    }
}

/// The engines of this process; the one place where they are chosen.
package enum Engines {
    /// - Parameters:
    ///   - lanes: the threads that the processor may use.
    ///   - ranks: the processes that score each batch together.
    package static func scoring(
        lanes: Lanes, ranks: any Communicator = SingleProcess()
    ) -> any ScoringEngine {
        ProcessorScoring(lanes: lanes, ranks: ranks)
    }
}

/// Scoring by the processor's vector units, with memory that batches of about the same size share.
struct ProcessorScoring: ScoringEngine {
    let lanes: Lanes
    let ranks: any Communicator
    private let pool = BufferPool()

    init(lanes: Lanes, ranks: any Communicator = SingleProcess()) {
        self.lanes = lanes
        self.ranks = ranks
    }

    func score(
        _ problem: InBatchProblem, by rules: ScoringRules, gradients: Bool
    ) -> ScoringResult {
        ScoringPass(
            loss: rules.loss, temperature: rules.temperature,
            transforms: RowTransforms(
                columnIDs: problem.columnIDs, mask: problem.mask,
                numHardNegatives: rules.numHardNegatives),
            batchMetrics: rules.batchMetrics, lanes: lanes, ranks: ranks, pool: pool
        ).run(problem, gradients: gradients)
    }
}
