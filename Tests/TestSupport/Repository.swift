import Foundation

/// The checkout that the tests were built from.
public enum Repository {
    /// Its root.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A file or folder, by its path from the root.
    public static func file(_ path: String) -> URL { root.appending(path: path) }

    public static func text(of path: String) throws -> String {
        try String(contentsOf: file(path), encoding: .utf8)
    }
}
