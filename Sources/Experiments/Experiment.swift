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
        var plan = try Planner(catalog: catalog, options: options).plan(spec) { observe(.data($0)) }
        let planSeconds = total.seconds
        observe(.planned(plan))
        try admit(plan, planSeconds)
        let model = plan.takeModel()
        let interim = InterimResults(
            plan: plan, catalog: catalog, threads: options.threads, planSeconds: planSeconds)
        keep(interim)
        var runner = ExperimentRunner(
            plan: plan, threads: options.threads, stop: stop, observe: observe)
        runner.recorded = { interim.note($0) }
        var record = runner.run(training: consume model)
        record.seconds.insert(("plan", planSeconds), at: 0)
        return try ExperimentResults(
            plan: plan, record: record, catalog: catalog,
            host: HostEnvironment.current(threads: options.threads),
            totalSeconds: total.seconds)
    }
}
