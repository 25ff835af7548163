import Retrieval

/// How often a training step asks the system for memory: a few times, as often for a large batch
/// as for a small one. Nothing is made for every row, whatever the loss and the task's options.
public enum StepAllocations {
    /// Of one step, on one thread; thirteen batch metrics at once take the most.
    package static let bound = 300
    /// How much larger a batch eight times as large may have it: some arrays grow as they fill.
    package static let slack = 24

    /// Whether this build is optimised: in others each row asks for memory, for closures and
    /// generic code that the optimiser would see through.
    package static let isMeaningful: Bool = {
        var isDebug = false
        assert(
            {
                isDebug = true
                return true
            }())
        return !isDebug
    }()

    package static let losses = Catalog.builtIn.names(of: .loss)

    /// Counts those of steps on small and on large batches.
    ///
    /// - Throws: `CheckFailure` where there are too many.
    package static func check(loss: String, _ option: StepOption) throws {
        guard let small = try count(loss, option, rows: 48),
            let large = try count(loss, option, rows: 384)
        else { return }
        guard large <= min(bound, small + slack) else {
            throw CheckFailure(
                description: "a step with \(loss), \(option.name), allocates \(small) times for 48 "
                    + "examples and \(large) times for 384; at most \(bound), and \(slack) more")
        }
    }

    /// Checks every loss with every option, if that means anything in this build.
    ///
    /// - Parameter checked: is told of each loss.
    public static func checkAll(_ checked: (String) -> Void) throws {
        guard isMeaningful else { return }
        for loss in losses {
            for option in StepOption.all { try check(loss: loss, option) }
            checked(loss)
        }
    }

    /// Of the step that asks most often, once each batch was seen; nil where nobody counts.
    private static func count(_ loss: String, _ option: StepOption, rows: Int) throws -> Int? {
        var random = RandomStream(seed: 5, stream: "allocations")
        var setting = StepSetting(Shape(rows, rows, 8), .repeated, &random)
        setting.task.loss = try Catalog.builtIn.make(.loss, ComponentChoice(name: loss))
        try option.change(&setting)
        let run = StepRun(setting, Lanes(threads: 1))
        for _ in 0..<StepSetting.batches { _ = run.step() }
        return (0..<StepSetting.batches).compactMap { _ in
            Allocations.countOnThisThread { _ = run.step() }
        }.max()
    }
}
