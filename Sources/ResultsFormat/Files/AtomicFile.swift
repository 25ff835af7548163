#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes files that are either wholly there or not at all.
///
/// The content goes to a temporary file in the same folder, which is flushed to the disk and then
/// takes the file's name. A reader sees the old content or the new, never a part; of several
/// writers the last to finish wins. Permissions follow the umask (0644 as a rule).
public enum AtomicFile {
    /// Replaces or creates a file. A symbolic link stays, and what it points to is replaced.
    ///
    /// - Parameters:
    ///   - createDirectories: whether to make missing folders on the way.
    /// - Throws: ``AtomicFileError``. The old file is then untouched and no temporary is left, but
    ///   for one case: if the disk fails while the folder is flushed, the new file is in place.
    public static func write(
        _ bytes: [UInt8], to path: String, createDirectories: Bool = false
    ) throws(AtomicFileError) {
        try replace(path, createDirectories: createDirectories) {
            file throws(AtomicFileError) in
            try file.append(bytes)
        }
    }

    /// The same with the content given piece by piece; if `fill` throws, the old file stays.
    package static func replace(
        _ path: String,
        createDirectories: Bool = false,
        fill: (inout TemporaryFile) throws(AtomicFileError) -> Void
    ) throws(AtomicFileError) {
        let target = try resolved(path)
        let directory = self.directory(of: target)
        if createDirectories { try makeDirectory(directory, for: path) }
        var file = try TemporaryFile(in: directory, for: path)
        do throws(AtomicFileError) {
            try fill(&file)
            try file.moveInPlace(target)
        } catch {
            file.discard()
            throw error
        }
        try flush(directory, for: path)
    }

    /// The path with a symbolic link at its end followed; throws if no file can stand there.
    private static func resolved(_ path: String) throws(AtomicFileError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw AtomicFileError(path: path, reason: .invalidPath)
        }
        guard path.utf8.last != UInt8(ascii: "/") else {
            throw AtomicFileError(path: path, reason: .isDirectory)
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return path }
        var target = path
        if status.st_mode & S_IFMT == S_IFLNK {
            guard let real = realpath(path, nil) else {
                throw failure(errno, "following the symbolic link", path, directory: path)
            }
            target = String(cString: real)
            free(real)
            guard stat(target, &status) == 0 else { return target }
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return target
        case S_IFDIR: throw AtomicFileError(path: path, reason: .isDirectory)
        default: throw AtomicFileError(path: path, reason: .notARegularFile)
        }
    }

    /// The folder part of a path that does not end in a slash.
    private static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func makeDirectory(
        _ directory: String, for path: String
    ) throws(AtomicFileError) {
        if isDirectory(directory) || mkdir(directory, 0o777) == 0 { return }
        var code = errno
        if code == ENOENT {
            let parent = self.directory(of: directory)
            if parent != directory { try makeDirectory(parent, for: path) }
            if mkdir(directory, 0o777) == 0 { return }
            code = errno
        }
        // Another process may have made it in the meantime.
        if code == EEXIST, isDirectory(directory) { return }
        throw failure(
            code == EEXIST ? ENOTDIR : code, "making a folder", path, directory: directory)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the new name survive a power cut, where the file system can.
    private static func flush(_ directory: String, for path: String) throws(AtomicFileError) {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        // A folder may be writable and not readable: then there is nothing to flush it by.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        while fsync(descriptor) != 0 {
            let code = errno
            switch code {
            case EINTR: continue
            case EINVAL, ENOTSUP, EBADF, EROFS: return  // Not every file system flushes folders.
            default: throw failure(code, "flushing the folder", path, directory: directory)
            }
        }
    }

    /// The error for a code of the system.
    static func failure(
        _ code: Int32, _ operation: String, _ path: String, directory: String
    ) -> AtomicFileError {
        let reason: AtomicFileError.Reason =
            switch code {
            case ENOENT: .missingDirectory(directory)
            case ENOTDIR: .notADirectory(directory)
            case EISDIR: .isDirectory
            case EACCES, EPERM: .noPermission(directory)
            case EROFS: .readOnlyFileSystem
            case ENOSPC, EDQUOT: .noSpace
            default: .system(operation: operation, message: String(cString: strerror(code)))
            }
        return AtomicFileError(path: path, reason: reason)
    }
}
