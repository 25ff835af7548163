/// Trains a two-tower model on a retrieval task, one batch at a time.
///
/// A step has three parts: ``gradients(of:_:metrics:)`` finds what a batch owes the parameters, an
/// ``exchange`` adds up what several processes found, ``apply(_:)`` moves the parameters.
/// ``step(_:_:metrics:)`` is all three; ``TrainingRun`` takes one after the other for epochs.
public struct Trainer: Sendable {
    /// The model but for the steps that rows of large tables owe.
    private var owingModel: TwoTowerModel
    /// What is minimised and measured.
    public let task: RetrievalTask
    /// The threads that work may be cut among; no bit depends on their number.
    public let lanes: Lanes
    /// The processes that share the experiment.
    public let ranks: any Communicator
    /// Where several processes share a step; nil: one process takes it alone.
    public var exchange: (any GradientExchange)?
    var assembler: BatchAssembler
    private var optimizer: OptimizerRun
    /// Who scores the batches.
    package var engine: any ScoringEngine
    /// Memory that encoders of one step leave for the next.
    private let pool = BufferPool()
    private var accumulation: GradientAccumulation
    /// Training batches so far.
    private var batches = 0
    let seed: UInt64

    /// - Parameters:
    ///   - optimizers: those of the model's parameters.
    ///   - accumulationSteps: the batches whose gradients make one step of the optimizers.
    ///   - seed: the experiment's; dropout draws from it.
    ///   - ranks: the processes that share the experiment. Each is given the same arguments, and
    ///     is left with its rows of the tables.
    public init(
        model: TwoTowerModel, task: RetrievalTask, optimizers: [OptimizerGroup],
        keyCounts: KeyCounts, options: BatchOptions = BatchOptions(),
        accumulationSteps: Int = 1, seed: UInt64 = 0, lanes: Lanes = Lanes(threads: 1),
        ranks: any Communicator = SingleProcess()
    ) {
        owingModel = model
        self.task = task
        self.ranks = ranks
        owingModel.parameters.spread(
            over: ranks,
            keepingWhole: Set(
                optimizers.filter { !type(of: $0.optimizer).movesRowsApart }
                    .flatMap(\.parameters)))
        optimizer = OptimizerRun(optimizers, for: owingModel.parameters)
        accumulation = GradientAccumulation(
            steps: accumulationSteps, averages: task.loss.reduction == .sumOverBatchSize)
        self.seed = seed
        self.lanes = lanes
        engine = Engines.scoring(lanes: lanes, ranks: ranks)
        var options = options
        // What is clipped is the slice of each example, as in Keras, and not their sum.
        if optimizers.contains(where: { $0.optimizer.options.clipping != nil }) {
            options.deduplication = .off
        }
        assembler = BatchAssembler(
            keyCounts: keyCounts, options: options,
            joining: GradientJoining(
                ranks: ranks,
                gathersRows: optimizers.contains { $0.optimizer.looksAtAllGradients }))
        deferIdleSteps(from: Self.largeTable)
    }

    /// One optimizer for all parameters.
    public init(
        model: TwoTowerModel, task: RetrievalTask, optimizer: any Optimizer,
        keyCounts: KeyCounts, options: BatchOptions = BatchOptions(),
        accumulationSteps: Int = 1, seed: UInt64 = 0, lanes: Lanes = Lanes(threads: 1),
        ranks: any Communicator = SingleProcess()
    ) {
        self.init(
            model: model, task: task,
            optimizers: OptimizerAssignment(optimizer).groups(of: model.parameters),
            keyCounts: keyCounts, options: options, accumulationSteps: accumulationSteps,
            seed: seed, lanes: lanes, ranks: ranks)
    }

    /// Takes one optimizer step on the examples at `range`, or the part of one where gradients
    /// accumulate; the task's batch and loss metrics measure the scores and the loss before it.
    @discardableResult
    public mutating func step(
        _ examples: Examples, _ range: Range<Int>, metrics: inout RetrievalMetricState
    ) -> StepResult {
        var batch = gradients(of: examples, range, metrics: &metrics)
        exchange?.exchange(&batch)
        let result = batch.result
        apply(batch)
        return result
    }

    /// The loss of a training batch and what it owes the parameters, none of which it moves. The
    /// batch counts: it has randomness of its own, and a streaming estimate takes note of it.
    public mutating func gradients(
        of examples: Examples, _ range: Range<Int>, metrics: inout RetrievalMetricState
    ) -> BatchGradients {
        assembler.observe(examples, range)
        let task = taskNow
        let step = TrainingStep(seed: seed, index: batches)
        let (assembler, lanes, pool) = (assembler, lanes, pool)
        var batch = optimizer.settlingLookUps(of: &owingModel) {
            assembler.assemble(
                examples, range, model: $0, task: task, step: step, lanes: lanes, pool: pool)
        }
        batches += 1
        let result = task.evaluate(
            batch.problem, gradients: true, measuresBatchMetrics: true, on: engine)
        metrics.measure(result, of: batch.problem, reduction: task.loss.reduction)
        var outcome = StepResult(batch.problem, result, task.loss.reduction)
        // With a corpus of extra negatives they are as large as their gradient.
        batch.problem.candidates = Matrix(rows: 0, columns: 0)
        var gradients = Gradients(for: owingModel.parameters)
        if let scores = result.gradients {
            batch.queryPullback(scores.queries, &gradients)
            batch.candidatePullback(scores.candidates, &gradients)
            if let id = owingModel.logTemperature {
                gradients.add(.dense(temperatureGradient(batch.problem, scores.queries)), to: id)
            }
        }
        outcome.regularizationLoss =
            gradients.regularizationLoss + owingModel.parameters.regularizationLoss
        return BatchGradients(result: outcome, gradients: gradients)
    }

    /// Takes what a batch owes the parameters: a step of the optimizers where it is the last of
    /// those that make one, and the new values of what gradients do not move.
    public mutating func apply(_ batch: BatchGradients) {
        accumulation.add(batch.gradients, examples: batch.result.examples)
        if accumulation.isComplete { applyAccumulated() }
        owingModel.parameters.setStates(of: batch.gradients)
    }

    /// Takes the optimizer step that the batches since the last one are owed, if there are any: at
    /// the end of an epoch, whose last step may have had fewer batches.
    public mutating func applyAccumulated() {
        guard var gradients = accumulation.take() else { return }
        owingModel.parameters.regularize(&gradients)
        optimizer.apply(gradients, to: &owingModel.parameters, lanes: lanes)
    }

    // MARK: What it has learned

    /// As the steps so far have left it.
    ///
    /// Between steps of an epoch rows of large tables may owe some, so that this is a copy that has
    /// taken them; who asks often does well to ``settle()`` first.
    public var model: TwoTowerModel { settled.owingModel }

    /// Has all rows of tables take the steps that they owe. Nobody needs to ask for it: it saves
    /// who reads the model or saves the training the time and the memory of a copy.
    public mutating func settle() { optimizer.settle(&owingModel.parameters, lanes) }

    /// The same trainer where no row owes a step.
    private var settled: Trainer {
        guard optimizer.owesSteps else { return self }
        var settled = self
        settled.settle()
        return settled
    }

    /// Numbers of a table, with what is remembered of it, from which on a sweep over it in every
    /// step takes longer than to settle rows that are read: a MiB, about what a core's cache holds.
    private static let largeTable = 1 << 18

    /// Says from which size on, in numbers, rows of tables owe the steps for which they have no
    /// gradient; no bit depends on it.
    package mutating func deferIdleSteps(from size: Int) {
        settle()
        optimizer.deferIdleSteps(in: owingModel.parameters, from: ranks.isAlone ? size : .max)
    }

    /// What this rank holds of each parameter.
    package var holdings: [ParameterHolding] {
        let sizes = optimizer.stateSizes
        return owingModel.parameters.ids.map { id in
            let own = owingModel.parameters.matrices[id.index]
            return ParameterHolding(
                name: owingModel.parameters.name(of: id), rows: owingModel.parameters.rows(of: id),
                ownRows: own.rows, columns: own.columns, stateNumbers: sizes[id] ?? 0,
                isShared: owingModel.parameters.partition(of: id) != nil)
        }
    }

    /// Which rows this rank has of an array of the training's state; nil: all of them.
    package func part(ofArray name: String) -> PartOfRows? {
        owingModel.parameters.part(ofArray: name)
    }

    /// Brings all rows of the tables that ranks share to the first one, after the last step.
    package mutating func unite() {
        settle()
        owingModel.parameters.unite()
    }

    /// Puts back the parameters of an earlier step; what the optimizers remember stays.
    public mutating func restore(_ parameters: Parameters) {
        settle()
        owingModel.parameters = parameters
    }

    /// The learning rate of the last step, or the first before there is one, by the name of its
    /// optimizer.
    public var learningRates: [(name: String, rate: Float)] {
        zip(optimizer.groups, optimizer.learningRates(at: max(0, optimizer.step - 1)))
            .map { ($0.name, $1) }
    }

    /// What the optimizers tell of the parameters after the last step.
    public var optimizerReports: [(name: String, value: Double)] {
        optimizer.reports(of: owingModel.parameters)
    }

    /// The parameter that was the first to get a gradient with a NaN or an infinity or, if none
    /// has, to hold one.
    public var firstNonFiniteParameter: String? {
        let parameters = model.parameters
        let id =
            optimizer.firstNonFinite(ranks)
            ?? parameters.trainable.first {
                ranks.any(!Gradient.dense(parameters.matrices[$0.index]).isFinite(lanes))
            }
        return id.map { parameters.names[$0.index] }
    }

    /// The loss of the examples at `range` and the task's batch and loss metrics, without a step.
    public func evaluateLoss(
        _ examples: Examples, _ range: Range<Int>, metrics: inout RetrievalMetricState
    ) -> StepResult {
        let task = taskNow
        let problem = assembler.assemble(
            examples, range, model: model, task: task, step: nil, lanes: lanes, pool: pool
        ).problem
        let result = task.evaluate(
            problem, gradients: false, measuresBatchMetrics: true, on: engine)
        metrics.measure(result, of: problem, reduction: task.loss.reduction)
        return StepResult(problem, result, task.loss.reduction)
    }

    /// The same for evaluation alone, with the embeddings of the examples' queries where those are
    /// worth keeping: each is encoded once.
    public func remembering(queriesOf examples: Examples) -> Trainer {
        var trainer = settled
        let keyCount = assembler.keyCounts.queries
        trainer.owingModel = trainer.owingModel.remembering(
            queries: DistinctKeys(examples.queryKeys[...], keyCount: keyCount).keys,
            keyCount: keyCount, lanes: lanes, ranks: ranks)
        return trainer
    }

    /// The task with the temperature that the model has learned so far.
    private var taskNow: RetrievalTask {
        guard let temperature = owingModel.learnedTemperature else { return task }
        var now = task
        now.temperature = temperature
        return now
    }

    /// ∂loss/∂log τ. Scores are cosines over τ, so it is −Σ gᵢⱼ·sᵢⱼ/τ, and ∂loss/∂qᵢ = Σⱼ gᵢⱼ·cⱼ/τ
    /// gives that sum without another pass over the scores: a sum over the lanes of the rows.
    private func temperatureGradient(_ problem: InBatchProblem, _ gradient: Matrix) -> Matrix {
        let width = problem.heads * gradient.columns
        let own = problem.ownRows == nil ? 0..<Lanes.count : ranks.lanes(of: Lanes.count)
        let sums = own.map { lane -> Float? in
            let rows = Lanes.rows(of: lane, in: problem.rows)
            guard !rows.isEmpty else { return nil }
            let start = (rows.lowerBound - problem.firstRow) * width
            return problem.queries.values.withUnsafeBufferPointer { queries in
                gradient.values.withUnsafeBufferPointer {
                    guard let queries = queries.baseAddress, let gradient = $0.baseAddress
                    else { return 0 }
                    return Kernels.dot(queries + start, gradient + start, rows.count * width)
                }
            }
        }
        var sum = [Lanes.treeSum(sums) { $0 += $1 } ?? 0]
        if problem.ownRows != nil {
            sum.withUnsafeMutableBufferPointer { ranks.treeSum($0, ofRanks: ranks.size) }
        }
        return Matrix(rows: 1, columns: 1, values: [-sum[0]])
    }
}

extension Trainer: Restorable {
    /// Parameters by their path, what the optimizers remember of each, gradients that wait for
    /// their step, the estimate of sampling probabilities, and the batches so far, from whose
    /// number and the seed all randomness of later ones follows.
    public func save(to arrays: inout NamedArrays, as name: String) {
        let settled = settled
        let parameters = settled.owingModel.parameters
        batches.save(to: &arrays, as: NamedArrays.path(name, "batches"))
        parameters.save(to: &arrays, as: NamedArrays.path(name, "parameters"))
        settled.optimizer.save(to: &arrays, as: NamedArrays.path(name, "optimizers"))
        accumulation.save(
            to: &arrays, as: NamedArrays.path(name, "accumulation"), of: parameters)
        assembler.options.samplingProbability?
            .save(to: &arrays, as: NamedArrays.path(name, "sampling"))
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        try batches.restore(from: &arrays, as: NamedArrays.path(name, "batches"))
        try owingModel.parameters.restore(from: &arrays, as: NamedArrays.path(name, "parameters"))
        try optimizer.restore(from: &arrays, as: NamedArrays.path(name, "optimizers"))
        try accumulation.restore(
            from: &arrays, as: NamedArrays.path(name, "accumulation"), of: owingModel.parameters)
        try assembler.options.samplingProbability?
            .restore(from: &arrays, as: NamedArrays.path(name, "sampling"))
    }
}
