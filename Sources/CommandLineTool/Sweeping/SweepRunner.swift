import Experiments
import Hashing
import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// Runs the trials of one sweep, each in a process of its own, within a budget of processors and
/// memory; takes over what an earlier run has finished; keeps the index up to date.
struct SweepRunner {
    let file: ExperimentFile
    let sweep: SweepSpec
    /// Where index and trials go.
    let folder: String
    let options: SweepOptions
    /// How a trial is run: data, and whatever else the command line says of the spec.
    let runOptions: RunOptions
    /// Passed on to every trial.
    let trialArguments: [String]
    let reporter: SweepReporter

    private var entries: [TrialEntry] = []
    private var largestPeak: Int?
    private var failedTrial = false
    private var dataUnavailable = false
    private var fingerprints: [String: String] = [:]
    /// What the trials read, by what they set of the data.
    private var contents: [JSONValue: String] = [:]
    private let memoryLimit: Int?
    private var nextWriting = ContinuousClock.now
    /// What an earlier run left, by name.
    private var previousEntries: [String: TrialEntry] = [:]
    private let program: String?

    init(
        file: ExperimentFile, sweep: SweepSpec, folder: String, options: SweepOptions,
        runOptions: RunOptions, trialArguments: [String],
        memoryLimit: Int?, reporter: SweepReporter
    ) {
        self.memoryLimit = memoryLimit
        self.file = file
        self.sweep = sweep
        self.folder = folder
        self.options = options
        self.runOptions = runOptions
        self.trialArguments = trialArguments
        self.reporter = reporter
        program = SHA256.hexadecimal(ofFile: ProcessEnvironment.executablePath)
    }

    typealias Trial = (trial: SweepTrial, spec: ExperimentSpec)

    var indexPath: String {
        let shard = options.shard.map { "-\($0.number)-of-\($0.count)" } ?? ""
        return "\(folder)/sweep\(shard).json"
    }

    private var name: String { file.base.name }

    /// Runs what is to be run.
    ///
    /// - Throws: `ResultsFileError` where the index cannot be written, `ExitStatus` where its place
    ///   is another sweep's.
    mutating func run() throws -> ExitStatus {
        let found = try? ResultsFile.read(from: indexPath) {
            json throws(ResultsDecodingError) in try SweepIndex(json: json)
        }
        guard (found?.name ?? name) == name else {
            StandardError.writeLine(
                "tfrs-run: '\(folder)' holds the sweep '\(found?.name ?? "")'; name another folder "
                    + "for '\(name)' by --output")
            throw ExitStatus.usage
        }
        let previous = options.rerun ? nil : found
        previousEntries = Dictionary(
            (previous?.trials ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let trials = options.shard.map { select($0, file.trials) } ?? file.trials
        // Where the index cannot be written, that is better known before hours of trials.
        entries = previous?.trials ?? []
        try writeIndex()
        entries = []
        if let halving = sweep.halving {
            try runRungs(halving, trials, previous)
        } else {
            try runTrials(trials, previous)
        }
        try writeIndex()
        reporter.finish(index)
        if SignalWatch.exceeded != nil { return .runFailed }
        if let signal = SignalWatch.received {
            reporter.note("the same command again goes on from here")
            return .interrupted(signal: signal)
        }
        if dataUnavailable && !entries.contains(where: { $0.status == .completed }) {
            return .dataUnavailable
        }
        return failedTrial ? .runFailed : .success
    }

    private func select(_ shard: SweepShard, _ trials: [Trial]) -> [Trial] {
        trials.enumerated().filter { $0.offset % shard.count == shard.number - 1 }.map(\.element)
    }

    var index: SweepIndex {
        SweepSummary.index(
            name: name, specPath: file.path, shard: options.shard?.description,
            programSHA256: program, objective: file.objective(of: entries),
            trials: entries)
    }

    /// Writes the index as it is now, but for a small share of the time: that of very many trials
    /// takes longer than one of them.
    private mutating func noteProgress() throws {
        let start = ContinuousClock.now
        guard start >= nextWriting else { return }
        try writeIndex()
        let end = ContinuousClock.now
        nextWriting = end + (end - start) * 20
    }

    private func writeIndex() throws {
        let index = self.index
        try ResultsFile.write(json: index.json, to: indexPath, createDirectories: true)
        let table = indexPath.dropLast("json".count) + "csv"
        try ResultsFile.write(text: index.csv(), to: String(table))
    }

    // MARK: Halving

    private mutating func runRungs(
        _ halving: SweepSpec.Halving, _ trials: [Trial], _ previous: SweepIndex?
    ) throws {
        var alive = Set(trials.map(\.trial.configuration))
        for epochs in halving.epochs {
            let rung = trials.filter {
                $0.trial.rungEpochs == epochs && alive.contains($0.trial.configuration)
            }
            try runTrials(rung, previous)
            guard !SignalWatch.mustEnd, !(options.failFast && failedTrial) else { return }
            guard epochs != halving.epochs.last, let objective = file.objective(of: entries)
            else { return }
            alive = Set(
                SweepSummary.best(
                    1 + (alive.count - 1) / halving.factor, by: objective,
                    of: entries.filter { $0.rungEpochs == epochs }))
        }
    }

    // MARK: Trials

    /// Runs trials side by side until none is left or the user asks to end.
    private mutating func runTrials(_ trials: [Trial], _ previous: SweepIndex?) throws {
        var waiting: [Trial] = []
        for trial in trials {
            if let entry = finished(trial, previous) {
                entries.append(entry)
                contents[entry.dataSettings] = contents[entry.dataSettings] ?? entry.contentSHA256
                reporter.takenOver(entry)
            } else {
                entries.append(try entry(for: trial))
                waiting.append(trial)
            }
        }
        waiting.reverse()
        let slots = max(1, min(options.jobs ?? HostEnvironment.processorCount, waiting.count))
        var running: [(trial: Trial, process: TrialProcess)] = []
        try writeIndex()
        reporter.begin(waiting: waiting.count, slots: slots)
        while !waiting.isEmpty || !running.isEmpty {
            let isEnding = SignalWatch.mustEnd
            if isEnding || (options.failFast && failedTrial) { waiting = [] }
            if isEnding { for entry in running { entry.process.tellToEnd() } }
            while let next = waiting.last, running.count < slots, hasRoom(beside: running.count) {
                waiting.removeLast()
                if let process = start(next, slots: slots) { running.append((next, process)) }
            }
            // Asked once each: a process may end between two questions.
            let endings = running.map(\.process.ending)
            let ended = zip(running, endings).compactMap { entry, end in end.map { (entry, $0) } }
            running = zip(running, endings).filter { $0.1 == nil }.map(\.0)
            for ((trial, process), end) in ended { settle(trial, end, process) }
            if !ended.isEmpty { try noteProgress() }
            reporter.draw(
                running: running.map { ($0.trial.trial.name, $0.process.seconds) },
                waiting: waiting.count)
            if ended.isEmpty { usleep(5000) }
        }
    }

    /// Whether one more trial fits into memory, if it is like the largest so far.
    private func hasRoom(beside running: Int) -> Bool {
        if running == 0 { return true }
        let limit = memoryLimit ?? MachineLimits.current.memory / 5 * 4
        guard let largestPeak else { return memoryLimit == nil }
        return (running + 1).multipliedReportingOverflow(by: largestPeak).partialValue <= limit
    }

    private mutating func start(_ trial: Trial, slots: Int) -> TrialProcess? {
        let threads = max(1, runOptions.threads / slots)
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/trials", withIntermediateDirectories: true)
            return try TrialProcess(
                arguments: [
                    "run", file.path, "--trial", trial.trial.name, "--output",
                    path(of: trial, "json"), "--threads", "\(threads)", "--quiet",
                ] + trialArguments, log: path(of: trial, "log"))
        } catch {
            update(trial) { entry in
                entry.status = .failed
                entry.reason = "its process could not be started: \(error)"
            }
            failedTrial = true
            return nil
        }
    }

    private func path(of trial: Trial, _ kind: String) -> String {
        "\(folder)/trials/\(trial.trial.name).\(kind)"
    }

    private mutating func settle(
        _ trial: Trial, _ ending: ChildProcess.Ending, _ process: TrialProcess
    ) {
        let document = try? ResultsFile.read(from: path(of: trial, "json"))
        var contents = contents
        defer { self.contents = contents }
        update(trial) { entry in
            switch ending {
            case .exited(status: 0):
                guard let document, document.experiment.specSHA256 == entry.specSHA256 else {
                    entry.status = .failed
                    entry.reason =
                        document == nil
                        ? "its results cannot be read" : "the spec changed while the sweep ran"
                    return
                }
                entry.take(document, results: "trials/\(trial.trial.name).json")
                if let known = contents[entry.dataSettings], known != entry.contentSHA256 {
                    entry.status = .failed
                    entry.reason =
                        "the data changed while the sweep ran: it read others than the trials "
                        + "before it; run the sweep again"
                }
                contents[entry.dataSettings] = contents[entry.dataSettings] ?? entry.contentSHA256
            case .exited(let code) where code > 128:
                entry.status = .interrupted
                entry.reason = "it was told to end"
            case .exited(let code):
                entry.status = .failed
                entry.reason = process.lastError ?? "it ended with exit code \(code)"
                if code == 1, let document, document.status == .failed,
                    document.experiment.specSHA256 == entry.specSHA256
                {
                    entry.take(document, results: "trials/\(trial.trial.name).json")
                }
            case .signalled(let signal):
                entry.status = .killed
                entry.reason = "signal \(signal) ended its process"
            }
        }
        if let peak = document?.peakMemoryBytes { largestPeak = max(largestPeak ?? 0, peak) }
        if ending == .exited(status: Int(ExitStatus.dataUnavailable.code)) {
            dataUnavailable = true
        }
        guard let entry = entries.first(where: { $0.name == trial.trial.name }) else { return }
        if entry.status == .failed || entry.status == .killed { failedTrial = true }
        if entry.status == .completed {
            try? FileManager.default.removeItem(atPath: path(of: trial, "log"))
        }
        reporter.ended(entry, seconds: process.seconds, index: index)
    }

    private mutating func update(_ trial: Trial, _ change: (inout TrialEntry) -> Void) {
        guard let place = entries.firstIndex(where: { $0.name == trial.trial.name }) else { return }
        change(&entries[place])
    }

    private func entry(for trial: Trial) throws -> TrialEntry {
        TrialEntry(
            name: trial.trial.name, configuration: trial.trial.configuration,
            settings: trial.trial.settings, seed: trial.trial.seed, fold: trial.trial.fold,
            rungEpochs: trial.trial.rungEpochs,
            isFinal: trial.trial.rungEpochs == sweep.halving?.epochs.last,
            specSHA256: try trial.spec.record(catalog: TFRSRun.catalog).specSHA256)
    }

    // MARK: Resuming

    /// The entry of a trial that an earlier run of the same program finished, on the same spec and
    /// the same data, with its results as they were written.
    private mutating func finished(_ trial: Trial, _ previous: SweepIndex?) -> TrialEntry? {
        guard let previous, let program, previous.programSHA256 == program,
            let known = previousEntries[trial.trial.name], known.status == .completed,
            let results = known.results,
            let json = try? ResultsFile.readJSON(from: folder + "/" + results),
            let document = try? ResultsDocument(json: json), document.status == .completed,
            let fresh = try? entry(for: trial),
            document.experiment.specSHA256 == fresh.specSHA256,
            let digest = document.digest, digest == known.digest,
            (try? ResultsDocument.digest(of: json)) == digest,
            document.data?.fingerprint == dataFingerprint(trial.spec)
        else { return nil }
        var entry = fresh
        entry.take(document, results: results)
        return entry
    }

    /// The fingerprint of the data as they are now; computed once for each spec of the data.
    private mutating func dataFingerprint(_ spec: ExperimentSpec) -> String? {
        guard let json = try? spec.record(catalog: TFRSRun.catalog).spec,
            let data = try? json["data"]?.jsonText(.canonical)
        else { return nil }
        let key = "\(spec.seed) \(data)"
        if let known = fingerprints[key] { return known }
        let planner = Planner(catalog: TFRSRun.catalog, options: runOptions)
        guard let plan = try? planner.plan(spec) else { return nil }
        fingerprints[key] = plan.fingerprint
        return plan.fingerprint
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
