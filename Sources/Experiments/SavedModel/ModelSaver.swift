import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// Writes what a run has trained into a folder.
struct ModelSaver {
    let plan: ExperimentPlan
    let catalog: Catalog
    let lanes: Lanes

    /// Writes the model as it is now.
    ///
    /// - Parameter folder: room that was kept for it; it is given its name.
    /// - Returns: what was written.
    /// - Throws: `AtomicFileError`.
    func write(
        _ training: TrainingRun, _ record: RunRecord, to folder: AtomicFolder
    ) throws -> ModelRecord {
        guard let served = plan.served else {
            preconditionFailure("the plan was not asked to keep what a model is served by")
        }
        let model = training.trainer.model
        var files = FileSet(folder: folder, lanes: lanes)
        let embeddings = candidates(model)
        let (parameters, state) = training.parametersApart
        files.add(ModelFileName.parameters) { file throws(AtomicFileError) in
            try ArrayFile.write(parameters, to: &file)
        }
        if plan.spec.output.keepsTrainingState {
            files.add(ModelFileName.training) { file throws(AtomicFileError) in
                try ArrayFile.write(state, to: &file)
            }
        }
        files.add(ModelFileName.candidates) { file throws(AtomicFileError) in
            try ArrayFile.write(embeddings, to: &file)
        }
        if let index = indexState(embeddings) {
            files.add(ModelFileName.index) { file throws(AtomicFileError) in
                try ArrayFile.write(index, to: &file)
            }
        }
        files.add(ModelFileName.candidateRows) { file throws(AtomicFileError) in
            try Self.writeRows(of: served.candidates, id: plan.spec.data.candidate, to: &file)
        }
        files.add(ModelFileName.queryRows) { file throws(AtomicFileError) in
            try writeQueries(served, to: &file)
        }
        files.add(ModelFileName.seen) { file throws(AtomicFileError) in
            try ArrayFile.write(seen(served), to: &file)
        }
        var vocabularies: OrderedMap<String> = [:]
        for (number, (path, fact)) in plan.learned.facts.enumerated() {
            let name = VocabularyFile.name(of: path, number: number)
            vocabularies[path] = name
            files.add(name) { file throws(AtomicFileError) in
                try Self.write(VocabularyFile.json(fact, of: path), to: &file)
            }
        }
        let made = try modelRecord(
            model, record, served, vocabularies: vocabularies, files: try files.write())
        _ = try folder.write(ModelFileName.record) { file throws(AtomicFileError) in
            guard let text = try? made.json.jsonText(.pretty) else {
                preconditionFailure("a record holds finite numbers")
            }
            try file.append(text + "\n")
        }
        try folder.finish()
        return made
    }

    // MARK: What the files hold

    /// The embeddings of all candidates and, where that is another, the corpus that is searched.
    private func candidates(_ model: TwoTowerModel) -> NamedArrays {
        let count = plan.keyCounts.candidates
        let dimension = model.candidateTower.outputDimension
        var values: [Float] = []
        values.reserveCapacity(count * dimension)
        // 16 MiB of embeddings at a time.
        let batch = max(1024, (1 << 22) / dimension)
        for start in stride(from: 0, to: count, by: batch) {
            let keys = Array(Int32(start)..<Int32(min(start + batch, count)))
            values += model.encodeCandidates(keys, EncodingContext(lanes: lanes)).embeddings.values
        }
        var arrays = NamedArrays()
        arrays.add(
            .matrix(Matrix(rows: count, columns: dimension, values: values)), as: "embeddings")
        let corpus = plan.evaluation.corpus
        if corpus != Array(0..<Int32(count)) {
            arrays.add(.integers(corpus.map(Int64.init)), as: "corpus")
        }
        return arrays
    }

    /// What an index that is not exact has found of the candidates; nil where the index is.
    private func indexState(_ candidates: NamedArrays) -> NamedArrays? {
        let definition = plan.evaluation.index
        guard !definition.isExact, case .matrix(let embeddings)? = candidates["embeddings"] else {
            return nil
        }
        let (corpus, lanes) = (plan.evaluation.corpus, lanes)
        let state = definition.makeIndex(
            count: corpus.count,
            encode: { places in
                Rows.gather(embeddings, places.map { corpus[Int($0)] }, lanes)
            }, seed: plan.schedule.seed, lanes: lanes
        ).state
        return state.isEmpty ? nil : state
    }

    /// The candidates of each known query's interactions, ascending.
    private func seen(_ served: ServedData) -> NamedArrays {
        var offsets: [Int64] = [0]
        var items: [Int64] = []
        for row in 0..<served.queries.rowCount {
            let keys = Set(served.past[row].map { served.candidateOfInteraction[Int($0)] })
            items += keys.sorted().map(Int64.init)
            offsets.append(Int64(items.count))
        }
        var arrays = NamedArrays()
        arrays.add(.integers(offsets), as: "offsets")
        arrays.add(.integers(items), as: "items")
        return arrays
    }

    private func writeQueries(
        _ served: ServedData, to file: inout FolderFile
    ) throws(AtomicFileError) {
        guard let history = served.history else {
            return try Self.writeRows(of: served.queries, id: plan.spec.data.query, to: &file)
        }
        let steps = HistoryJSON(
            history: history, id: plan.spec.data.candidate, candidates: served.candidates)
        try Self.writeRows(of: served.queries, id: plan.spec.data.query, to: &file) { row in
            let past = served.past[row].suffix(history.maximumLength)
            return [
                (
                    QueryColumns.historyMember,
                    .array(past.map { steps.step($0, served.candidateOfInteraction[Int($0)]) })
                )
            ]
        }
    }

    /// One line for each row, its id first.
    private static func writeRows(
        of table: Table, id: String, to file: inout FolderFile,
        more: (Int) -> [(String, JSONValue)] = { _ in [] }
    ) throws(AtomicFileError) {
        let names = [id] + table.names.filter { $0 != id }
        let columns = names.compactMap { name in table[name].map { (name, $0) } }
        for row in 0..<table.rowCount {
            let members = columns.map { ($0, $1.json(row)) } + more(row)
            try write(.object(JSONObject(members)), to: &file)
        }
    }

    private static func write(
        _ json: JSONValue, to file: inout FolderFile
    ) throws(AtomicFileError) {
        guard let text = try? json.jsonText(.compact) else {
            preconditionFailure("what is written of data is finite")
        }
        try file.append(text + "\n")
    }

    private func modelRecord(
        _ model: TwoTowerModel, _ record: RunRecord, _ served: ServedData,
        vocabularies: OrderedMap<String>, files: OrderedMap<ModelRecord.File>
    ) throws -> ModelRecord {
        let spec = try plan.spec.record(catalog: catalog)
        func columns(_ table: Table, _ names: [String]) -> [ModelRecord.InputColumn] {
            names.compactMap { name in table[name].map { $0.record(name) } }
        }
        return ModelRecord(
            experiment: plan.spec.name, spec: plan.spec.keptJSON(catalog: catalog),
            specSHA256: spec.specSHA256,
            dataFingerprint: plan.fingerprint, seed: plan.spec.seed,
            toolVersion: ToolVersion.current, epochs: record.epochs.count,
            metrics: record.test?.metrics ?? [:],
            dimension: model.candidateTower.outputDimension, heads: model.queryTower.heads,
            query: ModelRecord.Side(
                id: plan.spec.data.query, count: served.queries.rowCount,
                columns: columns(served.queries, served.queries.names)
                    + served.context.map { $1.record($0) }),
            candidate: ModelRecord.Side(
                id: plan.spec.data.candidate, count: served.candidates.rowCount,
                columns: columns(served.candidates, served.candidates.names)),
            history: served.history.map { history in
                ModelRecord.History(
                    maximumLength: history.maximumLength,
                    columns: history.columns.map { $1.record($0) },
                    hasCandidates: history.hasCandidates)
            },
            tables: OrderedMap(
                plan.learned.tables.sorted { $0.key < $1.key }.map {
                    (
                        $0.key,
                        ModelRecord.Table(
                            vocabulary: $0.value.owner, specialRows: $0.value.specialRows)
                    )
                }),
            vocabularies: vocabularies, files: files)
    }
}

/// Steps of histories as queries give them: the candidate's id where that is all, else an object.
private struct HistoryJSON {
    let history: ServedHistory
    let id: String
    let candidates: Table

    func step(_ interaction: Int32, _ candidate: Int32) -> JSONValue {
        let token = candidates[id]?.json(Int(candidate)) ?? .null
        guard !history.columns.isEmpty else { return token }
        return .object(
            JSONObject(
                [(id, token)] + history.columns.map { ($0, $1.json(Int(interaction))) }))
    }
}

/// Files of a folder that are written side by side.
private struct FileSet {
    typealias Fill = @Sendable (inout FolderFile) throws(AtomicFileError) -> Void

    let folder: AtomicFolder
    let lanes: Lanes
    private var files: [(name: String, fill: Fill)] = []

    init(folder: AtomicFolder, lanes: Lanes) {
        self.folder = folder
        self.lanes = lanes
    }

    mutating func add(_ name: String, _ fill: @escaping Fill) { files.append((name, fill)) }

    /// - Returns: what was written, by name.
    func write() throws(AtomicFileError) -> OrderedMap<ModelRecord.File> {
        let files = files
        let folder = folder
        let results = Guarded<[Int: Result<FolderFile.Content, AtomicFileError>]>([:])
        lanes.forEach(files.count) { index in
            let result = Result { () throws(AtomicFileError) in
                try folder.write(files[index].name, files[index].fill)
            }
            results.withLock { $0[index] = result }
        }
        var written: OrderedMap<ModelRecord.File> = [:]
        for (index, file) in files.enumerated() {
            guard let content = try results.withLock({ $0[index] })?.get() else { continue }
            written[file.name] = ModelRecord.File(bytes: content.bytes, sha256: content.sha256)
        }
        return written
    }
}

extension TrainingRun {
    /// The parameters by their names, and all else that later steps depend on.
    var parametersApart: (parameters: NamedArrays, rest: NamedArrays) {
        let parameters = NamedArrays(of: trainer.model.parameters, as: "")
        let whole = state
        var rest = NamedArrays()
        for name in whole.names where !name.hasPrefix("parameters/") {
            if let array = whole[name] { rest.add(array, as: name) }
        }
        return (parameters, rest)
    }
}

extension ExperimentSpec {
    /// The spec as a model keeps it: what a variable of the environment holds may be a secret, and
    /// is not asked for again.
    func keptJSON(catalog: Catalog) -> JSONValue {
        var json = SpecEncoding.json(.object(resolved))
        let local = SpecEncoding.localMembers(
            of: .object(resolved), as: .object(ExperimentSpec.description), catalog: catalog)
        for path in local
        where json[path: path]?.stringValue?.contains("$") == true
            || marks.references[path.text] != nil
        {
            json = json.replacing(path, with: .string("(a variable of the environment)"))
        }
        for name in [Self.outputField.name, Self.checkpointField.name, Self.warmStartField.name] {
            json[name] = nil
        }
        return json
    }
}
