import Hashing
import Platform
import Safeguards

/// A file of an ``AtomicFolder`` while it is written.
package struct FolderFile {
    /// What was written: enough to know it again.
    package struct Content: Hashable, Sendable {
        package var bytes: Int
        package var sha256: String
    }

    private let path: String
    private let directory: String
    private let descriptor: Int32
    private var hash = SHA256()
    private var count = 0
    private var pending: [UInt8] = []

    /// Bytes that are gathered before they are written.
    private static let capacity = 1 << 20
    /// Bytes that go to the system at once, which may then bring them to the disk.
    private static let piece = 4 << 20
    /// From so many bytes on, another thread hashes them while this one writes.
    private static let worthAThread = 16 << 20

    init(_ file: String, for path: String, in directory: String) throws(AtomicFileError) {
        self.path = path
        self.directory = directory
        descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw AtomicFile.failure(errno, "creating a file", path, directory: directory)
        }
    }

    /// Appends bytes.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(AtomicFileError) {
        if bytes.count < Self.capacity {
            pending.append(contentsOf: bytes)
            if pending.count >= Self.capacity { try flush() }
            return
        }
        try flush()
        guard bytes.count >= Self.worthAThread else {
            hash.update(bytes)
            return try put(bytes)
        }
        let hashing = HashingBeside(hash, bytes)
        defer { hash = hashing.finish() }
        try put(bytes)
    }

    /// Appends a text in UTF-8.
    package mutating func append(_ text: String) throws(AtomicFileError) {
        pending.append(contentsOf: text.utf8)
        if pending.count >= Self.capacity { try flush() }
    }

    private mutating func flush() throws(AtomicFileError) {
        guard !pending.isEmpty else { return }
        let bytes = pending
        pending.removeAll(keepingCapacity: true)
        var failed: AtomicFileError?
        bytes.withUnsafeBytes { bytes in
            hash.update(bytes)
            do throws(AtomicFileError) { try put(bytes) } catch { failed = error }
        }
        if let failed { throw failed }
    }

    /// Writes bytes. What is written is on its way to the disk while the rest follows, so that the
    /// end has little to wait for.
    private mutating func put(_ bytes: UnsafeRawBufferPointer) throws(AtomicFileError) {
        for start in stride(from: 0, to: bytes.count, by: Self.piece) {
            let piece = UnsafeRawBufferPointer(
                rebasing: bytes[start..<min(start + Self.piece, bytes.count)])
            if let failed = FileDescriptor.writeAll(descriptor, piece) {
                throw AtomicFile.failure(failed, "writing", path, directory: directory)
            }
            FileDescriptor.beginFlush(descriptor, from: count, count: piece.count)
            count += piece.count
        }
    }

    mutating func finish() throws(AtomicFileError) -> Content {
        try flush()
        while fsync(descriptor) != 0 {
            let code = errno
            if code == EINVAL || code == ENOTSUP { break }  // A file system that cannot flush.
            if code != EINTR {
                throw AtomicFile.failure(code, "flushing", path, directory: directory)
            }
        }
        close(descriptor)
        return Content(bytes: count, sha256: hash.hexadecimal())
    }

    func abandon() { close(descriptor) }
}

/// A hash that takes bytes in on a thread of its own.
private struct HashingBeside {
    private let hash: Guarded<SHA256>
    private let job: BackgroundJob

    /// Begins. The bytes have to stay until ``finish()`` has returned.
    init(_ hash: SHA256, _ bytes: UnsafeRawBufferPointer) {
        let hash = Guarded(hash)
        nonisolated(unsafe) let bytes = bytes
        self.hash = hash
        job = BackgroundJob { hash.withLock { $0.update(bytes) } }
    }

    /// Waits for it.
    func finish() -> SHA256 {
        job.wait()
        return hash.withLock { $0 }
    }
}
