import ResultsFormat
import Retrieval
import Safeguards

extension SavedModel {
    /// Both towers as ONNX files, for other runtimes.
    ///
    /// - Parameter folder: where `query.onnx` and `candidate.onnx` are written.
    /// - Returns: the files with what whoever runs them has to know, a sentence each.
    /// - Throws: `ONNXError` where ONNX has no word for a part of a tower; `AtomicFileError`.
    public func exportONNX(to folder: String) throws -> [(path: String, notes: [String])] {
        var builder = ModelBuilder(again: built, learned: learned.withLock { $0 })
        let assembly = TowerAssembly(catalog: catalog, spec: spec)
        let known = QueryColumns(model: self, queries: try knownQueries(), firstLine: nil)
        let query = try assembly.tower(
            spec.towers.query, path: "query",
            { feature throws(DataError) in
                do throws(ModelError) {
                    return try known.input(of: feature)
                } catch {
                    throw .impossible("\(error)")
                }
            }, &builder)
        let columns = record.candidate.columns
        let rows = try (0..<candidates.count).map { try candidates.row($0) }
        let candidate = try assembly.tower(
            spec.towers.candidate, path: "candidate",
            { feature throws(DataError) in
                guard let declared = columns.first(where: { $0.name == feature.column }),
                    let column = try? declared.column(
                        rows.map { $0[declared.name] ?? .null }, place: { _ in .unfitting("") })
                else { throw .impossible("model.json lacks '\(feature.column)'") }
                return FeatureInput(values: column, trainingKeys: [])
            }, &builder)
        let loss = try catalog.make(.loss, spec.loss)
        let model = assembly.model(query: query, candidate: candidate, loss, &builder)
        if let misfit = builder.misfit { throw ModelError.unfitting(misfit) }
        var written: [(path: String, notes: [String])] = []
        for (name, tower, count) in [
            (TowerName.query, query, known.queries.count),
            (TowerName.candidate, candidate, rows.count),
        ] {
            written.append(
                try write(tower, name, model, builder.learned, count: count, to: folder))
        }
        return written
    }

    /// Writes one tower with the table beside it.
    private func write(
        _ tower: FeatureTower, _ name: TowerName, _ model: TwoTowerModel, _ learned: Learned,
        count: Int, to folder: String
    ) throws -> (path: String, notes: [String]) {
        let section = name == .query ? spec.towers.query : spec.towers.candidate
        let columns = name == .query ? record.query.columns : record.candidate.columns
        var builder = ONNXTowerBuilder(
            parameters: model.parameters, learned: learned, keyCount: count
        ) { column in
            columns.contains { $0.name == column && $0.kind == "token_lists" }
        }
        let graph = try builder.makeGraph(
            of: tower, features: try features(of: section, name.rawValue),
            normalizes: model.normalizesEmbeddings)
        let notes = builder.notes.uniqued
        let bytes = try graph.file(
            name: "\(record.experiment)/\(name.rawValue)", producer: "tfrs-run",
            version: ToolVersion.current,
            metadata: [("model_digest", digest)]
                + notes.enumerated().map { ("note_\($0 + 1)", $1) })
        let stem = "\(folder)/\(name.rawValue)"
        try AtomicFile.write(bytes, to: stem + ".onnx", createDirectories: true)
        try write(builder.tables, of: name, count: count, to: stem)
        return (stem + ".onnx", notes)
    }

    /// What is known of queries, if that is all that their tower reads; else none.
    private func knownQueries() throws(ModelError) -> [JSONObject] {
        let known = try (0..<queries.count).map { row throws(ModelError) in try queries.row(row) }
        let isWhole = known.first.map { first in
            record.query.columns.allSatisfy { first[$0.name] != nil }
        }
        return isWhole == true ? known : []
    }

    /// The table beside a graph: what stands for the inputs that it cannot compute, a line for each
    /// of those that are known.
    private func write(
        _ tables: [(name: String, rows: [[Float]])], of tower: TowerName, count: Int,
        to stem: String
    ) throws {
        guard !tables.isEmpty, count > 0 else { return }
        let entities = tower == .query ? queries : candidates
        var text = ""
        for row in 0..<count {
            var line: JSONObject = ["id": .string(try entities.id(row))]
            for (name, rows) in tables {
                line[name] = .array(
                    rows[row].map { value in
                        Int(exactly: value).map(JSONValue.integer) ?? JSONValue(value)
                    })
            }
            text += try JSONValue.object(line).jsonText(.compact) + "\n"
        }
        try AtomicFile.write(Array(text.utf8), to: stem + ".inputs.jsonl")
    }

    /// The features of a tower with their paths, as the tower was built.
    private func features(
        of section: TowerSection, _ path: String
    ) throws -> [(path: String, feature: any FeatureDefinition)] {
        var numbers: [String: Int] = [:]
        return try section.features.map { choice in
            let feature = try catalog.make(.feature, choice)
            numbers[feature.name, default: 0] += 1
            let number = numbers[feature.name] ?? 1
            return ("\(path)/\(feature.name)" + (number == 1 ? "" : "_\(number)"), feature)
        }
    }
}
