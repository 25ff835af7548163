import ResultsFormat
import Retrieval

/// Where a run's checkpoints are, and whether it goes on from one.
struct Checkpointing {
    let store: CheckpointStore
    let keeper: CheckpointKeeper
    private let resumption: RunOptions.Resumption
    private let ranks: any Communicator

    /// Nil where the spec asks for none.
    ///
    /// - Parameter warn: told what the user should know.
    init?(
        _ plan: ExperimentPlan, catalog: Catalog, options: RunOptions,
        warn: @escaping (String) -> Void
    ) throws {
        resumption = options.resumption
        guard let section = plan.spec.checkpoint, let cadence = section.cadence,
            plan.schedule.isTrained
        else {
            guard options.resumption == .required else { return nil }
            throw ModelError.unfitting(
                "there is nothing to resume: the spec has no 'checkpoint' (--set "
                    + "checkpoint.every='1 epoch')")
        }
        let specSHA256 = try plan.spec.record(catalog: catalog).specSHA256
        let output = options.output ?? plan.usualPath(specSHA256: specSHA256)
        store = CheckpointStore(
            directory: section.directory
                ?? ExperimentResults.path(".checkpoints", besideResults: output),
            keep: section.keep)
        keeper = CheckpointKeeper(
            store: store, cadence: cadence, specSHA256: plan.identity(specSHA256: specSHA256),
            dataFingerprint: plan.fingerprint, ranks: options.ranks, warn: warn)
        ranks = options.ranks
    }

    /// The checkpoint that the run goes on from; nil: it begins anew.
    ///
    /// - Parameter training: that it is of, at its beginning.
    func checkpoint(of training: TrainingRun) throws -> Checkpoint? {
        if resumption == .never {
            if ranks.isFirst { store.removeAll() }
            return nil
        }
        let last = try keeper.last(of: training)
        let place = [last?.record.epoch ?? 0, last?.record.step ?? 0]
        guard ranks.allGather(place).allSatisfy({ $0 == place }) else {
            throw ModelError.unfitting(
                "ranks see different checkpoints in '\(store.directory)': it has to be a folder "
                    + "that all hosts share")
        }
        if let last { return last }
        guard resumption == .required else { return nil }
        throw ModelError.unfitting("there is no checkpoint in '\(store.directory)' to go on from")
    }
}
