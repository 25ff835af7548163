/// What a caller says about a run of a sweep beside the spec and beside what it says of every trial.
public struct SweepRunOptions: Hashable, Sendable {
    /// Trials that run at once, at least 1; nil: one for each processor.
    public var jobs: Int?
    /// Whether to start no more trials once one has failed.
    public var failFast: Bool
    /// Whether to run finished trials again rather than take them over.
    public var rerun: Bool
    /// The part of the trials that is run; nil: all.
    public var shard: SweepShard?

    public init(
        jobs: Int? = nil, failFast: Bool = false, rerun: Bool = false, shard: SweepShard? = nil
    ) {
        self.jobs = jobs
        self.failFast = failFast
        self.rerun = rerun
        self.shard = shard
    }
}
