import Retrieval

extension BenchmarkCase {
    /// Training steps on two tables, each 256 times as long as a batch and far larger than the
    /// caches, all of whose rows move in every step of Adam. Beside them stand steps that sweep both
    /// tables each time, and the lazy Adam, which leaves rows alone that have no gradient.
    static let largeTableSteps = [
        largeTableStep("step/large_tables") { _ in },
        largeTableStep("step/large_tables_swept") { $0.owingSize = .max }
            .compared(with: "step/large_tables"),
        largeTableStep("step/large_tables_lazy") { $0.optimizer.options.isLazy = true }
            .compared(with: "step/large_tables"),
    ]

    private static func largeTableStep(
        _ name: String, _ change: @escaping @Sendable (inout StepSetting) -> Void
    ) -> BenchmarkCase {
        BenchmarkCase(name, .step, Shape(1024, 1024, 64)) { shape, random, lanes in
            var setting = StepSetting.largeTables(shape, &random)
            change(&setting)
            let timed = StepRun(setting, lanes)
            // Rows that have never had a gradient do not move.
            for _ in 0..<setting.batchCount { _ = timed.step() }
            return Work(items: setting.batchSize, run: { _ = timed.step() }) {
                // The plain version moves every row in every step.
                var plain = setting
                plain.owingSize = .max
                setting.owingSize = setting.owingSize ?? 0
                let (ours, theirs) = (StepRun(setting, lanes), StepRun(plain, lanes))
                for _ in 0..<100 {
                    _ = ours.step()
                    _ = theirs.step()
                }
                return Work.Outcome(
                    found: ours.parameters, expected: theirs.parameters.map(Double.init),
                    tolerance: 0)
            }
        }
    }
}

extension StepSetting {
    /// Batches of `shape.rows` ids, each of which stands in one of 256.
    package static func largeTables(_ shape: Shape, _ random: inout RandomStream) -> StepSetting {
        var setting = StepSetting(shape, .inTurn(batches: 256), &random)
        setting.optimizer = Adam(learningRate: 0.001)
        return setting
    }
}
