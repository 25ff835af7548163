import Platform
import ResultsFormat

/// Results to compare, by experiment and configuration: read from results files, the index of a
/// sweep, a folder of either, or a baseline.
public struct RunSet: Sendable {
    /// The runs of each experiment, by name.
    public internal(set) var experiments: OrderedMap<RunGroup> = [:]

    public init() {}

    /// The runs of one experiment.
    public struct RunGroup: Sendable {
        /// By the name of the configuration; empty for an experiment without a sweep.
        public var configurations: OrderedMap<[GateRun]> = [:]
        /// The spec file, where a sweep's index names it.
        public var specPath: String?
    }
}

/// One run as far as the gate looks at it.
public struct GateRun: Sendable {
    /// The run's seed.
    public var seed: Int
    /// The fold that it tested on; nil without folds.
    public var fold: Int?
    /// How the run ended.
    public var status: TrialStatus
    /// Why it did not complete; nil where it did.
    public var reason: String?
    /// The resolved spec, without what is local to a machine.
    public var spec: JSONValue
    /// What the results state; nil where the run did not complete.
    public var digest: String?
    /// Over content and split.
    public var dataFingerprint: String?
    /// Over the data's content alone.
    public var contentSHA256: String?
    /// By part of the data and name.
    public var metrics: OrderedMap<OrderedMap<Double>> = [:]
    /// What the metrics mean, by part.
    public var definitions: OrderedMap<JSONValue> = [:]
    /// The figures of single queries, by part and name.
    public var perQuery: OrderedMap<PerQueryValues> = [:]
    /// The ids of ``perQuery``'s queries by the numbers that stand for them; nil for a baseline,
    /// which has the numbers alone.
    var queryNames: [Int: String]?
    /// Why the file that the run was read from cannot be believed; nil where it agrees with
    /// itself.
    public var objection: String?
    /// Why the figures of single queries that the run wrote cannot be had; nil where they can, or
    /// where it wrote none.
    var perQueryProblem: String?
    /// The document, where there is one.
    public var document: ResultsDocument?

    /// Why the run's figures of single queries of a part cannot be compared, if so.
    func perQueryProblem(of part: String) -> String? { part == "test" ? perQueryProblem : nil }

    /// What the diagnosis says of a model whose scores or embeddings tell nothing apart; nil for
    /// one that is alive.
    func collapse(in part: String) -> String? {
        document?.evaluation[part]?.diagnosis?["collapsed"]?.stringValue?
            .replacing("_", with: " ")
    }

    /// What the run says of a figure of a part; nil where it says nothing.
    func figure(_ name: String, part: String) -> FigureRecord? {
        definitions[part]?["metrics"]?[name].map(FigureRecord.init(json:))
    }

    /// What tells repetitions of a configuration apart.
    var repetition: String { "seed \(seed)" + (fold.map { ", fold \($0)" } ?? "") }
}

extension RunSet {
    /// Reads all of several files and folders.
    ///
    /// - Throws: `ResultsFileError`, with the place in the file, for the first that is no results.
    ///   A file counts once, however many links and folders lead to it.
    public init(reading paths: [String]) throws(ResultsFileError) {
        var walk = ResultsWalk()
        for path in paths { try read(path, &walk) }
    }

    /// Whether there are no runs at all.
    public var isEmpty: Bool { experiments.isEmpty }

    private mutating func read(
        _ path: String, _ walk: inout ResultsWalk
    ) throws(ResultsFileError) {
        if ResultsWalk.isFolder(path) {
            let found = walk.results(in: path)
            guard !found.isEmpty || walk.knows(path) else {
                throw .unreadable(path: path, message: "there are no results in this folder")
            }
            for file in found { try read(file, &walk) }
            return
        }
        guard walk.enter(path) else { return }
        let json = try ResultsFile.readJSON(from: path)
        switch json["kind"]?.stringValue {
        case "sweep":
            let index = try ResultsFile.decode(json, path) {
                value throws(ResultsDecodingError) in try SweepIndex(json: value)
            }
            try add(index, in: ResultsWalk.folder(of: path))
        case "baseline":
            let baseline = try ResultsFile.decode(json, path) {
                value throws(ResultsDecodingError) in try AcceptedResults(json: value)
            }
            add(baseline, objection: AcceptedResults.objection(to: json))
        default:
            let document = try ResultsFile.decode(json, path) {
                value throws(ResultsDecodingError) in try ResultsDocument(json: value)
            }
            add(
                document, objection: ResultsDocument.objection(to: json), fold: nil, to: "",
                readFrom: path)
        }
    }

    private mutating func add(
        _ index: SweepIndex, in folder: String
    ) throws(ResultsFileError) {
        for trial in index.trials where trial.isFinal {
            if trial.status == .completed, let results = trial.results {
                let path = folder + "/" + results
                let json = try ResultsFile.readJSON(from: path)
                let document = try ResultsFile.decode(json, path) {
                    value throws(ResultsDecodingError) in try ResultsDocument(json: value)
                }
                let isOther = trial.digest != nil && trial.digest != document.digest
                add(
                    document,
                    objection: ResultsDocument.objection(to: json)
                        ?? (isOther
                            ? "the results are not those that the sweep's index names" : nil),
                    fold: trial.fold, to: trial.configuration, readFrom: path)
            } else {
                append(
                    GateRun(
                        seed: trial.seed ?? 0, fold: trial.fold, status: trial.status,
                        reason: trial.reason, spec: .null),
                    to: index.name, trial.configuration)
            }
        }
        if let path = index.specPath { experiments[index.name]?.specPath = path }
    }

    private mutating func add(
        _ document: ResultsDocument, objection: String?, fold: Int?, to configuration: String,
        readFrom path: String
    ) {
        let status: TrialStatus =
            switch document.status {
            case .completed: .completed
            case .failed: .failed
            case .interrupted: .interrupted
            }
        var run = GateRun(
            seed: document.seed, fold: fold, status: status,
            reason: document.failure?.reason, spec: document.experiment.spec,
            digest: document.digest, dataFingerprint: document.data?.fingerprint,
            contentSHA256: document.data?.contentSHA256,
            metrics: SweepSummary.metrics(of: document),
            definitions: OrderedMap(
                document.evaluation.compactMap { part in
                    part.value.definitions.map { (part.key, $0) }
                }),
            objection: objection, document: document)
        switch PerQueryFiles.values(of: document, beside: path) {
        case .none: break
        case .values(let figures):
            run.perQuery = [figures.part: PerQueryValues(figures)]
            run.queryNames = PerQueryValues.names(of: figures)
        case .problem(let problem): run.perQueryProblem = problem
        }
        append(run, to: document.experiment.name, configuration)
    }

    private mutating func add(_ baseline: AcceptedResults, objection: String?) {
        for experiment in baseline.experiments {
            for configuration in experiment.configurations {
                for run in configuration.runs {
                    append(
                        GateRun(
                            seed: run.seed, fold: run.fold, status: .completed,
                            spec: configuration.spec, digest: run.digest,
                            dataFingerprint: run.dataFingerprint,
                            contentSHA256: run.contentSHA256, metrics: run.metrics,
                            definitions: run.definitions, perQuery: run.perQuery,
                            objection: objection),
                        to: experiment.name, configuration.name)
                }
            }
        }
    }

    private mutating func append(_ run: GateRun, to experiment: String, _ configuration: String) {
        experiments.update(experiment, default: RunGroup()) { group in
            group.configurations.update(configuration, default: []) { $0.append(run) }
        }
    }
}

extension ResultsFile {
    static func decode<Document>(
        _ json: JSONValue, _ path: String,
        _ read: (JSONValue) throws(ResultsDecodingError) -> Document
    ) throws(ResultsFileError) -> Document {
        do throws(ResultsDecodingError) {
            return try read(json)
        } catch {
            throw .invalid(path: path, error)
        }
    }
}
