import Hashing
import Platform
import ResultsFormat
import Retrieval
import YAMLTree

/// What came of an experiment, ready to be written.
public struct ExperimentResults: Sendable {
    /// What was run; its model is gone.
    public let plan: ExperimentPlan
    /// What came of it.
    public let record: RunRecord
    /// The document, its digest included.
    public let document: ResultsDocument
    /// The figures of single queries, where the spec asks for them.
    private let perQuery: PerQueryFigures?
    /// The model that was evaluated, as training left it; nil where there is none.
    public internal(set) var trained: TwoTowerModel?
    /// The run's checkpoints, which go once the results are there; nil: there are none.
    var checkpoints: CheckpointStore?

    /// SHA-256 over everything that must be the same when the experiment is repeated.
    public var digest: String { document.digest ?? "" }
    /// Seconds from reading the data to the last figure.
    public var totalSeconds: Double { document.timing.totalSeconds }

    /// `results/NAME-INPUTS.json`: the same experiment on the same data has the same file.
    public var defaultPath: String {
        plan.usualPath(specSHA256: document.experiment.specSHA256)
    }

    /// Where a trial of a sweep writes the figures of single queries: beside its results, for the
    /// spec names one file for all trials.
    public static func perQueryPath(besideResults path: String) -> String {
        self.path(".per_query", besideResults: path)
    }

    /// What stands beside results under their name, with another ending.
    package static func path(_ ending: String, besideResults path: String) -> String {
        (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ending
    }

    /// The same for what an evaluation of a saved model found, beside the results of its run.
    public var evaluationPath: String { defaultPath.dropLast(5) + ".evaluation.json" }

    /// Puts the document and the figures of single queries where room was kept for them.
    ///
    /// - Returns: the path of the document; nil where somebody has written it before.
    /// - Throws: `ResultsFileError` or `PerQueryFileError`.
    public func write(to file: ReservedFile, perQuery: ReservedFile?, usualName: Bool) throws
        -> String?
    {
        if let perQuery, let figures = self.perQuery {
            try PerQueryFile.write(figures, to: perQuery)
        }
        guard usualName else {
            guard try file.write(json: document.json) else { return nil }
            letCheckpointsGo()
            return file.path
        }
        let path = defaultPath
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) }
        guard try file.write(json: document.json, as: name) else { return nil }
        letCheckpointsGo()
        return path
    }

    /// A run that has come to its end needs none.
    private func letCheckpointsGo() {
        if record.status == .completed { checkpoints?.removeAll() }
    }

    /// Writes the document atomically, and the figures of single queries if the spec asks for
    /// them.
    ///
    /// - Throws: `ResultsFileError` or `PerQueryFileError`.
    public func write(to path: String) throws {
        if let file = plan.spec.evaluate.perQuery, let perQuery {
            try PerQueryFile.write(perQuery, to: file, createDirectories: true)
        }
        try ResultsFile.write(document, to: path, createDirectories: true)
        letCheckpointsGo()
    }

    init(
        plan: ExperimentPlan, record: RunRecord, catalog: Catalog, host: HostEnvironment,
        totalSeconds: Double
    ) throws {
        self.plan = plan
        self.record = record
        let experiment = try plan.spec.record(catalog: catalog)
        perQuery = record.test?.figures.map { figures in
            PerQueryFigures(
                experiment: plan.spec.name, specSHA256: experiment.specSHA256,
                dataFingerprint: plan.fingerprint, seed: plan.spec.seed, part: "test",
                interactions: figures.interactions(of: plan.evaluation.test),
                queries: figures.queries(of: plan.evaluation.test))
        }
        var test = record.test?.record
        test?.perQuerySHA256 = perQuery.map(PerQueryFile.digest)
        document = try ResultsDocument(
            status: record.status.runStatus, failure: record.status.failure,
            experiment: experiment,
            seed: plan.spec.seed, data: plan.dataRecord,
            training: TrainingRecord(
                epochs: record.epochs, engine: record.engine.json,
                earlyStopping: record.earlyStopping, warmStart: record.warmStart?.record,
                figures: plan.figuresOfEpochs),
            evaluation: OrderedMap(
                [("validation", record.validation?.record), ("test", test)].compactMap {
                    name, part in part.map { (name, $0) }
                }),
            warnings: plan.warnings.map(\.message) + record.findings,
            environment: host.record(of: plan.spec, secondsAgo: totalSeconds),
            timing: TimingRecord(
                seconds: OrderedMap(record.seconds.map { ($0.stage, $0.seconds) }),
                totalSeconds: totalSeconds),
            peakMemoryBytes: HostEnvironment.peakMemoryBytes,
            profile: plan.profile(
                evaluated: [("validation", record.validation), ("test", record.test)]),
            model: record.model
        ).sealed()
    }
}

extension ExperimentPlan {
    /// `results/NAME-INPUTS.json`, of what the results depend on.
    func usualPath(specSHA256: String) -> String {
        var inputs = Fingerprint("tfrs-run/inputs/1")
        inputs.combine(identity(specSHA256: specSHA256))
        inputs.combine(fingerprint)
        return "results/\(spec.fileName)-\(inputs.hexadecimal().prefix(12)).json"
    }

    /// What tells the experiment from others on the same data: its spec and, where there is one, the
    /// model that it starts from.
    func identity(specSHA256: String) -> String {
        warmStart.map { specSHA256 + "/" + $0.digest } ?? specSHA256
    }
}

extension ExperimentSpec {
    /// The name as part of a file's; one whose letters are lost in it has a hash beside them, for
    /// two such names would be the same.
    public var fileName: String {
        let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let isReadable = name.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && plain.count <= 100
        return isReadable
            ? plain : plain.prefix(60) + "-" + SHA256.hexadecimal(of: name).prefix(8)
    }

    /// The spec as results record it, with its hash.
    public func record(catalog: Catalog) throws -> ExperimentRecord {
        let resolved = FieldValue.object(resolved)
        let local = SpecEncoding.localMembers(
            of: resolved, as: .object(ExperimentSpec.description), catalog: catalog)
        var json = SpecEncoding.json(resolved)
        // What a variable holds may be a secret.
        for path in local {
            if let text = marks.references[path.text] {
                json = json.replacing(path, with: .string(text))
            }
        }
        return try ExperimentRecord(
            name: name, spec: json,
            localMembers: local + sayingNothing)
    }

    /// What says nothing of what is computed: the gate, what the model is held against, what is kept
    /// on the way, and a warm start where there is none.
    private var sayingNothing: [JSONPath] {
        var names = [Self.gateField.name, Self.checkpointField.name]
        if warmStart == nil { names.append(Self.warmStartField.name) }
        let paths: [JSONPath] = names.map { [.key($0)] }
        return paths + [
            [.key(Self.evaluateField.name), .key(EvaluateSection.baselinesField.name)]
        ]
    }
}

extension RunRecord.Status {
    fileprivate var runStatus: RunStatus {
        switch self {
        case .completed: .completed
        case .failed: .failed
        case .interrupted: .interrupted
        }
    }

    fileprivate var failure: RunFailure? {
        guard case .failed(let reason, let epoch, let step) = self else { return nil }
        return RunFailure(reason: reason, epoch: epoch, step: step)
    }
}

extension ExperimentPlan {
    /// What the figures of epochs are; none where there is nothing to train.
    fileprivate var figuresOfEpochs: OrderedMap<FigureRecord> {
        guard spec.baseline == nil else { return [:] }
        return OrderedMap(
            (figures.ofEveryEpoch + figures.ofEvaluatedEpochs(of: spec)).map {
                ($0.name, $0.record)
            })
    }

    fileprivate var dataRecord: DataRecord {
        DataRecord(
            source: origin.source, variant: origin.variant, standInFor: origin.standInFor,
            fingerprint: fingerprint, contentSHA256: origin.contentDigest,
            counts: OrderedMap(
                [
                    ("interactions", counts.interactions), ("queries", counts.queries),
                    ("candidates", counts.candidates), ("train", counts.train),
                    ("test", counts.test),
                ] + (counts.validation.map { [("validation", $0)] } ?? [])
                    + (origin.skippedRows > 0 ? [("skipped_rows", origin.skippedRows)] : [])),
            filters: filters.map(\.record),
            unseen: OrderedMap(unseen.map { ($0.part, $0.record) }),
            notes: origin.notes + notes)
    }
}

extension EngineRecord {
    fileprivate var json: JSONValue {
        .object([
            "path": .string(computedScores < denseScores ? "deduplicated" : "dense"),
            "queries": .string(sharesQueries ? "deduplicated" : "dense"),
            "candidates": .string(sharesCandidates ? "deduplicated" : "dense"),
            "dense_scores": .integer(denseScores),
            "computed_scores": .integer(computedScores),
            "deduplication_factor": .number(deduplicationFactor),
        ])
    }
}

extension HostEnvironment {
    /// - Parameter seconds: since the run began.
    fileprivate func record(of spec: ExperimentSpec, secondsAgo seconds: Double)
        -> EnvironmentRecord
    {
        EnvironmentRecord(
            toolVersion: toolVersion, os: os, cpu: cpu, instructionSet: instructionSet,
            threads: threads,
            started: UTCTime.text(of: Date.now.timeIntervalSince1970 - seconds),
            host: HostEnvironment.name,
            commit: spec.marks.files.sorted().lazy.compactMap(WorkingTree.commit).first)
    }
}

extension FilterOutcome {
    var record: FilterRecord {
        FilterRecord(
            name: name, removed: removed, interactions: interactions, queries: queries,
            candidates: candidates)
    }
}

extension UnseenCount {
    var record: OrderedMap<Int> {
        [
            "queries": unseenQueries, "candidates": unseenCandidates,
            "interactions_with_unseen_candidate": interactionsWithUnseenCandidate,
        ]
    }
}
