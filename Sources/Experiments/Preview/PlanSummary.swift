import ResultsFormat
import Retrieval
import YAMLTree

/// What an experiment is going to be, before it is run.
public struct PlanSummary: Sendable {
    /// What was planned.
    public var spec: ExperimentSpec
    /// Where the data come from.
    public var origin: DataOrigin
    /// SHA-256 over content and split.
    public var fingerprint: String
    /// How much of everything there is.
    public var counts: DataCounts
    /// What each filter removed, in order.
    public var filters: [FilterOutcome]
    /// What the held-out parts hold that training never sees.
    public var unseen: [UnseenCount]
    /// Candidates that each positive is ranked among, unless a rule limits them.
    public var corpusCount: Int
    /// The towers and their parameters.
    public var model: ModelSummary
    /// Nil for a baseline.
    public var training: TrainingSummary?
    /// Nil where no trial was wanted.
    public var estimate: RunEstimate?
    /// Nil for one process alone.
    public var ranks: RanksSummary?
    /// What a reader of the results ought to know of data and features.
    public var notes: [String]
    /// What is legal but surely worth knowing.
    public var warnings: [Diagnostic]

    public init(_ plan: ExperimentPlan, estimate: RunEstimate?) {
        self.init(plan, estimate: estimate, batches: nil)
    }

    init(_ plan: ExperimentPlan, estimate: RunEstimate?, batches: Batches?, threads: Int = 1) {
        spec = plan.spec
        origin = plan.origin
        fingerprint = plan.fingerprint
        counts = plan.counts
        filters = plan.filters
        unseen = plan.unseen
        corpusCount = plan.evaluation.corpus.count
        model = ModelSummary(plan)
        training = TrainingSummary(plan, batches: batches, threads: threads)
        self.estimate = estimate
        notes = plan.origin.notes + plan.notes
        warnings = plan.warnings
    }
}

extension Experiment {
    /// Plans an experiment without running it.
    ///
    /// - Parameter estimates: whether to take a trial of it, which needs a few training steps.
    /// - Throws: `SpecError` where data and spec do not fit, `DataError` where there is no data.
    public func summarize(
        _ spec: ExperimentSpec, estimates: Bool = true,
        observe: @escaping (RunEvent) -> Void = { _ in }
    ) throws -> PlanSummary {
        let clock = Stopwatch()
        let plan = try Planner(catalog: catalog, options: options).plan(spec) { observe(.data($0)) }
        let seconds = clock.seconds
        let batches =
            plan.schedule.isTrained
            ? Batches.ofFirstEpoch(plan, threads: options.threads) : nil
        let estimate =
            estimates
            ? RunEstimate(
                of: plan, planSeconds: seconds, threads: options.threads, batches: batches) : nil
        var summary = PlanSummary(
            plan, estimate: estimate, batches: batches, threads: options.threads)
        try SpreadCheck(plan: plan, catalog: catalog, ranks: options.ranks).check()
        summary.ranks = RanksSummary(plan, options, batches: batches)
        return summary
    }
}
