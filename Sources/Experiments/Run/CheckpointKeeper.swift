import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// Writes a run's checkpoints when they are due. Training goes on meanwhile: what is written is a
/// value that no later step changes. Ranks wait, for each sends what it has of the tables.
final class CheckpointKeeper {
    private let store: CheckpointStore
    private let cadence: CheckpointSection.Cadence
    private let specSHA256: String
    private let dataFingerprint: String
    /// All of them send what each holds; the first one writes it.
    private let ranks: any Communicator
    private let warn: (String) -> Void
    private var clock = Stopwatch()
    private var steps = 0
    private var job: BackgroundJob?
    /// Why the last checkpoint could not be written; nil where it could.
    private let failure = Guarded<AtomicFileError?>(nil)

    init(
        store: CheckpointStore, cadence: CheckpointSection.Cadence, specSHA256: String,
        dataFingerprint: String, ranks: any Communicator = SingleProcess(),
        warn: @escaping (String) -> Void
    ) {
        self.store = store
        self.cadence = cadence
        self.specSHA256 = specSHA256
        self.dataFingerprint = dataFingerprint
        self.ranks = ranks
        self.warn = warn
    }

    /// The last checkpoint that is whole; nil where there is none.
    ///
    /// - Parameter training: that it is of; only what this rank holds of its tables is kept.
    func last(of training: TrainingRun) throws(ModelError) -> Checkpoint? {
        try store.last(
            ofSpec: specSHA256, data: dataFingerprint,
            keeping: { training.trainer.part(ofArray: $0) }, warn: warn)
    }

    /// Writes a checkpoint, if one is due after a step or an epoch.
    func offer(_ training: inout TrainingRun, _ stopper: EarlyStopper?, _ record: RunRecord) {
        let isAfterEpoch = training.step == 0
        if !isAfterEpoch { steps += 1 }
        let isDue =
            switch cadence {
            case .epochs(let count):
                isAfterEpoch && record.epochs.count.isMultiple(of: count)
            case .steps(let count): !isAfterEpoch && steps.isMultiple(of: count)
            // Clocks differ.
            case .seconds(let seconds): ranks.broadcast(clock.seconds >= seconds)
            }
        guard isDue else { return }
        write(&training, stopper, record)
    }

    /// Writes a checkpoint of what is there now.
    func write(_ training: inout TrainingRun, _ stopper: EarlyStopper?, _ record: RunRecord) {
        finish()
        clock = Stopwatch()
        // Otherwise a copy of its tables would be settled for this.
        training.trainer.settle()
        var state = NamedArrays()
        state.leavesRowsApart = true
        training.save(to: &state, as: "")
        stopper?.save(to: &state, as: Self.stopperName)
        guard ranks.isFirst else { return store.help(state, ranks) }
        let checkpoint = Checkpoint(
            record: CheckpointRecord(
                specSHA256: specSHA256, dataFingerprint: dataFingerprint,
                toolVersion: ToolVersion.current, epoch: training.epoch, step: training.step,
                epochs: record.epochs, engine: record.engine.checkpointed,
                continuedOptimizers: record.warmStart?.continuedOptimizers ?? 0),
            state: state)
        guard ranks.isAlone else {
            do throws(AtomicFileError) {
                try store.write(checkpoint, ranks)
            } catch {
                warn("\(error)")
            }
            return
        }
        job = BackgroundJob { [store, failure] in
            do throws(AtomicFileError) {
                try store.write(checkpoint)
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    /// Waits for what is being written; a run goes on without checkpoints that cannot be.
    func finish() {
        job?.wait()
        job = nil
        if let failed = failure.withLock({ $0.take() }) { warn("\(failed)") }
    }

    /// Lets go of all checkpoints: the run has ended well.
    func removeAll() {
        finish()
        if ranks.isFirst { store.removeAll() }
    }

    /// Puts back what a checkpoint holds.
    ///
    /// - Throws: `StateError` where it is not of this run.
    static func restore(
        _ checkpoint: Checkpoint, _ training: inout TrainingRun, _ stopper: inout EarlyStopper?,
        _ record: inout RunRecord
    ) throws(StateError) {
        var state = checkpoint.state
        try training.restore(from: &state, as: "")
        try stopper?.restore(
            from: &state, as: stopperName, of: training.trainer.model.parameters)
        guard state.remaining.isEmpty else { throw .unknown(state.remaining) }
        record.epochs = checkpoint.record.epochs
        record.engine = EngineRecord(checkpoint.record.engine)
        record.earlyStopping = stopper?.record
    }

    private static let stopperName = "early_stopping"
}

extension EngineRecord {
    fileprivate var checkpointed: CheckpointRecord.Engine {
        CheckpointRecord.Engine(
            denseScores: denseScores, computedScores: computedScores,
            sharesQueries: sharesQueries, sharesCandidates: sharesCandidates)
    }

    fileprivate init(_ engine: CheckpointRecord.Engine) {
        denseScores = engine.denseScores
        computedScores = engine.computedScores
        sharesQueries = engine.sharesQueries
        sharesCandidates = engine.sharesCandidates
    }
}
