import ResultsFormat
import Retrieval

/// A model that a training starts from: which of its numbers were taken, and which optimizer states
/// go with them.
public struct WarmStart: Sendable {
    /// What became of the rows of a parameter.
    public struct Rows: Hashable, Sendable {
        /// Rows that go on from what they were.
        public var kept: Int
        /// Rows that the earlier model did not have.
        public var new: Int
        /// Rows of the earlier model that this one has no use for.
        public var dropped: Int
    }

    /// SHA-256 over the whole model.
    public let digest: String
    /// The parameters that were taken, by name.
    public private(set) var parameters: OrderedMap<Rows> = [:]
    /// Whether the parameters that were taken stay as they are.
    public let isFrozen: Bool
    /// Parameters whose optimizer goes on with what it remembers.
    public private(set) var continuedOptimizers = 0
    /// What a reader of the results ought to know.
    public private(set) var notes: [String] = []
    /// The earlier row of each row, by parameter; below 0: it is new.
    private var sources: [String: [Int32]] = [:]
    /// What the earlier optimizers remember.
    private var training: NamedArrays?

    /// Takes what the section asks for of its model.
    ///
    /// - Throws: `SpecError` where it does not fit, ``ModelError`` where it is no model.
    init(
        _ section: WarmStartSection, of model: inout TwoTowerModel, _ learned: Learned,
        spec: ExperimentSpec, catalog: Catalog
    ) throws {
        let folder = try ModelFolder(at: section.model)
        digest = folder.record.digest
        isFrozen = section.frozen
        let contents = ModelContents(
            path: section.model,
            files: [ModelFileName.parameters: try folder.read(ModelFileName.parameters)])
        let saved = try contents.matrices(ModelFileName.parameters)
        let vocabularies = SavedVocabularies(folder: folder)
        let pattern = GlobPattern(section.match)
        for id in model.parameters.ids {
            let name = model.parameters.name(of: id)
            guard pattern.matches(name), let old = saved[name] else { continue }
            let own = model.parameters[id]
            guard old.columns == own.columns else {
                throw spec.error(
                    at: "warm_start.match",
                    "'\(name)' has \(own.columns) columns, and \(old.columns) in the model")
            }
            let rows = try sources(
                of: name, own, old, learned.tables[name], folder.record.tables[name],
                vocabularies, spec)
            model.parameters.replace(id, with: own.taking(rows, of: old))
            if section.frozen { model.parameters.freeze(id) }
            let kept = rows.count { $0 >= 0 }
            parameters[name] = Rows(
                kept: kept, new: rows.count - kept, dropped: old.rows - kept)
            sources[name] = rows
        }
        guard !parameters.isEmpty else {
            let names = saved.keys.sorted().prefix(20).joined(separator: ", ")
            throw spec.error(
                at: "warm_start.match",
                "no parameter of the model matches '\(section.match)'; it has \(names)")
        }
        guard section.optimizer == .keep, !section.frozen else { return }
        guard folder.record.files[ModelFileName.training] != nil else {
            notes.append(
                "warm start: the model was saved without what its optimizers remember; they begin "
                    + "anew")
            return
        }
        guard case .arrays(let arrays) = try folder.read(ModelFileName.training) else { return }
        training = arrays
    }

    /// The earlier row of each row.
    private func sources(
        of name: String, _ own: Matrix, _ old: Matrix, _ table: TokenTable?,
        _ saved: ModelRecord.Table?, _ vocabularies: SavedVocabularies, _ spec: ExperimentSpec
    ) throws -> [Int32] {
        guard let table, let saved else {
            guard own.rows == old.rows else {
                throw spec.error(
                    at: "warm_start.match",
                    "'\(name)' has \(own.rows) rows that stand for no tokens, and \(old.rows) in "
                        + "the model")
            }
            return Array(0..<Int32(own.rows))
        }
        let tokens = try vocabularies.tokens(of: saved.vocabulary)
        var rowOfToken: [UTF8Token: Int32] = [:]
        rowOfToken.reserveCapacity(tokens.count)
        for (index, token) in tokens.enumerated() {
            let row = saved.specialRows + index
            if row < old.rows { rowOfToken[UTF8Token(token)] = Int32(row) }
        }
        return table.tokens.enumerated().map { row, token in
            guard let token else { return row < min(saved.specialRows, old.rows) ? Int32(row) : -1 }
            return rowOfToken[UTF8Token(token)] ?? -1
        }
    }

    /// Has the optimizers go on with what they remembered of the parameters that were taken.
    mutating func continueOptimizers(
        of training: inout TrainingRun, _ groups: [OptimizerGroup]
    ) throws {
        guard let saved = self.training else { return }
        let state = training.state
        var merged = NamedArrays()
        var continued: Set<String> = []
        for name in state.names {
            guard let own = state[name] else { continue }
            guard name.hasPrefix("optimizers/"), let old = saved[name] else {
                merged.add(own, as: name)
                continue
            }
            let parameter = parameter(of: name, groups, training.trainer.model.parameters)
            let rows = parameter.flatMap { sources[$0] }
            let isOthers = parameter != nil && rows == nil
            if !isOthers, let taken = own.taking(rows, of: old) {
                merged.add(taken, as: name)
                if let parameter { continued.insert(parameter) }
            } else {
                merged.add(own, as: name)
            }
        }
        try training.restore(merged)
        continuedOptimizers = continued.count
        self.training = nil
    }

    /// Takes note of what was done before a checkpoint.
    mutating func noteContinued(_ count: Int) { continuedOptimizers = count }

    /// The parameter that an optimizer's state belongs to.
    private func parameter(
        of name: String, _ groups: [OptimizerGroup], _ parameters: Parameters
    ) -> String? {
        for group in groups {
            let prefix = "optimizers/\(group.name)/"
            guard name.hasPrefix(prefix) else { continue }
            let rest = name.dropFirst(prefix.count)
            let owners = group.parameters.map { parameters.name(of: $0) }
            if let owner = owners.first(where: { rest.hasPrefix($0 + "/") }) { return owner }
        }
        return nil
    }

    /// What the results say of it.
    var record: WarmStartRecord {
        WarmStartRecord(
            modelDigest: digest, frozen: isFrozen, continuedOptimizers: continuedOptimizers,
            parameters: parameters.mapValues {
                WarmStartRecord.Rows(kept: $0.kept, new: $0.new, dropped: $0.dropped)
            })
    }
}

/// The vocabularies of a model, read when they are asked for.
private struct SavedVocabularies {
    let folder: ModelFolder

    func tokens(of part: String) throws(ModelError) -> [String] {
        guard let name = folder.record.vocabularies[part],
            case .bytes(let bytes) = try folder.read(name)
        else { throw .unfitting("the model has no vocabulary of '\(part)'") }
        let file = folder.path(of: name)
        guard
            case .tokens(let tokens, _) = try VocabularyFile.fact(
                try ModelFolder.json(bytes, in: file), of: part, in: file)
        else {
            throw .damaged(
                file: file, place: "the file", required: "a vocabulary", found: "something else")
        }
        return tokens
    }
}

extension Matrix {
    /// The same with rows of another matrix, of equally many columns, in place of its own.
    ///
    /// - Parameter rows: for each row the other's; below 0: its own.
    fileprivate func taking(_ rows: [Int32], of other: Matrix) -> Matrix {
        var taken = self
        for (row, source) in rows.enumerated() where source >= 0 {
            let (start, from) = (row * columns, Int(source) * columns)
            taken.values.replaceSubrange(
                start..<start + columns, with: other.values[from..<from + columns])
        }
        return taken
    }
}

extension StateArray {
    /// What an optimizer remembers, with the rows of an earlier state; nil where they do not fit.
    ///
    /// - Parameter rows: for each row of the parameter the earlier one, below 0 for a new one; nil:
    ///   this is not of the rows of a parameter.
    fileprivate func taking(_ rows: [Int32]?, of old: StateArray) -> StateArray? {
        switch (self, old) {
        case (.matrix(let own), .matrix(let old)):
            guard own.columns == old.columns else { return nil }
            guard let rows, !rows.isEmpty, own.rows >= rows.count,
                own.rows.isMultiple(of: rows.count)
            else { return own.rows == old.rows ? .matrix(old) : nil }
            // Slots stand one below the other.
            let slots = own.rows / rows.count
            guard old.rows.isMultiple(of: slots) else { return nil }
            let oldRows = old.rows / slots
            guard rows.allSatisfy({ $0 < oldRows }) else { return nil }
            let sources = (0..<slots).flatMap { slot -> [Int32] in
                rows.map { $0 < 0 ? $0 : $0 + Int32(slot * oldRows) }
            }
            return .matrix(own.taking(sources, of: old))
        case (.flags(let own), .flags(let old)):
            // None: all rows are taken to have had a gradient.
            guard !old.isEmpty else { return .flags([]) }
            guard let rows, own.count == rows.count else { return nil }
            return .flags(rows.map { $0 >= 0 && Int($0) < old.count && old[Int($0)] })
        case (.integers(let own), .integers(let old)):
            return own.count == old.count ? .integers(old) : nil
        case (.doubles(let own), .doubles(let old)):
            return own.count == old.count ? .doubles(old) : nil
        default: return nil
        }
    }
}
