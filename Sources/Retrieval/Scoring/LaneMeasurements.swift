import Safeguards

/// What each lane measured of the batch metrics, merged as ``Lanes/treeSum(_:_:)`` has it so that
/// the bits do not depend on the threads.
final class LaneMeasurements: Sendable {
    private let metrics: [any BatchMetric]
    private let lanes = Guarded([[BatchMetricRun]](repeating: [], count: Lanes.count))

    init(of metrics: [any BatchMetric]) {
        self.metrics = metrics
    }

    func makeRuns() -> [BatchMetricRun] {
        metrics.map(BatchMetricRun.init)
    }

    func store(_ runs: [BatchMetricRun], lane: Int) {
        guard !runs.isEmpty else { return }
        lanes.withLock { $0[lane] = runs }
    }

    /// One run for each metric; a lane without rows stored nothing.
    func merged(_ ranks: any Communicator) -> [BatchMetricRun] {
        guard !metrics.isEmpty else { return [] }
        let own = Lanes.treeSum(taken(), Self.merge)
        guard !ranks.isAlone else { return own ?? makeRuns() }
        let all = ranks.allGather(own?.map { NamedArrays(of: $0, as: "") }.bytes ?? [])
        let runs = all.map { $0.isEmpty ? nil : restored(from: $0) }
        return Lanes.treeSum(runs, Self.merge) ?? makeRuns()
    }

    /// What the lanes have stored, which is then nobody else's: sums need no copy of it.
    private func taken() -> [[BatchMetricRun]?] {
        lanes.withLock { lanes in
            let runs = lanes.map { $0.isEmpty ? nil : $0 }
            lanes = [[BatchMetricRun]](repeating: [], count: Lanes.count)
            return runs
        }
    }

    private static func merge(_ total: inout [BatchMetricRun], _ runs: [BatchMetricRun]) {
        for (index, run) in runs.enumerated() { total[index].merge(run) }
    }

    /// What another rank has measured by the same metrics.
    private func restored(from bytes: [UInt8]) -> [BatchMetricRun] {
        do {
            return try zip(makeRuns(), [NamedArrays](bytes: bytes)).map { run, arrays in
                var (run, arrays) = (run, arrays)
                try run.restore(from: &arrays, as: "")
                return run
            }
        } catch {
            preconditionFailure("ranks measure by the same metrics: \(error)")
        }
    }
}
