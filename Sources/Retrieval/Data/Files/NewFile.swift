import Platform

/// A file that did not exist, while it is written.
final class NewFile {
    private let path: String
    private let descriptor: Int32

    init(path: String) throws(FileFailure) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFailure(path: path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if let code = FileDescriptor.writeAll(descriptor, bytes) {
            throw FileFailure(path: path, reason: String(cString: strerror(code)))
        }
    }
}
