import Retrieval
import Synchronization

/// What a run has come to so far, for whoever has to end it in the midst of something.
public final class InterimResults: Sendable {
    private let plan: ExperimentPlan
    private let catalog: Catalog
    private let threads: Int
    private let planSeconds: Double
    private let record = Mutex(RunRecord())
    private let start = ContinuousClock.now

    /// - Parameter plan: without the model.
    init(plan: ExperimentPlan, catalog: Catalog, threads: Int, planSeconds: Double) {
        self.plan = plan
        self.catalog = catalog
        self.threads = threads
        self.planSeconds = planSeconds
    }

    func note(_ latest: RunRecord) { record.withLock { $0 = latest } }

    /// The finished epochs, as the results of a run that was interrupted.
    public func results() throws -> ExperimentResults {
        var record = record.withLock { $0 }
        record.status = .interrupted
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        record.seconds = [("plan", planSeconds), ("train", seconds)]
        return try ExperimentResults(
            plan: plan, record: record, catalog: catalog,
            host: HostEnvironment.current(threads: threads), totalSeconds: planSeconds + seconds)
    }
}
