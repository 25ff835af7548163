/// A training on its way: some epochs over some examples, one step after the other.
///
/// ```swift
/// var run = TrainingRun(trainer, examples, epochs: 3, batchSize: 4096, seed: 42)
/// while let event = run.next() {
///     if case .epoch(let epoch) = event { print(epoch.epoch, epoch.loss) }
/// }
/// ```
///
/// Between two events the run is a value that can be saved and put back into a run that was made
/// the same way, which then goes on as if nothing had happened, to the bit:
///
/// ```swift
/// let state = run.state
/// var again = TrainingRun(trainer, examples, epochs: 3, batchSize: 4096, seed: 42)
/// try again.restore(state)
/// ```
public struct TrainingRun: Sendable {
    /// Who takes the steps. What it learns may be looked at, and replaced, between two of them.
    public var trainer: Trainer
    /// How often the examples are seen.
    public let epochs: Int
    /// The epoch under way, from 1; one more than ``epochs`` after the last.
    public private(set) var epoch = 1
    /// The steps taken in it.
    public private(set) var step = 0
    private var batches: Batches
    private var sums = LossSums()
    private var metrics: RetrievalMetricState

    /// What happened last.
    public enum Event: Sendable {
        /// A step was taken.
        case step(StepReport)
        /// An epoch ended.
        case epoch(EpochReport)
    }

    /// - Parameters:
    ///   - batchSize: examples of a step, each other's negatives.
    ///   - grouping: whether examples go by themselves or whole queries together.
    ///   - reshuffle: whether every epoch draws new batches.
    ///   - seed: the experiment's; the order of the examples is drawn from it.
    public init(
        _ trainer: consuming Trainer, _ examples: Examples, epochs: Int = 1,
        batchSize: Int = 8192, grouping: BatchGrouping = .byExample, reshuffle: Bool = true,
        seed: UInt64
    ) {
        metrics = trainer.task.makeMetricState()
        self.trainer = trainer
        self.epochs = epochs
        batches = Batches(
            examples, size: batchSize, grouping: grouping, reshuffle: reshuffle, seed: seed)
    }

    /// Steps of an epoch.
    public var stepsPerEpoch: Int { batches.ranges.count }

    /// Whether the next event is an epoch's end.
    public var isAtEndOfEpoch: Bool { step == stepsPerEpoch }

    /// Takes a step, or ends the epoch after its last; nil after the last epoch.
    public mutating func next() -> Event? {
        guard epoch <= epochs else { return nil }
        // How many steps there are is known once the epoch is drawn.
        batches.begin(epoch: epoch, lanes: trainer.lanes)
        guard !isAtEndOfEpoch else { return .epoch(endEpoch()) }
        let result = trainer.step(batches.examples, batches.ranges[step], metrics: &metrics)
        sums.add(result)
        step += 1
        return .step(
            StepReport(
                epoch: epoch, step: step, steps: stepsPerEpoch, result: result,
                meanLoss: sums.exampleMean))
    }

    private mutating func endEpoch() -> EpochReport {
        trainer.applyAccumulated()
        // What comes between epochs reads the model, and may save it.
        trainer.settle()
        let report = EpochReport(
            epoch: epoch, loss: sums.exampleMean, batchLossMean: sums.batchMean,
            regularizationLoss: trainer.model.parameters.hasRegularizers
                || sums.regularization != 0 ? sums.regularizationMean : nil,
            metrics: metrics.measured, optimizerReports: trainer.optimizerReports,
            learningRates: trainer.learningRates, examples: sums.examples, steps: sums.steps)
        epoch += 1
        step = 0
        sums = LossSums()
        metrics = trainer.task.makeMetricState()
        return report
    }
}

/// A training step that was taken.
public struct StepReport: Sendable {
    /// From 1.
    public var epoch: Int
    /// The step of the epoch, from 1.
    public var step: Int
    /// Steps of the epoch.
    public var steps: Int
    /// What the step found.
    public var result: Trainer.StepResult
    /// The mean loss of the epoch's examples so far.
    public var meanLoss: Double
}

/// An epoch that ended.
public struct EpochReport: Sendable {
    /// From 1.
    public var epoch: Int
    /// The mean loss of its examples, each before its step.
    public var loss: Double
    /// The mean of the batches' losses.
    public var batchLossMean: Double
    /// The mean of the steps' penalties; nil where there are none.
    public var regularizationLoss: Double?
    /// The task's loss and batch metrics.
    public var metrics: [MetricValue]
    /// What the optimizers tell of the parameters after the last step.
    public var optimizerReports: [(name: String, value: Double)]
    /// That of the last step, by the name of its optimizer.
    public var learningRates: [(name: String, rate: Float)]
    /// Examples that it saw.
    public var examples: Int
    /// Steps that it took.
    public var steps: Int
}

/// The losses of an epoch's steps, added up.
private struct LossSums: Sendable {
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

extension LossSums: RestorableParts {
    static var parts: [StatePart<LossSums>] {
        [
            StatePart("examples_loss", \.examplesLoss), StatePart("batches_loss", \.batches),
            StatePart("regularization", \.regularization), StatePart("examples", \.examples),
            StatePart("steps", \.steps),
        ]
    }
}

extension TrainingRun: Restorable {
    /// What the trainer has stands beside the run's own: `parameters/query/…`.
    public func save(to arrays: inout NamedArrays, as name: String) {
        epoch.save(to: &arrays, as: NamedArrays.path(name, "epoch"))
        step.save(to: &arrays, as: NamedArrays.path(name, "step"))
        trainer.save(to: &arrays, as: name)
        sums.save(to: &arrays, as: NamedArrays.path(name, "losses"))
        metrics.save(to: &arrays, as: NamedArrays.path(name, "metrics"))
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        epoch = try arrays.takeCount(NamedArrays.path(name, "epoch"), in: 1...(epochs + 1))
        // How many steps there are is known once the epoch is drawn.
        if epoch <= epochs { batches.begin(epoch: epoch, lanes: trainer.lanes) }
        step = try arrays.takeCount(NamedArrays.path(name, "step"), in: 0...stepsPerEpoch)
        try trainer.restore(from: &arrays, as: name)
        try sums.restore(from: &arrays, as: NamedArrays.path(name, "losses"))
        try metrics.restore(from: &arrays, as: NamedArrays.path(name, "metrics"))
    }

    /// Everything that later steps depend on, and what the epoch under way has measured.
    public var state: NamedArrays { NamedArrays(of: self, as: "") }

    /// Puts back what ``state`` was.
    ///
    /// - Throws: ``StateError`` where it was that of another training; this one is then useless.
    public mutating func restore(_ state: consuming NamedArrays) throws(StateError) {
        var arrays = state
        try restore(from: &arrays, as: "")
        guard arrays.remaining.isEmpty else { throw .unknown(arrays.remaining) }
    }
}
