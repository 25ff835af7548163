import ResultsFormat
import Retrieval

/// The trials that an earlier run of a sweep has finished, and that need not be run again: by the
/// same program, on the same spec and the same data, with results that are still as they were
/// written.
struct FinishedTrials {
    private let folder: String
    private let planner: Planner
    private var known: [String: TrialEntry] = [:]
    /// The fingerprints of the data as they are now, by seed and what specs say of the data.
    private var fingerprints: [String: String] = [:]

    /// - Parameters:
    ///   - index: what the earlier run left; nil: nothing.
    ///   - folder: where the index stands.
    ///   - program: SHA-256 of the program that is going to run trials; nil: unknown, and therefore
    ///     another one.
    ///   - planner: reads the data, to see whether they are the same.
    init(_ index: SweepIndex?, in folder: String, program: String?, planner: Planner) {
        self.folder = folder
        self.planner = planner
        guard let index, let program, index.programSHA256 == program else { return }
        known = Dictionary(
            index.trials.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The entry of a trial with what its results say; nil where it has to be run.
    ///
    /// - Parameter entry: as it stands before it is run.
    mutating func entry(for entry: TrialEntry, _ spec: ExperimentSpec) -> TrialEntry? {
        guard let old = known[entry.name], old.status == .completed, let results = old.results,
            let json = try? ResultsFile.readJSON(from: folder + "/" + results),
            let document = try? ResultsDocument(json: json), document.status == .completed,
            document.experiment.specSHA256 == entry.specSHA256,
            let digest = document.digest, digest == old.digest,
            (try? ResultsDocument.digest(of: json)) == digest,
            document.data?.fingerprint == fingerprint(ofDataOf: spec)
        else { return nil }
        var entry = entry
        entry.take(document, results: results)
        return entry
    }

    /// Computed once for each spec of the data.
    private mutating func fingerprint(ofDataOf spec: ExperimentSpec) -> String? {
        guard let json = try? spec.record(catalog: planner.catalog).spec,
            let data = try? json["data"]?.jsonText(.canonical)
        else { return nil }
        let key = "\(spec.seed) \(data)"
        if let known = fingerprints[key] { return known }
        guard let plan = try? planner.plan(spec) else { return nil }
        fingerprints[key] = plan.fingerprint
        return plan.fingerprint
    }
}
