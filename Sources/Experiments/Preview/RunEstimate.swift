import Retrieval

/// How long a run takes on this machine and how much memory, from a trial of it: planning, the
/// first training steps and the evaluation of the first test interactions are done and measured,
/// and the rest is taken to go on like that.
public struct RunEstimate: Sendable {
    /// Training steps that were taken.
    public var trialSteps: Int
    /// Test interactions that were evaluated.
    public var trialInteractions: Int
    /// Threads that may run at once.
    public var threads: Int
    /// How long the plan took to make.
    public var planSeconds: Double
    /// All epochs, from the least to the most that is to be expected.
    public var trainSeconds: ClosedRange<Double>
    /// All evaluations, those during training included.
    public var evaluateSeconds: ClosedRange<Double>
    /// From the most that the trial has had to what a whole run may add to it.
    public var peakMemoryBytes: ClosedRange<Int>

    /// All stages together.
    public var totalSeconds: ClosedRange<Double> {
        let low = planSeconds + trainSeconds.lowerBound + evaluateSeconds.lowerBound
        let high = planSeconds + trainSeconds.upperBound + evaluateSeconds.upperBound
        return low...high
    }

    /// Takes a trial of a run whose time is limited.
    ///
    /// - Throws: `SpecError` with both numbers where the run would take longer than it may.
    public static func admit(
        _ plan: ExperimentPlan, planSeconds: Double, options: RunOptions
    ) throws {
        guard let limit = options.timeLimit else { return }
        let least = RunEstimate(of: plan, planSeconds: planSeconds, threads: options.threads)
            .totalSeconds.lowerBound
        guard least > limit else { return }
        throw plan.spec.error(
            at: "train.epochs",
            "the run would take at least \(Int(least.rounded(.up))) s, by a trial of its first "
                + "steps; --time-limit allows \(Int(limit)) s")
    }

    /// Steps that a trial takes at most, and the seconds after which it takes no more.
    private static let (maximumSteps, patience) = (5, 2.0)
    private static let maximumInteractions = 4096

    /// - Parameter planSeconds: how long the plan took to make.
    public init(of plan: ExperimentPlan, planSeconds: Double, threads: Int) {
        self.init(of: plan, planSeconds: planSeconds, threads: threads, batches: nil)
    }

    /// - Parameter batches: those of the first epoch, where somebody has drawn them already.
    init(of plan: ExperimentPlan, planSeconds: Double, threads: Int, batches: Batches?) {
        self.planSeconds = planSeconds
        self.threads = threads
        let lanes = Lanes(threads: threads)
        var trainer = Trainer(plan, lanes: lanes)
        let (steps, step) = Self.train(&trainer, plan, batches)
        trialSteps = steps.count
        trainSeconds =
            step.map { range in
                let count = Double(plan.schedule.epochs * range.stepsPerEpoch)
                return 0.8 * count * range.seconds.lowerBound...1.25 * count
                    * range.seconds.upperBound
            } ?? 0...0

        let evaluator = Evaluator(plan: plan, trainer: trainer, lanes: lanes)
        let sample = plan.evaluation.test.prefix(Self.maximumInteractions)
        trialInteractions = sample.examples.count
        let clock = Stopwatch()
        _ = evaluator.evaluate(sample)
        let seconds = clock.seconds
        let interactions = Self.evaluatedInteractions(plan)
        // What an evaluation costs whatever its size is counted once, or with each interaction.
        let scale = Double(interactions.all) / Double(max(1, trialInteractions))
        let parts = Double(max(1, interactions.evaluations))
        evaluateSeconds = 0.6 * seconds * max(1, 0.5 * scale)...1.5 * seconds * max(parts, scale)

        let peak = HostEnvironment.peakMemoryBytes
        // Ranks, lists and figures of each interaction that the trial left out.
        let more = max(0, plan.test.count + (plan.validation?.count ?? 0) - trialInteractions)
        peakMemoryBytes = peak...peak + peak / 4 + more * 256
    }

    /// Takes the first steps; the slowest and fastest but for the first, which warms up.
    private static func train(
        _ trainer: inout Trainer, _ plan: ExperimentPlan, _ batches: Batches?
    ) -> ([Double], (stepsPerEpoch: Int, seconds: ClosedRange<Double>)?) {
        guard plan.schedule.isTrained else { return ([], nil) }
        let batches = batches ?? Batches.ofFirstEpoch(plan, threads: trainer.lanes.threads)
        var metrics = plan.task.makeMetricState()
        var seconds: [Double] = []
        let total = Stopwatch()
        for range in batches.ranges.prefix(maximumSteps) where total.seconds < patience {
            let clock = Stopwatch()
            _ = trainer.step(batches.examples, range, metrics: &metrics)
            seconds.append(clock.seconds)
        }
        let warm = seconds.count > 1 ? Array(seconds.dropFirst()) : seconds
        guard let fastest = warm.min(), let slowest = warm.max() else { return ([], nil) }
        return (seconds, (batches.ranges.count, fastest...slowest))
    }

    /// The interactions of all evaluations of a run, and how many evaluations there are.
    private static func evaluatedInteractions(
        _ plan: ExperimentPlan
    ) -> (all: Int, evaluations: Int) {
        let schedule = plan.schedule
        let validation = plan.validation?.count
        var all = plan.test.count + (validation ?? 0)
        var evaluations = 1 + (validation == nil ? 0 : 1)
        if let every = schedule.evaluationCadence, schedule.isTrained {
            let times = schedule.epochs / every
            all += times * (schedule.watchedPart == .test ? plan.test.count : validation ?? 0)
            evaluations += times
        }
        return (all, evaluations)
    }
}

extension EvaluatedPart {
    /// The first interactions by the same rules.
    func prefix(_ count: Int) -> EvaluatedPart {
        guard count < examples.count else { return self }
        var part = self
        part.examples = examples.selecting((0..<Int32(count)).map { $0 })
        part.columns = columns.mapValues { Array($0.prefix(count)) }
        part.slices = slices.map { name, members in
            (name, members.filter { Int($0) < count })
        }
        return part
    }
}
