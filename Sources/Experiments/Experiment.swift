import ResultsFormat
import Retrieval

/// The whole way of one experiment: spec → plan → run → results, each a value.
public struct Experiment: Sendable {
    /// The components that specs may name.
    public let catalog: Catalog
    public let options: RunOptions
    private let stop: StopRequest

    public init(catalog: Catalog, options: RunOptions, stop: StopRequest = StopRequest()) {
        self.catalog = catalog
        self.options = options
        self.stop = stop
    }

    /// - Parameters:
    ///   - admit: refuses a plan, before it is run, by throwing.
    ///   - observe: told of what goes on.
    ///   - keep: given, once training begins, what to write if the process has to end at once.
    /// - Throws: `SpecError` where data and spec do not fit, `DataError` where there is no data. A
    ///   run that fails or is interrupted does not throw: its results say so.
    public func run(
        _ spec: ExperimentSpec,
        observe: @escaping (RunEvent) -> Void = { _ in },
        admit: (_ plan: ExperimentPlan, _ planSeconds: Double) throws -> Void = { _, _ in },
        keep: (InterimResults) -> Void = { _ in }
    ) throws -> ExperimentResults {
        let total = Stopwatch()
        let ranks = options.ranks
        let folder =
            ranks.isFirst
            ? try spec.output.model.map {
                try AtomicFolder($0, isReplaceable: SavedModel.isModel)
            } : nil
        defer { folder?.discard() }
        var plan = try Planner(catalog: catalog, options: options).plan(spec) { observe(.data($0)) }
        let planSeconds = total.seconds
        observe(.planned(plan))
        try SpreadCheck(plan: plan, catalog: catalog, ranks: ranks).check()
        try admit(plan, planSeconds)
        let model = plan.takeModel()
        let interim = InterimResults(
            plan: plan, catalog: catalog, threads: options.threads, planSeconds: planSeconds)
        keep(interim)
        var runner = ExperimentRunner(
            plan: plan, threads: options.threads, ranks: ranks, stop: stop, observe: observe)
        runner.recorded = { interim.note($0) }
        let keeping = try Checkpointing(plan, catalog: catalog, options: options) {
            observe(.notice($0))
        }
        runner.checkpoints = keeping?.keeper
        var training = runner.makeTraining(of: consume model)
        var stopper = runner.makeStopper()
        var record = RunRecord()
        record.warmStart = plan.warmStart
        if let checkpoint = try keeping?.checkpoint(of: training) {
            record.warmStart?.noteContinued(checkpoint.record.continuedOptimizers)
            try CheckpointKeeper.restore(checkpoint, &training, &stopper, &record)
            observe(
                .resumed(epoch: checkpoint.record.epoch, step: checkpoint.record.step))
        } else {
            try record.warmStart?.continueOptimizers(of: &training, plan.optimizers)
        }
        record = runner.run(&training, stopper, from: record)
        record.seconds.insert(("plan", planSeconds), at: 0)
        if spec.output.model != nil, record.status == .completed, !ranks.isAlone {
            training.trainer.unite()
            // What the optimizers remember goes to the first one when that asks for the state.
            if !ranks.isFirst { _ = training.state }
        }
        if let folder, record.status == .completed {
            record.model = try save(training, record, plan, to: folder)
            if let saved = record.model { observe(.saved(saved)) }
        }
        var results = try ExperimentResults(
            plan: plan, record: record, catalog: catalog,
            host: HostEnvironment.current(threads: options.threads),
            totalSeconds: total.seconds)
        results.checkpoints = keeping?.store
        if ranks.isAlone { results.trained = training.trainer.model }
        return results
    }

    private func save(
        _ training: TrainingRun, _ record: RunRecord, _ plan: ExperimentPlan,
        to folder: AtomicFolder
    ) throws -> ModelReference {
        let saver = ModelSaver(
            plan: plan, catalog: catalog, lanes: Lanes(threads: options.threads))
        let written = try saver.write(training, record, to: folder)
        return ModelReference(path: folder.path, digest: written.digest)
    }
}
