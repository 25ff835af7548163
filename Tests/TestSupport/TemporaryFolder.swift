import Foundation

/// A folder of a test's own. It goes, with all it holds, when the test lets go of it.
public final class TemporaryFolder: Sendable {
    /// Absolute, without a slash at its end.
    public let path: String

    public init() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tfrs-test-\(UUID())"
        path = folder.replacing("//", with: "/")
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, with the folders above it, and answers its absolute path.
    @discardableResult
    public func write(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
        let file = URL(filePath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return path + "/" + name
    }

    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try write(name, text.utf8)
    }

    /// The text of the file at a path, in this folder or elsewhere.
    public static func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    /// The names of what is in it, sorted.
    public var names: [String] { names(in: "") }

    /// The names of what is in a folder below it, sorted.
    public func names(in folder: String) -> [String] {
        let path = path + "/" + folder
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
}

/// Calls `body` with the path of a new folder that is there for that time.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try body(folder.path) }
}
