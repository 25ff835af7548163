import Benchmarks
import Retrieval
import Testing

/// What a step asks of the system where rows of tables owe steps, once the first ones have been.
struct LargeTableStepTests {
    private func run(rows: Int) -> StepRun {
        var random = RandomStream(seed: 1, stream: "large tables")
        var setting = StepSetting.largeTables(Shape(rows, rows, 64), &random)
        setting.owingSize = 0
        let run = StepRun(setting, Lanes(threads: 1))
        for _ in 0..<80 { _ = run.step() }
        return run
    }

    @Test func takesFewPages() {
        FreedMemory.keep()
        let run = run(rows: 256)
        let faults = (0..<8).map { _ in PageFaults.countOnThisThread { _ = run.step() } }
        #expect(faults.min()! < 100, "\(faults)")
    }

    /// The table is not copied, and nothing is made for a row.
    @Test(.enabled(if: StepAllocations.isMeaningful, "others allocate more"))
    func allocatesAsOftenForAnyBatch() {
        func count(_ rows: Int) -> Int? {
            let run = run(rows: rows)
            return (0..<8).compactMap { _ in
                Allocations.countOnThisThread { _ = run.step() }
            }.max()
        }
        guard let small = count(48), let large = count(384) else { return }
        #expect(large <= min(StepAllocations.bound, small + StepAllocations.slack))
    }
}
