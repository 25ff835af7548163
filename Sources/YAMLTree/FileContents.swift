#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads files of bounded size that cannot block.
enum FileContents {
    /// - Throws: ``YAMLError/Kind`` for everything but a regular file of at most `maximumBytes`.
    static func read(path: String, maximumBytes: Int) throws(YAMLError.Kind) -> [UInt8] {
        // The system would open the path up to the NUL, which is another file.
        guard !path.utf8.contains(0) else { throw .missingFile }
        // Opening a pipe blocks until somebody writes, unless told not to.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .directory
        default: throw .notARegularFile
        }
        guard status.st_size <= maximumBytes else { throw .tooLarge(maximumBytes: maximumBytes) }

        // The size is only what it was: files grow, and some systems' files claim none.
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes {
                #if canImport(Darwin)
                    Darwin.read(descriptor, $0.baseAddress, $0.count)
                #elseif canImport(Glibc)
                    Glibc.read(descriptor, $0.baseAddress, $0.count)
                #elseif canImport(Musl)
                    Musl.read(descriptor, $0.baseAddress, $0.count)
                #endif
            }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw failure(code)
            }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw .tooLarge(maximumBytes: maximumBytes) }
        }
    }

    private static func failure(_ code: Int32) -> YAMLError.Kind {
        switch code {
        case ENOENT, ENOTDIR: .missingFile
        case EISDIR: .directory
        case EACCES, EPERM: .unreadableFile("permission denied")
        default: .unreadableFile(strerror(code).map { String(cString: $0) } ?? "error \(code)")
        }
    }
}
