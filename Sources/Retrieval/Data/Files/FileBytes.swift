import Hashing
import Platform
import Safeguards

/// What tells whether a file is still the one that was read: a write changes the time of its
/// change, which no program can set back.
struct FileIdentity: Hashable, Codable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    /// Nanoseconds since 1970 of the last write.
    var modified: Int64
    /// Nanoseconds since 1970 of the last change of content, name or rights.
    var changed: Int64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        #if canImport(Darwin)
            let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        self.modified = Int64(modified.tv_sec) * 1_000_000_000 + Int64(modified.tv_nsec)
        self.changed = Int64(changed.tv_sec) * 1_000_000_000 + Int64(changed.tv_nsec)
    }

    /// That of the file at a path; nil where there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}

/// A file that is read from beginning to end, a part at a time.
final class FileBytes {
    let path: String
    /// As it was when it was opened.
    let identity: FileIdentity
    /// When it was opened, in nanoseconds since 1970.
    let opened: Int64
    /// Bytes read so far.
    private(set) var consumed = 0
    private let file: RegularFile
    private var hash: SHA256?

    /// - Parameter hashes: whether the bytes are hashed on the way.
    init(path: String, hashes: Bool = false) throws(FileFailure) {
        self.path = path
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        opened = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
        file = try FileSystem.regularFile(path)
        identity = FileIdentity(file.status)
        hash = hashes ? SHA256() : nil
    }

    /// Fills the buffer as far as there are bytes, and answers how many; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
        let filled = FileDescriptor.readAll(file.descriptor, into: buffer, at: consumed)
        guard filled >= 0 else { throw FileFailure(path: path) }
        consumed += filled
        hash?.update(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        return filled
    }

    /// SHA-256 of what was read; nil where it was not asked for.
    var sha256: String? { hash?.hexadecimal() }

    /// Whether the file is as it was when it was opened.
    var isUnchanged: Bool {
        var status = stat()
        return fstat(file.descriptor, &status) == 0 && FileIdentity(status) == identity
    }
}
