import Experiments
import Platform

/// The file that a path means which leads to none: beside it, with another ending or a name that
/// is hardly another.
enum NearbyFile {
    private static let endings = ["yaml", "yml", "json"]

    /// Says below an error what may have been meant by paths that lead to nothing.
    static func tell(of paths: [String]) {
        for path in paths {
            if let meant = meant(by: path) { StandardError.writeLine("  did you mean \(meant)?") }
        }
    }

    /// - Returns: nil where something is at the path, or nothing near it.
    private static func meant(by path: String) -> String? {
        guard FileKind(of: path) == nil, !path.isEmpty else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.dropLast().map { $0 + "/" }.joined()
        let name = String(parts.last ?? "")
        let entries = try? FileManager.default.contentsOfDirectory(
            atPath: folder.isEmpty ? "." : folder)
        let known = (entries ?? []).filter { entry in endings.contains { entry.hasSuffix("." + $0) }
        }
        .sorted()
        let stem = endings.first { name.hasSuffix("." + $0) }.map { name.dropLast($0.count + 1) }
        let sameStem = endings.map { "\(stem ?? name[...]).\($0)" }.first(where: known.contains)
        return (sameStem ?? Suggestion.closest(to: name, among: known)).map { folder + $0 }
    }
}
