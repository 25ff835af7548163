import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// What a run had come to at some step: all that it needs to go on to the same bits.
public struct Checkpoint: Sendable {
    /// How far the run had come, and what it had measured.
    public var record: CheckpointRecord
    /// The state of training, and of early stopping.
    public var state: NamedArrays

    public init(record: CheckpointRecord, state: NamedArrays) {
        self.record = record
        self.state = state
    }
}

/// The folder of an experiment's checkpoints, each a folder of its own that is wholly there or not
/// at all.
public struct CheckpointStore: Sendable {
    /// The folder.
    public let directory: String
    /// How many stay.
    public let keep: Int

    private static let (prefix, recordName) = ("checkpoint-", "checkpoint.json")
    private static let stateName = "training.safetensors"

    public init(directory: String, keep: Int) {
        self.directory = directory
        self.keep = keep
    }

    // MARK: Writing

    /// Writes a checkpoint, and lets go of those that are too many.
    ///
    /// - Parameter ranks: those that share the tables of the state: the others help at the
    ///   same time.
    public func write(
        _ checkpoint: Checkpoint, _ ranks: any Communicator = SingleProcess()
    ) throws(AtomicFileError) {
        var isWriting = false
        defer { if !isWriting { _ = ranks.broadcast(false) } }
        let name = Self.name(of: checkpoint.record)
        let folder = try AtomicFolder(directory + "/" + name) { _ in true }
        var record = checkpoint.record
        let content = try folder.write(Self.stateName) { file throws(AtomicFileError) in
            isWriting = ranks.broadcast(true)
            try ArrayFile.write(checkpoint.state, to: &file, ranks)
        }
        record.files[Self.stateName] = ModelRecord.File(
            bytes: content.bytes, sha256: content.sha256)
        _ = try folder.write(Self.recordName) { file throws(AtomicFileError) in
            guard let text = try? record.json.jsonText(.pretty) else {
                preconditionFailure("a run whose figures are not finite ends without a checkpoint")
            }
            try file.append(text + "\n")
        }
        try folder.finish()
        for old in names.dropFirst(keep) { Unfinished.remove(directory + "/" + old) }
    }

    /// Sends what this rank has of a state to the first, which writes it.
    func help(_ state: NamedArrays, _ ranks: any Communicator) {
        if ranks.broadcast(false) { ArrayFile.contribute(state, to: ranks) }
    }

    /// Removes all checkpoints, and the folder where it holds nothing else.
    public func removeAll() {
        for name in names { Unfinished.remove(directory + "/" + name) }
        rmdir(directory)
    }

    /// By progress, in the order of the alphabet.
    private static func name(of record: CheckpointRecord) -> String {
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        }
        return "\(prefix)\(padded(record.epoch))-\(padded(record.step))"
    }

    // MARK: Reading

    /// The names of the checkpoints, the last one first.
    private var names: [String] {
        FolderListing.names(of: directory).filter { $0.hasPrefix(Self.prefix) }
            .sorted(by: >)
    }

    /// Whether there are any.
    public var isEmpty: Bool { names.isEmpty }

    /// The last checkpoint that is whole.
    ///
    /// - Parameters:
    ///   - part: which rows of an array of its state stay, by its name; nil: all of them.
    ///   - warn: told of each that is damaged, whose predecessor then serves.
    /// - Returns: nil where there is none.
    /// - Throws: ``ModelError/unfitting(_:)`` where the last whole one is of another spec, of other
    ///   data or of another program.
    package func last(
        ofSpec specSHA256: String, data fingerprint: String,
        keeping part: (String) -> PartOfRows?, warn: (String) -> Void
    ) throws(ModelError) -> Checkpoint? {
        for name in names {
            do throws(ModelError) {
                let folder = directory + "/" + name
                let record = try Self.record(in: folder)
                try check(record, specSHA256, fingerprint)
                return Checkpoint(
                    record: record, state: try Self.state(record, in: folder, keeping: part))
            } catch {
                if case .unfitting = error { throw error }
                warn("\(error); the checkpoint before it is used, if there is one")
            }
        }
        return nil
    }

    /// The same with all of its state.
    public func last(
        ofSpec specSHA256: String, data fingerprint: String, warn: (String) -> Void
    ) throws(ModelError) -> Checkpoint? {
        try last(ofSpec: specSHA256, data: fingerprint, keeping: { _ in nil }, warn: warn)
    }

    private func check(
        _ record: CheckpointRecord, _ specSHA256: String, _ fingerprint: String
    ) throws(ModelError) {
        let different: String
        if record.specSHA256 != specSHA256 {
            different = "another spec"
        } else if record.dataFingerprint != fingerprint {
            different = "other data"
        } else if record.toolVersion != ToolVersion.current {
            different = "version \(record.toolVersion) of tfrs-run"
        } else {
            return
        }
        throw .unfitting(
            "'\(directory)' holds checkpoints of \(different): name another "
                + "checkpoint.directory, or begin anew by --no-resume")
    }

    private static func record(in folder: String) throws(ModelError) -> CheckpointRecord {
        let path = folder + "/" + recordName
        var file = try ModelFile(path)
        let json = try ModelFolder.json(try file.rest(), in: path)
        do throws(ResultsDecodingError) {
            return try CheckpointRecord(json: json)
        } catch {
            throw .damaged(
                file: path, place: "\(error.path)", required: "what the format says",
                found: "\(error)")
        }
    }

    private static func state(
        _ record: CheckpointRecord, in folder: String, keeping part: (String) -> PartOfRows?
    ) throws(ModelError) -> NamedArrays {
        let path = folder + "/" + stateName
        guard let stated = record.files[stateName] else {
            throw .damaged(
                file: folder + "/" + recordName, place: "files", required: "'\(stateName)'",
                found: "none")
        }
        var file = try ModelFile(path)
        guard file.size == stated.bytes else {
            throw file.damaged("the file", "\(stated.bytes) bytes", "\(file.size)")
        }
        let state = try ArrayFile.read(&file, keeping: part)
        try file.check(stated)
        return state
    }
}

/// What stands in a folder.
enum FolderListing {
    /// Names in no order; none where it cannot be read.
    static func names(of path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }
}
