/// Trains a two-tower model on a retrieval task, one batch at a time.
public struct Trainer: Sendable {
    public private(set) var model: TwoTowerModel
    public let task: RetrievalTask
    public let deduplication: Deduplication
    public let lanes: Lanes
    /// The size of each tower's key space.
    private let queryKeyCount: Int
    private let candidateKeyCount: Int
    private var optimizer: OptimizerRun

    public init(
        model: TwoTowerModel, task: RetrievalTask, optimizer: any Optimizer,
        queryKeyCount: Int, candidateKeyCount: Int,
        deduplication: Deduplication = .auto, lanes: Lanes = Lanes(threads: 1)
    ) {
        self.model = model
        self.task = task
        self.optimizer = OptimizerRun(optimizer, for: model.parameters)
        self.queryKeyCount = queryKeyCount
        self.candidateKeyCount = candidateKeyCount
        self.deduplication = deduplication
        self.lanes = lanes
    }

    /// The outcome of one batch.
    public struct StepResult: Sendable {
        /// The batch's reduced loss.
        public var loss: Double
        /// Σ wᵢ·lᵢ over the examples, whatever the reduction.
        public var exampleLossSum: Double
        public var examples: Int
        /// Rows and columns that were scored; equal to the examples where nothing was
        /// deduplicated.
        public var scoredRows: Int
        public var scoredColumns: Int
    }

    /// Takes one optimizer step on the examples at `range`.
    public mutating func step(_ examples: Examples, _ range: Range<Int>) -> StepResult {
        let batch = encode(examples, range)
        let result = task.evaluate(batch.problem, gradients: true, lanes: lanes)
        if let scores = result.gradients {
            var gradients = Gradients()
            batch.queries.pullback(scores.queries, &gradients)
            batch.candidates.pullback(scores.candidates, &gradients)
            optimizer.apply(gradients, to: &model.parameters)
        }
        return stepResult(batch.problem, result)
    }

    /// The loss of the examples at `range`, without a step.
    public func evaluateLoss(_ examples: Examples, _ range: Range<Int>) -> StepResult {
        let problem = encode(examples, range).problem
        return stepResult(problem, task.evaluate(problem, gradients: false, lanes: lanes))
    }

    private func stepResult(
        _ problem: InBatchProblem, _ result: ScoringPass.Result
    ) -> StepResult {
        let factor = task.loss.reduction == .sumOverBatchSize ? Double(problem.examples.count) : 1
        return StepResult(
            loss: result.loss, exampleLossSum: result.loss * factor,
            examples: problem.examples.count, scoredRows: problem.queries.rows,
            scoredColumns: problem.candidates.rows)
    }

    private func encode(_ examples: Examples, _ range: Range<Int>) -> EncodedBatch {
        let isAuto = deduplication == .auto
        let queryKeys = examples.queryKeys[range]
        let candidateKeys = examples.candidateKeys[range]
        let rows =
            isAuto
            ? DistinctKeys(queryKeys, keyCount: queryKeyCount)
            : DistinctKeys(undistinguished: queryKeys)
        let countsColumns = isAuto && task.canCountColumns(measuringBatchMetrics: false)
        let columns =
            countsColumns
            ? DistinctKeys(candidateKeys, keyCount: candidateKeyCount)
            : DistinctKeys(undistinguished: candidateKeys)

        let queries = model.queryTower.encode(rows.keys, model.parameters)
        let candidates = model.candidateTower.encode(columns.keys, model.parameters)
        var problem = InBatchProblem(
            queries: queries.embeddings, candidates: candidates.embeddings,
            examples: RowExamples(
                rowOf: rows.positions, rows: rows.keys.count, positives: columns.positions,
                weights: examples.weights.map { Array($0[range]) }))
        if countsColumns && columns.keys.count < candidateKeys.count {
            problem.counts = columns.counts
        }
        if task.removeAccidentalHits {
            problem.columnIDs = ColumnIDs(
                codes: DistinctKeys(columns.keys[...], keyCount: candidateKeyCount).positions)
        }
        return EncodedBatch(queries: queries, candidates: candidates, problem: problem)
    }

    private struct EncodedBatch {
        var queries: Encoding
        var candidates: Encoding
        var problem: InBatchProblem
    }
}
