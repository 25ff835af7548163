import ResultsFormat

/// What is known of the trials of a sweep while it runs.
struct SweepLedger {
    private(set) var entries: [TrialEntry] = []
    /// Whether a trial failed or was killed.
    private(set) var hasFailed = false
    /// Whether a trial had no data.
    private(set) var lacksData = false
    /// The most memory in bytes that a trial took; nil before the first has ended.
    private(set) var largestPeak: Int?
    private var places: [String: Int] = [:]
    /// What the trials read, by what they set of the data.
    private var contents: [JSONValue: String] = [:]

    var outcome: SweepOutcome {
        if lacksData, !entries.contains(where: { $0.status == .completed }) { return .withoutData }
        return hasFailed ? .failed : .completed
    }

    /// Enters a trial that is to be run.
    mutating func add(_ entry: TrialEntry) {
        places[entry.name] = entries.count
        entries.append(entry)
    }

    /// Enters a trial that an earlier run has finished.
    mutating func takeOver(_ entry: TrialEntry) {
        add(entry)
        contents[entry.dataSettings] = contents[entry.dataSettings] ?? entry.contentSHA256
    }

    /// Notes that a trial could not be started.
    mutating func refuse(_ name: String, reason: String) {
        guard let place = places[name] else { return }
        entries[place].status = .failed
        entries[place].reason = reason
        hasFailed = true
    }

    /// Notes how a trial ended.
    ///
    /// - Parameters:
    ///   - document: what it wrote; nil where that cannot be read.
    ///   - results: where it stands, relative to the index's folder.
    /// - Returns: the trial's entry.
    mutating func settle(
        _ name: String, _ ending: TrialEnding, document: ResultsDocument?, results: String
    ) -> TrialEntry? {
        guard let place = places[name] else { return nil }
        var entry = entries[place]
        let isOfThisSpec = document?.experiment.specSHA256 == entry.specSHA256
        switch ending {
        case .completed:
            settle(&entry, isOfThisSpec ? document : nil, wasRead: document != nil, results)
        case .failed(let reason):
            entry.status = .failed
            entry.reason = reason
            if let document, document.status == .failed, isOfThisSpec {
                entry.take(document, results: results)
            }
        case .refused(let reason), .withoutData(let reason):
            entry.status = .failed
            entry.reason = reason
        case .interrupted:
            entry.status = .interrupted
            entry.reason = "it was told to end"
        case .killed(let signal):
            entry.status = .killed
            entry.reason = "signal \(signal) ended its process"
        }
        if case .withoutData = ending { lacksData = true }
        if let peak = document?.peakMemoryBytes { largestPeak = max(largestPeak ?? 0, peak) }
        if entry.status == .failed || entry.status == .killed { hasFailed = true }
        entries[place] = entry
        return entry
    }

    /// A trial that says it completed: with results of its spec, on the data of the others.
    private mutating func settle(
        _ entry: inout TrialEntry, _ document: ResultsDocument?, wasRead: Bool, _ results: String
    ) {
        guard let document else {
            entry.status = .failed
            entry.reason =
                wasRead ? "the spec changed while the sweep ran" : "its results cannot be read"
            return
        }
        entry.take(document, results: results)
        let settings = entry.dataSettings
        if let known = contents[settings], known != entry.contentSHA256 {
            entry.status = .failed
            entry.reason =
                "the data changed while the sweep ran: it read others than the trials before it; "
                + "run the sweep again"
        }
        contents[settings] = contents[settings] ?? entry.contentSHA256
    }
}

extension TrialEntry {
    /// Takes over what a results document says of the trial.
    mutating func take(_ document: ResultsDocument, results: String) {
        self.results = results
        dataFingerprint = document.data?.fingerprint
        contentSHA256 = document.data?.contentSHA256
        digest = document.digest
        metrics = SweepSummary.metrics(of: document)
        switch document.status {
        case .completed:
            status = .completed
            reason = nil
        case .failed:
            status = .failed
            reason = document.failure.map { failure in
                let place = failure.epoch.map { epoch in
                    " in epoch \(epoch)" + (failure.step.map { ", step \($0)" } ?? "")
                }
                return failure.reason + (place ?? "")
            }
        case .interrupted:
            status = .interrupted
        }
    }
}
