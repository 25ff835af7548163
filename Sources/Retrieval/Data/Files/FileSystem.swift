import Platform
import Safeguards

/// A file operation that failed: what was tried on what, and the system's words.
package struct FileFailure: Error, Hashable {
    package var path: String
    package var reason: String

    init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// With the words for the current `errno`; call it before anything else can change that.
    init(path: String) {
        self.init(path: path, reason: String(cString: strerror(errno)))
    }
}

/// The few file operations that data needs, with errors that say what the system said.
enum FileSystem {
    /// What stands at the path, links followed; nil where nothing does or it cannot be reached.
    static func kind(of path: String) -> FileKind? { FileKind(of: path) }

    /// The files that match a pattern of the shell's, by the bytes of their names.
    static func matching(_ pattern: String) -> [String] {
        paths(matching: pattern).filter { kind(of: $0) == .file }
    }

    /// What a folder holds, by the bytes of the names, without what begins with a point.
    static func members(of folder: String) -> [String] {
        var literal = ""
        for character in folder {
            if "*?[\\".contains(character) { literal.append("\\") }
            literal.append(character)
        }
        return paths(matching: DataEnvironment.join(literal, "*"))
    }

    private static func paths(matching pattern: String) -> [String] {
        PathPattern.matches(of: pattern)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Bytes of the file at the path; nil where there is none.
    static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int(status.st_size)
    }

    static func regularFile(_ path: String) throws(FileFailure) -> RegularFile {
        do throws(RegularFile.Refusal) {
            return try RegularFile(path: path)
        } catch {
            throw FileFailure(path: path, reason: "\(error)")
        }
    }

    /// The whole file, if it is no larger than `limit` bytes.
    static func contents(of path: String, limit: Int = 1 << 34) throws(FileFailure) -> [UInt8] {
        let file = try regularFile(path)
        let size = Int(file.status.st_size)
        guard size <= limit else {
            throw FileFailure(path: path, reason: "\(size) bytes, more than the limit of \(limit)")
        }
        var failure: FileFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            let count = FileDescriptor.readAll(
                file.descriptor, into: UnsafeMutableRawBufferPointer(buffer.extracting(..<size)),
                at: 0)
            if count < 0 { failure = FileFailure(path: path) }
            filled = max(0, count)
        }
        if let failure { throw failure }
        return bytes
    }

    /// Makes a file of these bytes and waits until they are on the disk, so that a rename that
    /// follows never shows a file without its content.
    static func create(_ path: String, holding bytes: [UInt8]) throws(FileFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFailure(path: path) }
        defer { close(descriptor) }
        var failure: FileFailure?
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count, let base = buffer.baseAddress {
                let count = write(descriptor, base + written, buffer.count - written)
                if count > 0 {
                    written += count
                } else if errno != EINTR {
                    failure = FileFailure(path: path)
                    return
                }
            }
            if fsync(descriptor) != 0 { failure = FileFailure(path: path) }
        }
        if let failure { throw failure }
    }

    /// Makes the folder and those above it; one that is there already is fine.
    static func makeFolder(_ path: String) throws(FileFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            guard kind(of: path) != .folder else { return }
            throw FileFailure(path: path, reason: "the folder cannot be made")
        }
    }

    /// Writes a file, in the place of one that is there: whole or not at all.
    static func makeFile(
        at path: String, _ body: (NewFile) throws -> Void
    ) throws {
        let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        try makeFolder(folder)
        let room = try Workshop(in: folder, prefix: ".draft-")
        defer { room.remove() }
        let draft = DataEnvironment.join(room.path, "file")
        try body(try NewFile(path: draft))
        try move(draft, to: path)
    }

    /// Moves a file or folder within one file system, in one step. A file replaces a file; a folder
    /// is refused where one that is not empty stands.
    static func move(_ source: String, to target: String) throws(FileFailure) {
        guard rename(source, target) == 0 else { throw FileFailure(path: target) }
    }

    /// Removes a file or a folder with all it holds, if it is there.
    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
