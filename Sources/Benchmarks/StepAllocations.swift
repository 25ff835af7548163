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

    /// What is asked of a task beside its loss.
    package struct Option: Sendable {
        package var name: String
        var change: @Sendable (inout StepSetting) throws -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout StepSetting) throws -> Void) {
            self.name = name
            self.change = change
        }
    }

    package static let options = [
        Option("no option") { _ in },
        Option("not deduplicated") { $0.options.deduplication = .off },
        Option("accidental hits") { $0.task.removeAccidentalHits = true },
        Option("accidental hits, not deduplicated") {
            $0.task.removeAccidentalHits = true
            $0.options.deduplication = .off
        },
        Option("seen items") {
            $0.options.seenItems = SeenItems($0.examples, queryEntityCount: $0.keyCounts.queries)
        },
        Option("hard negatives") { $0.task.numHardNegatives = 5 },
        Option("sample weights") {
            $0.examples.weights = (0..<$0.examples.count).map { 1 + Float($0 % 3) }
        },
        Option("temperature") { $0.task.temperature = 0.5 },
        Option("batch metrics") { setting in
            setting.task.batchMetrics = try Catalog.builtIn.names(of: .batchMetric).map {
                try Catalog.builtIn.make(.batchMetric, ComponentChoice(name: $0))
            }
        },
        Option("metrics of the k best") {
            $0.task.batchMetrics = [Precision(topK: 3), Recall(topK: 40)]
        },
    ]

    /// Counts those of steps on small and on large batches.
    ///
    /// - Throws: `CheckFailure` where there are too many.
    package static func check(loss: String, _ option: Option) throws {
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
            for option in options { try check(loss: loss, option) }
            checked(loss)
        }
    }

    /// Of the step that asks most often, once each batch was seen; nil where nobody counts.
    private static func count(_ loss: String, _ option: Option, rows: Int) throws -> Int? {
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
