/// What a training batch owes the parameters, and its outcome.
public struct BatchGradients: Sendable {
    /// What the step found beside gradients.
    public var result: Trainer.StepResult
    /// Of the batch's loss, without the penalties on weights, which count once a step.
    public var gradients: Gradients
}

/// How several processes that share a step make one gradient of what each has found.
public protocol GradientExchange: Sendable {
    /// Replaces what this process found of a batch by what all found of it together.
    func exchange(_ batch: inout BatchGradients)
}

extension Trainer {
    /// The outcome of one batch.
    public struct StepResult: Sendable {
        /// The batch's reduced loss.
        public var loss: Double
        /// Σ wᵢ·lᵢ over the examples, whatever the reduction.
        public var exampleLossSum: Double
        /// The penalties that the optimizer saw beside ``loss``, which does not hold them.
        public var regularizationLoss = 0.0
        /// Examples of the batch.
        public var examples: Int
        /// Scores that the batch asks for: examples times columns, copies counted.
        public var denseScores: Int
        /// Rows and columns that were scored; equal to the examples and their candidates where
        /// nothing was deduplicated.
        public var scoredRows: Int
        /// Candidates that were scored, equal ones once.
        public var scoredColumns: Int

        /// Scores that were computed.
        public var computedScores: Int { scoredRows * scoredColumns }

        /// Whether the loss and the penalties are finite.
        public var isFinite: Bool { loss.isFinite && regularizationLoss.isFinite }
    }
}

extension Trainer.StepResult {
    init(_ problem: InBatchProblem, _ result: ScoringResult, _ reduction: Reduction) {
        let examples = problem.examples.count
        loss = result.loss
        exampleLossSum =
            reduction == .sumOverBatchSize ? result.loss * Double(examples) : result.loss
        self.examples = examples
        denseScores = examples * Int(problem.columnCount)
        scoredRows = problem.rows
        scoredColumns = problem.candidates.rows
    }
}
