import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// The names of the files of a model whose names are fixed.
enum ModelFileName {
    static let record = "model.json"
    static let parameters = "parameters.safetensors"
    static let training = "training.safetensors"
    static let candidates = "candidates.safetensors"
    static let candidateRows = "candidates.jsonl"
    static let index = "index.safetensors"
    static let queryRows = "queries.jsonl"
    static let seen = "seen.safetensors"
}

/// The folder of a model while it is read.
struct ModelFolder {
    let record: ModelRecord
    private let path: String

    /// Reads `model.json`.
    init(at path: String) throws(ModelError) {
        self.path = path
        switch FileKind(of: path) {
        case nil: throw .noModel(path: path, reason: "there is nothing of that name")
        case .folder: break
        case .file, .other: throw .noModel(path: path, reason: "it is no folder")
        }
        let name = path + "/" + ModelFileName.record
        guard FileKind(of: name) != nil else {
            throw .noModel(path: path, reason: "it has no \(ModelFileName.record)")
        }
        var file = try ModelFile(name)
        let json = try Self.json(try file.rest(), in: name)
        do throws(ResultsDecodingError) {
            record = try ModelRecord(json: json)
        } catch {
            throw .damaged(
                file: name, place: "\(error.path)", required: "what the format says",
                found: "\(error)")
        }
        try check()
    }

    /// What the files of a model may be called: none leads out of its folder.
    private static func isName(_ name: String) -> Bool {
        let allowed: Set = [
            ModelFileName.parameters, ModelFileName.training, ModelFileName.candidates,
            ModelFileName.candidateRows, ModelFileName.queryRows, ModelFileName.seen,
            ModelFileName.index,
        ]
        guard !allowed.contains(name) else { return true }
        let prefix = "vocabularies/"
        return name.hasPrefix(prefix) && name.hasSuffix(".json")
            && name.dropFirst(prefix.count).allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0))
            } && !name.contains("..")
    }

    private func check() throws(ModelError) {
        func damaged(_ place: String, _ required: String, _ found: String) -> ModelError {
            .damaged(
                file: self.path(of: ModelFileName.record), place: place, required: required,
                found: found)
        }
        for name in record.files.map(\.key) where !Self.isName(name) {
            throw damaged("files", "the names of a model's files", "'\(name)'")
        }
        for name in [
            ModelFileName.parameters, ModelFileName.candidates, ModelFileName.candidateRows,
            ModelFileName.queryRows, ModelFileName.seen,
        ] where record.files[name] == nil {
            throw damaged("files", "'\(name)'", "none")
        }
        for name in record.vocabularies.map(\.value) where record.files[name] == nil {
            throw damaged("vocabularies", "one of 'files'", "'\(name)'")
        }
        let columns =
            record.query.columns + record.candidate.columns + (record.history?.columns ?? [])
        for column in columns {
            let isKnown = ["tokens", "token_lists", "integers", "numbers"].contains(column.kind)
            let isTimes =
                column.kind == "times"
                && [1000, 1_000_000, 1_000_000_000].contains(column.ticksPerSecond)
            guard isKnown || isTimes else {
                throw damaged("'\(column.name)'", "a kind of column", "'\(column.kind)'")
            }
        }
        guard record.dimension <= 1 << 20, record.heads <= 1 << 16 else {
            throw damaged("dimension", "a length of embeddings", "\(record.dimension)")
        }
    }

    func path(of name: String) -> String { path + "/" + name }

    static func json(_ bytes: [UInt8], in file: String) throws(ModelError) -> JSONValue {
        do throws(JSONParseError) {
            return try JSONValue(parsing: bytes, limits: JSONLimits(depth: 128, bytes: 1 << 30))
        } catch {
            throw .damaged(file: file, place: "\(error)", required: "JSON", found: "something else")
        }
    }

    /// What one file holds.
    enum Content: Sendable {
        case arrays(NamedArrays)
        case bytes([UInt8])
    }

    /// Reads every file but what only training needs, side by side.
    func read(_ lanes: Lanes) throws(ModelError) -> ModelContents {
        let names = record.files.map(\.key).filter { $0 != ModelFileName.training }
        let results = Guarded<[Int: Result<Content, ModelError>]>([:])
        lanes.forEach(names.count) { index in
            let result = Result { () throws(ModelError) in try read(names[index]) }
            results.withLock { $0[index] = result }
        }
        var contents = ModelContents(path: path)
        for (index, name) in names.enumerated() {
            contents.files[name] = try results.withLock { $0[index] }?.get()
        }
        return contents
    }

    /// Reads a file and compares it with its digest.
    func read(_ name: String) throws(ModelError) -> Content {
        guard let stated = record.files[name] else {
            throw .noModel(path: path, reason: "it has no \(name)")
        }
        var file = try ModelFile(path(of: name))
        guard file.size == stated.bytes else {
            throw file.damaged("the file", "\(stated.bytes) bytes", "\(file.size)")
        }
        let content: Content =
            name.hasSuffix(".safetensors")
            ? .arrays(try ArrayFile.read(&file)) : .bytes(try file.rest())
        try file.check(stated)
        return content
    }
}

/// What the files of a model hold.
struct ModelContents {
    let path: String
    var files: [String: ModelFolder.Content] = [:]

    func arrays(_ name: String) throws(ModelError) -> NamedArrays {
        guard case .arrays(let arrays) = files[name] else {
            throw .noModel(path: path, reason: "it has no \(name)")
        }
        return arrays
    }

    /// The same where it is known to be there.
    func stateArrays(_ name: String) throws(StateError) -> NamedArrays {
        guard case .arrays(let arrays) = files[name] else { throw .missing(name) }
        return arrays
    }

    func bytes(_ name: String) throws(ModelError) -> [UInt8] {
        guard case .bytes(let bytes) = files[name] else {
            throw .noModel(path: path, reason: "it has no \(name)")
        }
        return bytes
    }

    func json(_ name: String) throws(ModelError) -> JSONValue {
        try ModelFolder.json(try bytes(name), in: path + "/" + name)
    }

    /// All matrices of a file.
    func matrices(_ name: String) throws(ModelError) -> [String: Matrix] {
        let arrays = try arrays(name)
        var matrices: [String: Matrix] = [:]
        for name in arrays.names {
            guard case .matrix(let matrix) = arrays[name] else { continue }
            matrices[name] = matrix
        }
        return matrices
    }
}
