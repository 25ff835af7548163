import Benchmarks
import Retrieval
import Testing

/// What a training step over histories asks of the system, once the first ones have been.
struct SequenceStepTests {
    private func run(_ encoder: String, rows: Int) -> StepRun {
        var random = RandomStream(seed: 1, stream: "sequence steps")
        let units: [String: FieldValue] =
            encoder == "gru" || encoder == "lstm" ? ["units": .integer(32)] : [:]
        return StepRun(
            .sequences(Shape(rows, 2000, 32), encoder, units, &random), Lanes(threads: 1))
    }

    @Test(arguments: Catalog.builtIn.names(of: .sequenceEncoder))
    func takesFewPages(encoder: String) {
        FreedMemory.keep()
        let run = run(encoder, rows: 1024)
        for _ in 0..<2 * StepSetting.batches { _ = run.step() }
        let faults = (0..<StepSetting.batches).map { _ in
            PageFaults.countOnThisThread { _ = run.step() }
        }
        // Others of this process may take what this thread has freed.
        #expect(faults.min()! < 100, "\(encoder): \(faults)")
    }

    /// Nothing is made for every sequence, and nothing for every step of one.
    @Test(
        .enabled(if: StepAllocations.isMeaningful, "others allocate more"),
        arguments: Catalog.builtIn.names(of: .sequenceEncoder))
    func allocatesAsOftenForAnyBatch(encoder: String) throws {
        func count(_ rows: Int) -> Int? {
            let run = run(encoder, rows: rows)
            for _ in 0..<2 * StepSetting.batches { _ = run.step() }
            return (0..<StepSetting.batches).compactMap { _ in
                Allocations.countOnThisThread { _ = run.step() }
            }.max()
        }
        guard let small = count(256), let large = count(2048) else { return }
        #expect(large <= StepAllocations.bound + 300)
        #expect(large <= 2 * small, "\(encoder): \(small), \(large)")
    }
}
