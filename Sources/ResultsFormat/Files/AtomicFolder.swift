import Hashing
import Platform
import Safeguards
import Synchronization

/// A folder that is either wholly there or not at all.
///
/// Its files go into a folder of another name beside it, are flushed to the disk, and then the
/// folder takes the name. Whoever makes one must end it by ``finish()`` or ``discard()``.
package final class AtomicFolder: Sendable {
    /// As the user named it.
    package let path: String
    private let parent: String
    private let draft: String
    private let descriptor: Int32
    private let isOver = Atomic<Bool>(false)

    /// Keeps room for a folder.
    ///
    /// - Parameter isReplaceable: whether a folder that stands there may go; nothing else may.
    /// - Throws: whatever would keep it from being written then, but for a full disk.
    package init(
        _ path: String, isReplaceable: (String) -> Bool
    ) throws(AtomicFileError) {
        var name = path[...]
        while name.count > 1, name.last == "/" { name = name.dropLast() }
        guard !name.isEmpty, !name.utf8.contains(0) else {
            throw AtomicFileError(path: path, reason: .invalidPath)
        }
        self.path = String(name)
        parent = AtomicFile.directory(of: self.path)
        Self.recover(self.path)
        switch FileKind(of: self.path) {
        case nil: break
        case .folder where isReplaceable(self.path): break
        case .folder: throw AtomicFileError(path: path, reason: .isAnotherFolder)
        case .file, .other: throw AtomicFileError(path: path, reason: .isNoFolder)
        }
        _ = try AtomicFile.makeDirectory(parent, for: path)
        (draft, descriptor) = try Self.makeDraft(in: parent, for: path)
    }

    deinit { discard() }

    /// A folder under a name that nobody else uses, held so that nobody sweeps it.
    private static func makeDraft(
        in parent: String, for path: String
    ) throws(AtomicFileError) -> (String, Int32) {
        let (prefix, suffix) = (TemporaryFile.prefix, TemporaryFile.suffix)
        Unfinished.sweep(parent, prefix: prefix, suffix: suffix)
        while true {
            let random = String(UInt64.random(in: .min ... .max), radix: 36)
            let name = "\(parent)/\(prefix)\(random)\(suffix)"
            guard mkdir(name, 0o777) == 0 else {
                if errno == EEXIST { continue }
                throw AtomicFile.failure(errno, "making a folder", path, directory: parent)
            }
            let descriptor = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0, Unfinished.hold(descriptor) else {
                if descriptor >= 0 { close(descriptor) }
                continue
            }
            Unfinished.note(path: name)
            return (name, descriptor)
        }
    }

    /// Writes a file of the folder and flushes it to the disk.
    ///
    /// - Parameter name: relative to the folder; folders on the way are made.
    package func write(
        _ name: String, _ fill: (inout FolderFile) throws(AtomicFileError) -> Void
    ) throws(AtomicFileError) -> FolderFile.Content {
        if let slash = name.lastIndex(of: "/") {
            let folder = draft + "/" + name[..<slash]
            _ = try AtomicFile.makeDirectory(folder, for: path)
        }
        var file = try FolderFile(draft + "/" + name, for: path, in: parent)
        do throws(AtomicFileError) {
            try fill(&file)
            return try file.finish()
        } catch {
            file.abandon()
            throw error
        }
    }

    /// Gives the folder its name. What stood there is gone afterwards.
    package func finish() throws(AtomicFileError) {
        let wasOver = isOver.exchange(true, ordering: .relaxed)
        precondition(!wasOver, "a folder is finished once")
        defer { close(descriptor) }
        try AtomicFile.flush(draft, for: path)
        do throws(AtomicFileError) {
            try takeName()
        } catch {
            Unfinished.remove(draft)
            Unfinished.forget(path: draft)
            throw error
        }
        Unfinished.forget(path: draft)
        try AtomicFile.flush(parent, for: path)
    }

    /// An old folder is moved away first, for no system replaces a folder that holds something: a
    /// reader at that very moment finds none, never half of one. Whoever is killed then leaves the
    /// old one under the name that ``recover(_:)`` knows.
    private func takeName() throws(AtomicFileError) {
        if rename(draft, path) == 0 { return }
        guard [EEXIST, ENOTEMPTY].contains(errno) else { throw failure("renaming") }
        let old = Self.nameOfReplaced(path)
        Unfinished.remove(old)
        guard rename(path, old) == 0 else { throw failure("moving the old folder away") }
        guard rename(draft, path) == 0 else {
            let code = errno
            rename(old, path)
            throw AtomicFile.failure(code, "renaming", path, directory: parent)
        }
        Unfinished.remove(old)
    }

    private static func nameOfReplaced(_ path: String) -> String { path + ".replaced" }

    /// Puts a folder back that a killed process was about to replace.
    package static func recover(_ path: String) {
        guard FileKind(of: path) == nil, FileKind(of: nameOfReplaced(path)) == .folder else {
            return
        }
        rename(nameOfReplaced(path), path)
    }

    private func failure(_ operation: String) -> AtomicFileError {
        AtomicFile.failure(errno, operation, path, directory: parent)
    }

    /// Leaves nothing of it.
    package func discard() {
        guard !isOver.exchange(true, ordering: .relaxed) else { return }
        Unfinished.remove(draft)
        Unfinished.forget(path: draft)
        close(descriptor)
    }
}
