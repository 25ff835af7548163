import Foundation
import Glibc
import Retrieval

/// The files of an input, in memory where the system has a place for that.
enum Scratch {
    private static let folder: String = {
        let memory = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        let folder = "\(parent)/tfrs-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
        mkdir(folder, 0o700)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.folder) }
        return folder
    }()

    static var environment: DataEnvironment {
        DataEnvironment(workingDirectory: folder, variables: [:], allowsDownloads: false)
    }

    /// A database without tables: an empty file is one.
    static let database = write([], "empty.sqlite")

    static func write(_ bytes: [UInt8], _ name: String) -> String {
        let path = folder + "/" + name
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        precondition(file >= 0, "\(path) cannot be written")
        precondition(Glibc.write(file, bytes, bytes.count) == bytes.count, "\(path) is cut short")
        close(file)
        return path
    }
}
