import ResultsFormat
import Retrieval
import Safeguards

/// What a run has come to so far, for whoever has to end it in the midst of something.
public final class InterimResults: Sendable {
    private let plan: ExperimentPlan
    private let catalog: Catalog
    private let threads: Int
    private let planSeconds: Double
    private let noted = Guarded(Noted())
    private let start = ContinuousClock.now

    /// - Parameter plan: without the model.
    init(plan: ExperimentPlan, catalog: Catalog, threads: Int, planSeconds: Double) {
        self.plan = plan
        self.catalog = catalog
        self.threads = threads
        self.planSeconds = planSeconds
    }

    /// The record's epochs in an array of their own: the run could not add to one that it shares
    /// without copying all of it, epoch after epoch.
    private struct Noted {
        var record = RunRecord()
        var epochs: [EpochRecord] = []
    }

    func note(_ latest: RunRecord) {
        noted.withLock { noted in
            noted.epochs += latest.epochs.dropFirst(noted.epochs.count)
            noted.record = latest
            noted.record.epochs = []
        }
    }

    /// The finished epochs, as the results of a run that was interrupted.
    public func results() throws -> ExperimentResults {
        var record = noted.withLock { noted in
            var record = noted.record
            record.epochs = noted.epochs
            return record
        }
        record.status = .interrupted
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        record.seconds = [("plan", planSeconds), ("train", seconds)]
        return try ExperimentResults(
            plan: plan, record: record, catalog: catalog,
            host: HostEnvironment.current(threads: threads), totalSeconds: planSeconds + seconds)
    }
}
