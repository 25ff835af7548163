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

    /// The fenced blocks of a language in a page, in order.
    public static func blocks(_ language: String, of text: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0] + "\n"
        }
    }

    /// The README and every page of docs/, by their paths from the root.
    public static let documents: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: file("docs").path)) ?? []
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
    }()
}
