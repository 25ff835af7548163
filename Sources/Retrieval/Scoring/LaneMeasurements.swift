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
    func merged() -> [BatchMetricRun] {
        lanes.withLock { lanes in
            let measured = lanes.map { $0.isEmpty ? nil : $0 }
            return Lanes.treeSum(measured) { total, runs in
                for (index, run) in runs.enumerated() { total[index].merge(run) }
            } ?? makeRuns()
        }
    }
}
