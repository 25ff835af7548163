import Platform
import Safeguards

/// The file that takes the new content before it takes the name. Whoever makes one must end it by
/// ``moveInPlace(_:)`` or ``discard()``.
package struct TemporaryFile {
    private let directory: String
    /// The file that the user asked for, for messages.
    private let path: String
    private let name: String
    private var descriptor: Int32

    /// Creates an empty file under a name that nobody else uses.
    init(in directory: String, for path: String) throws(AtomicFileError) {
        self.directory = directory
        self.path = path
        // What runs left that were killed.
        Unfinished.sweep(directory, prefix: Self.prefix, suffix: Self.suffix)
        while true {
            // A name of its own, for the target's name plus anything may be too long.
            let random = String(UInt64.random(in: .min ... .max), radix: 36)
            let name = "\(directory)/\(Self.prefix)\(random)\(Self.suffix)"
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 {
                guard Unfinished.hold(descriptor) else {
                    close(descriptor)
                    continue
                }
                Unfinished.note(path: name)
                self.name = name
                self.descriptor = descriptor
                return
            }
            let code = errno
            if code != EEXIST, code != EINTR {
                throw AtomicFile.failure(
                    code, "creating a temporary file", path, directory: directory)
            }
        }
    }

    static let (prefix, suffix) = (".tfrs-", ".tmp")

    /// Writes bytes at the end, all of them.
    package mutating func append(_ bytes: [UInt8]) throws(AtomicFileError) {
        let failed = bytes.withUnsafeBytes { FileDescriptor.writeAll(descriptor, $0) }
        if let failed { throw failure(failed, "writing") }
    }

    /// Writes bytes at the end, all of them.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(AtomicFileError) {
        if let failed = FileDescriptor.writeAll(descriptor, bytes) {
            throw failure(failed, "writing")
        }
    }

    /// Flushes the content to the disk and gives the file its name.
    mutating func moveInPlace(_ target: String) throws(AtomicFileError) {
        while fsync(descriptor) != 0 {
            let code = errno
            if code == EINVAL || code == ENOTSUP { break }  // A file system that cannot flush.
            if code != EINTR { throw failure(code, "flushing") }
        }
        // It is held until it has its name: what is held by nobody may be swept.
        guard rename(name, target) == 0 else { throw failure(errno, "renaming") }
        Unfinished.forget(path: name)
        let closing = close(descriptor)
        let code = errno
        descriptor = -1
        // After EINTR the descriptor is gone all the same, and the content is on the disk.
        if closing != 0, code != EINTR { throw failure(code, "closing") }
    }

    /// Removes the file.
    mutating func discard() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        unlink(name)
        Unfinished.forget(path: name)
    }

    private func failure(_ code: Int32, _ operation: String) -> AtomicFileError {
        AtomicFile.failure(code, operation, path, directory: directory)
    }
}
