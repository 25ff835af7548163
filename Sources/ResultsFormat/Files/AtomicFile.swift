import Platform
import Safeguards

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
        var place = try Place(path, createDirectories: createDirectories)
        try place.finish(fill)
    }

    /// A file on its way to its name: all that can be known to stand in the way has been tried.
    struct Place {
        private let path: String
        private let target: String
        private let directory: String
        private var file: TemporaryFile
        /// The folders that were made for it, the outer ones first.
        private var made: [String] = []

        init(_ path: String, createDirectories: Bool) throws(AtomicFileError) {
            self.path = path
            target = try resolved(path)
            directory = AtomicFile.directory(of: target)
            if createDirectories { made = try makeDirectory(directory, for: path) }
            do throws(AtomicFileError) {
                file = try TemporaryFile(in: directory, for: path)
            } catch {
                Self.remove(made)
                throw error
            }
        }

        private static func remove(_ folders: [String]) {
            for folder in folders.reversed() { rmdir(folder) }
        }

        /// Fills the file and gives it its name; where that fails, the old file stays.
        ///
        /// - Parameter name: its name in the same folder, where that is another than at first.
        mutating func finish(
            as name: String? = nil, _ fill: (inout TemporaryFile) throws(AtomicFileError) -> Void
        ) throws(AtomicFileError) {
            do throws(AtomicFileError) {
                try fill(&file)
                try file.moveInPlace(name.map { directory + "/" + $0 } ?? target)
            } catch {
                discard()
                throw error
            }
            try flush(directory, for: path)
        }

        /// Leaves nothing of the file, nor of folders that were made for it and hold nothing else.
        mutating func discard() {
            file.discard()
            Self.remove(made)
        }
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
        guard lstat(path, &status) == 0 else {
            let code = errno
            // What is not there yet can be made; a name that is too long cannot.
            guard [ENOENT, ENOTDIR].contains(code) else {
                throw failure(code, "looking for the file", path, directory: directory(of: path))
            }
            try checkName(of: path)
            return path
        }
        var target = path
        if status.st_mode & S_IFMT == S_IFLNK {
            // One that came with a spec of a stranger is replaced: it may lead anywhere.
            if Confinement.isOn {
                try checkName(of: path)
                return path
            }
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

    /// The system tells of a name that is too long only where its folder is there.
    private static func checkName(of path: String) throws(AtomicFileError) {
        let folder = directory(of: path)
        let most = pathconf(isDirectory(folder) ? folder : "/", Int32(_PC_NAME_MAX))
        guard most > 0, lastName(of: path).utf8.count > most else { return }
        throw failure(ENAMETOOLONG, "naming the file", path, directory: folder)
    }

    private static func lastName(of path: String) -> String {
        String(
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] }
                ?? path[...])
    }

    /// The folder part of a path that does not end in a slash.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// - Returns: the folders that it made, the outer ones first.
    static func makeDirectory(
        _ directory: String, for path: String
    ) throws(AtomicFileError) -> [String] {
        if isDirectory(directory) { return [] }
        if mkdir(directory, 0o777) == 0 { return [directory] }
        var made: [String] = []
        var code = errno
        if code == ENOENT {
            let parent = self.directory(of: directory)
            if parent != directory { made = try makeDirectory(parent, for: path) }
            if mkdir(directory, 0o777) == 0 { return made + [directory] }
            code = errno
        }
        // Another process may have made it in the meantime.
        if code == EEXIST, isDirectory(directory) { return made }
        throw failure(
            code == EEXIST ? ENOTDIR : code, "making a folder", path, directory: directory)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the new name survive a power cut, where the file system can.
    static func flush(_ directory: String, for path: String) throws(AtomicFileError) {
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
