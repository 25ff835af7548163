import ResultsFormat
import Retrieval

/// How long the trials of a sweep take on this machine, from a trial of each configuration as
/// ``RunEstimate`` takes it, as far as the patience for that goes.
public struct SweepEstimate: Sendable {
    /// By the trials' names; one that was not tried is taken to be like the mean of the others.
    public let seconds: [String: ClosedRange<Double>]
    /// The trials whose configuration was tried.
    public let measured: Set<String>
    /// Trials that run at once.
    public let jobs: Int
    /// Trials that are proposed later, by what these come to.
    public let furtherTrials: Int

    /// Seconds after which no more configurations are tried.
    private static let patience = 20.0

    /// - Parameter jobs: trials that run at once; nil: one for each processor.
    public init(
        of file: ExperimentFile, experiment: Experiment, jobs: Int? = nil
    ) {
        let slots = max(1, min(jobs ?? HostEnvironment.processorCount, file.trials.count))
        self.jobs = slots
        furtherTrials = max(0, (file.search?.trialLimit ?? 0) - file.trials.count)
        let threads = max(1, experiment.options.threads / slots)
        let clock = Stopwatch()
        var tried: [String: (estimate: RunEstimate, epochs: Int)] = [:]
        var seconds: [String: ClosedRange<Double>] = [:]
        for (trial, spec) in file.trials where tried[trial.configuration] == nil {
            guard clock.seconds < Self.patience else { break }
            let planning = Stopwatch()
            let planner = Planner(catalog: experiment.catalog, options: experiment.options)
            guard let plan = try? planner.plan(spec) else { continue }
            tried[trial.configuration] = (
                RunEstimate(of: plan, planSeconds: planning.seconds, threads: threads),
                plan.schedule.epochs
            )
        }
        for (trial, spec) in file.trials {
            guard let (estimate, epochs) = tried[trial.configuration] else { continue }
            // Rungs of one configuration differ in their epochs alone.
            let share = Double(spec.train.epochs) / Double(max(epochs, 1))
            let train = estimate.trainSeconds
            let rest = estimate.planSeconds
            let evaluate = estimate.evaluateSeconds
            seconds[trial.name] =
                rest + evaluate.lowerBound + train.lowerBound * share...rest + evaluate.upperBound
                + train.upperBound * share
        }
        measured = Set(seconds.keys)
        if let mean = Self.mean(Array(seconds.values)) {
            for (trial, _) in file.trials where seconds[trial.name] == nil {
                seconds[trial.name] = mean
            }
        }
        self.seconds = seconds
    }

    /// All trials, those that are proposed later included: no less than the longest of them.
    public var total: ClosedRange<Double>? {
        let all = Array(seconds.values)
        guard let mean = Self.mean(all) else { return nil }
        func whole(_ end: (ClosedRange<Double>) -> Double) -> Double {
            let sum = all.reduce(0) { $0 + end($1) } + Double(furtherTrials) * end(mean)
            return max(sum / Double(jobs), all.map(end).max() ?? 0)
        }
        return whole(\.lowerBound)...whole(\.upperBound)
    }

    private static func mean(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double>? {
        guard !ranges.isEmpty else { return nil }
        let count = Double(ranges.count)
        return ranges.reduce(0) { $0 + $1.lowerBound } / count...ranges.reduce(0) {
            $0 + $1.upperBound
        } / count
    }
}
