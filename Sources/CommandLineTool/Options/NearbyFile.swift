import Experiments
import Platform

/// The file that a path means which leads to none: beside it, with another ending or a name that
/// is hardly another, or in the folder that the path leads to.
enum NearbyFile {
    private static let endings = ["yaml", "yml", "json"]

    /// Says below an error what may have been meant by paths that lead to no file.
    ///
    /// - Parameter areSpecs: whether specs are wanted, which a folder is not.
    static func tell(of paths: [String], areSpecs: Bool = false) {
        for path in paths {
            if let meant = meant(by: path) {
                StandardError.writeLine("  did you mean \(meant)?")
            } else if areSpecs, FileKind(of: path) == .folder {
                StandardError.writeLine("  " + contents(of: path))
            }
        }
    }

    /// Which specs a folder holds, or that it holds none.
    private static func contents(of path: String) -> String {
        let folder = path.hasSuffix("/") ? path : path + "/"
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for ending in endings.prefix(2) {
            let specs = entries.filter { $0.hasSuffix("." + ending) }.sorted()
            guard let first = specs.first else { continue }
            return specs.count == 1
                ? "did you mean \(folder)\(first)?"
                : "it holds \(specs.count) specs: name one, such as \(folder)\(first), or all by "
                    + "\(folder)*.\(ending)"
        }
        if ResultsFolder.files(in: path)?.isEmpty == false {
            return "it holds results: tfrs-run runs \(path) lists them, and tfrs-run report "
                + "\(path) shows them"
        }
        return "it holds no specs (*.yaml)"
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
