/// Why a file could not be written.
public struct AtomicFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What stood in the way.
    public enum Reason: Hashable, Sendable {
        /// The path names no file: it is empty or holds a NUL.
        case invalidPath
        /// The folder that the file belongs into does not exist.
        case missingDirectory(String)
        /// Something on the way to the file is no folder.
        case notADirectory(String)
        /// A folder stands where the file belongs.
        case isDirectory
        /// A device, pipe or socket stands where the file belongs.
        case notARegularFile
        /// A folder is to be written, and what stands there is none.
        case isNoFolder
        /// A folder is to be written, and another stands there that was not made by this program.
        case isAnotherFolder
        /// The folder does not let this user write.
        case noPermission(String)
        /// The file system is mounted read-only.
        case readOnlyFileSystem
        /// The file system is full, or the user's share of it.
        case noSpace
        /// Any other refusal, by the operation and the system's words for it.
        case system(operation: String, message: String)
    }

    /// The file, as the caller named it.
    public let path: String
    /// What stood in the way.
    public let reason: Reason

    package init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "cannot write '\(path)': \(reason)" }
}

extension AtomicFileError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidPath: "the path names no file"
        case .missingDirectory(let directory): "the folder '\(directory)' does not exist"
        case .notADirectory(let directory): "'\(directory)' is not a folder"
        case .isDirectory: "a folder stands there"
        case .notARegularFile: "what stands there is not a regular file"
        case .isNoFolder: "what stands there is not a folder"
        case .isAnotherFolder:
            "a folder stands there that holds something else, which is not replaced"
        case .noPermission(let directory): "no permission to write in '\(directory)'"
        case .readOnlyFileSystem: "the file system is read-only"
        case .noSpace: "no space is left"
        case .system(let operation, let message): "\(operation) failed: \(message)"
        }
    }
}
