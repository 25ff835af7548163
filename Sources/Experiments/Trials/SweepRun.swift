import Hashing
import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// Runs the trials of a sweep, side by side within a budget of processors and memory; takes over
/// what an earlier run has finished; keeps the index up to date.
///
/// How a trial is started is the caller's: the command line gives each a process of its own, so
/// that whatever ends one ends no other. ``inThisProcess(_:folder:catalog:options:runOptions:stop:observe:)``
/// runs one after the other where the sweep itself runs.
public struct SweepRun {
    /// Starts a trial.
    public typealias Launch = (TrialLaunch) throws -> any RunningTrial
    private typealias Trial = (trial: SweepTrial, spec: ExperimentSpec)

    private let file: ExperimentFile
    private let folder: String
    private let catalog: Catalog
    private let options: SweepRunOptions
    private let runOptions: RunOptions
    private let program: String?
    private let stop: StopRequest
    private let launch: Launch
    private let observe: (SweepEvent) -> Void

    private let figures: OrderedMap<FigureRecord>
    private let indexFile: SweepIndexFile
    private var nextWriting = ContinuousClock.now
    private var ledger = SweepLedger()
    /// Where trials are proposed: the state of the search.
    private var search: SweepSearch?

    /// - Parameters:
    ///   - file: one with a sweep.
    ///   - folder: where the index goes, and into `trials/` what trials write; made if need be.
    ///   - runOptions: threads and memory of all trials together, and where data may come from.
    ///   - program: SHA-256 of what runs the trials: results of another one are not taken over.
    ///     By default ``thisProgram``.
    ///   - stop: asked every few milliseconds; once it is set, trials are told to end, and no other
    ///     begins.
    ///   - observe: told of what goes on, on the caller's thread.
    ///   - launch: starts a trial, or throws where that cannot be done.
    public init(
        _ file: ExperimentFile, folder: String, catalog: Catalog,
        options: SweepRunOptions = SweepRunOptions(), runOptions: RunOptions = RunOptions(),
        program: String? = SweepRun.thisProgram,
        stop: StopRequest = StopRequest(), observe: @escaping (SweepEvent) -> Void = { _ in },
        launch: @escaping Launch
    ) {
        self.file = file
        self.folder = folder
        self.catalog = catalog
        self.options = options
        self.runOptions = runOptions
        self.program = program
        self.stop = stop
        self.observe = observe
        self.launch = launch
        figures = file.figures(catalog: catalog)
        indexFile = SweepIndexFile(folder: folder, shard: options.shard)
    }

    /// SHA-256 of this process's executable; nil where it cannot be read.
    public static var thisProgram: String? {
        SHA256.hexadecimal(ofFile: ProcessEnvironment.executablePath)
    }

    /// Where the index is written.
    public var indexPath: String { indexFile.path }

    /// The index as it is now.
    public var index: SweepIndex {
        index(of: ledger.entries)
    }

    /// Runs what is to be run.
    ///
    /// - Throws: ``SweepRunError`` where the folder is another sweep's, `ResultsFileError` where the
    ///   index cannot be written. Trials that fail do not throw: the index says so.
    public mutating func run() throws -> SweepOutcome {
        // What the trials write there is read, whoever wrote the spec: of an earlier run, and of
        // this one once the folder is there.
        Confinement.allow(folder)
        let found = indexFile.found
        let name = file.base.name
        if let found, found.name != name {
            throw SweepRunError.otherSweep(folder: folder, found: found.name, name: name)
        }
        let previous = options.rerun ? nil : found
        ledger = SweepLedger()
        // Where the index cannot be written, that is better known before hours of trials.
        try indexFile.write(index(of: previous?.trials ?? []))
        Confinement.allow(folder)
        let trials = options.shard?.select(file.trials) ?? file.trials
        var finished = FinishedTrials(
            previous, in: folder, program: program,
            planner: Planner(catalog: catalog, options: runOptions))
        if let halving = file.sweep?.halving {
            try runRungs(halving, trials, &finished)
        } else if file.search != nil {
            try runRounds(trials, &finished)
        } else {
            try run(trials, &finished)
        }
        try indexFile.write(index)
        observe(.finished(index))
        return stop.isSet ? .interrupted : ledger.outcome
    }

    private func index(of entries: [TrialEntry]) -> SweepIndex {
        SweepSummary.index(
            name: file.base.name, specPath: file.path, shard: options.shard?.description,
            programSHA256: program, objective: file.objective(of: entries), trials: entries,
            figures: figures)
    }

    /// Writes the index as it is now, but for a small share of the time: that of very many trials
    /// takes longer than one of them.
    private mutating func noteProgress() throws {
        let start = ContinuousClock.now
        guard start >= nextWriting else { return }
        try indexFile.write(index)
        let end = ContinuousClock.now
        nextWriting = end + (end - start) * 20
    }

    /// The same. Where the index cannot be written, what trials find would be lost: they are ended.
    private mutating func noteProgress(
        endingOnFailure running: [(name: String, trial: any RunningTrial)]
    ) throws {
        do {
            try noteProgress()
        } catch {
            for entry in running { entry.trial.tellToEnd() }
            while running.contains(where: { $0.trial.ending == nil }) { usleep(5000) }
            throw error
        }
    }

    // MARK: Halving

    private mutating func runRungs(
        _ halving: SweepSpec.Halving, _ trials: [Trial], _ finished: inout FinishedTrials
    ) throws {
        var alive = Set(trials.map(\.trial.configuration))
        for epochs in halving.epochs {
            try run(
                trials.filter {
                    $0.trial.rungEpochs == epochs && alive.contains($0.trial.configuration)
                }, &finished)
            guard !stop.isSet, !(options.failFast && ledger.hasFailed),
                epochs != halving.epochs.last, let objective = file.objective(of: ledger.entries)
            else { return }
            alive = Set(
                SweepSummary.best(
                    1 + (alive.count - 1) / halving.factor, by: objective,
                    of: ledger.entries.filter { $0.rungEpochs == epochs }))
        }
    }

    // MARK: Proposals

    /// Runs a round after the other, each proposed by what those before came to.
    private mutating func runRounds(_ first: [Trial], _ finished: inout FinishedTrials) throws {
        search = file.search
        var round = first
        while !round.isEmpty {
            try run(round, &finished)
            guard !stop.isSet, !(options.failFast && ledger.hasFailed) else { return }
            let entries = ledger.entries
            let objective = file.objective(of: entries)
            round = try search?.next(after: entries, by: objective) ?? []
        }
    }

    // MARK: Trials

    /// Runs trials side by side until none is left or the run is asked to stop.
    private mutating func run(_ trials: [Trial], _ finished: inout FinishedTrials) throws {
        var waiting = try enter(trials, &finished)
        let slots = max(1, min(options.jobs ?? HostEnvironment.processorCount, waiting.count))
        var running: [(name: String, trial: any RunningTrial)] = []
        try indexFile.write(index)
        observe(.began(waiting: waiting.count, slots: slots))
        while !waiting.isEmpty || !running.isEmpty {
            let isEnding = stop.isSet
            if isEnding || (options.failFast && ledger.hasFailed) { waiting = [] }
            if isEnding { for entry in running { entry.trial.tellToEnd() } }
            while let next = waiting.last, running.count < slots, hasRoom(beside: running.count) {
                waiting.removeLast()
                if let trial = start(next, slots: slots) {
                    running.append((next.trial.name, trial))
                }
            }
            // Asked once each: a trial may end between two questions.
            let endings = running.map(\.trial.ending)
            let ended = zip(running, endings).compactMap { entry, end in end.map { (entry, $0) } }
            running = zip(running, endings).filter { $0.1 == nil }.map(\.0)
            for ((name, trial), ending) in ended { settle(name, ending, trial.seconds) }
            if !ended.isEmpty { try noteProgress(endingOnFailure: running) }
            observe(
                .running(running.map { ($0.name, $0.trial.seconds) }, waiting: waiting.count))
            if ended.isEmpty { usleep(5000) }
        }
    }

    /// Enters the trials into the index.
    ///
    /// - Returns: those that are to be run, the first of them last.
    private mutating func enter(
        _ trials: [Trial], _ finished: inout FinishedTrials
    ) throws -> [Trial] {
        var waiting: [Trial] = []
        for trial in trials {
            let entry = try TrialEntry(
                trial.trial, specSHA256: trial.spec.record(catalog: catalog).specSHA256,
                isFinal: trial.trial.rungEpochs == file.sweep?.halving?.epochs.last)
            if let old = finished.entry(for: entry, trial.spec) {
                ledger.takeOver(old)
                observe(.takenOver(old))
            } else {
                ledger.add(entry)
                waiting.append(trial)
            }
        }
        return waiting.reversed()
    }

    /// Whether one more trial fits into memory, if it is like the largest so far.
    private func hasRoom(beside running: Int) -> Bool {
        if running == 0 { return true }
        let given = runOptions.memoryLimitIsGiven ? runOptions.memoryLimit : nil
        guard let peak = ledger.largestPeak else { return given == nil }
        let limit = given ?? MachineLimits.current.memory / 5 * 4
        return (running + 1).multipliedReportingOverflow(by: peak).partialValue <= limit
    }

    private mutating func start(_ trial: Trial, slots: Int) -> (any RunningTrial)? {
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/trials", withIntermediateDirectories: true)
            return try launch(
                TrialLaunch(
                    trial: trial.trial, spec: trial.spec, specPath: file.path,
                    results: path(of: trial.trial.name, "json"),
                    log: path(of: trial.trial.name, "log"),
                    threads: max(1, runOptions.threads / slots),
                    proposal: search?.proposal(of: trial.trial)))
        } catch {
            ledger.refuse(
                trial.trial.name, reason: "its process could not be started: \(error)")
            return nil
        }
    }

    private mutating func settle(_ name: String, _ ending: TrialEnding, _ seconds: Double) {
        let document = try? ResultsFile.read(from: path(of: name, "json"))
        guard
            let entry = ledger.settle(
                name, ending, document: document, results: "trials/\(name).json")
        else { return }
        if entry.status == .completed {
            try? FileManager.default.removeItem(atPath: path(of: name, "log"))
        }
        observe(
            .ended(entry, seconds: seconds, objective: file.objective(of: ledger.entries)))
    }

    private func path(of name: String, _ kind: String) -> String {
        "\(folder)/trials/\(name).\(kind)"
    }
}

extension TrialEntry {
    /// A trial that is to be run.
    fileprivate init(_ trial: SweepTrial, specSHA256: String, isFinal: Bool) {
        self.init(
            name: trial.name, configuration: trial.configuration, settings: trial.settings,
            seed: trial.seed, fold: trial.fold, rungEpochs: trial.rungEpochs, isFinal: isFinal,
            specSHA256: specSHA256)
    }
}
