import Safeguards

/// What each lane measured of the batch metrics, merged in the order of the lanes so that the bits
/// do not depend on the threads.
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
            lanes.reduce(into: makeRuns()) { total, runs in
                for (index, run) in runs.enumerated() { total[index].merge(run) }
            }
        }
    }
}
