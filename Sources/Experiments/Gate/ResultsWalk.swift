import Platform
import ResultsFormat

/// Which files of a folder are results, each found once: links may lead round in circles.
struct ResultsWalk {
    private var seen: Set<FilePlace> = []
    private var foldersWithResults: Set<FilePlace> = []

    /// Takes note of a file or folder; false where it was noted before.
    mutating func enter(_ path: String) -> Bool { seen.insert(FilePlace(path)).inserted }

    /// Whether results were found in a folder by another way.
    func knows(_ folder: String) -> Bool { foldersWithResults.contains(FilePlace(folder)) }

    /// The indexes of a sweep where there are any, else all JSON files; those of the folders below
    /// likewise. In the order of their names. The schema that `init` writes beside a spec, what
    /// saved models are made of, and folders whose names begin with a point, as those of tools do,
    /// are passed over.
    mutating func results(in folder: String) -> [String] {
        guard enter(folder) else { return [] }
        let found = unseen(in: folder)
        if !found.isEmpty { foldersWithResults.insert(FilePlace(folder)) }
        return found
    }

    private mutating func unseen(in folder: String) -> [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let ofModels = [ModelFileName.record, ModelFileName.parameters]
        if ofModels.allSatisfy(names.contains) { return [] }
        let files = names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }
        if files.contains(SweepIndex.fileName) { return [folder + "/" + SweepIndex.fileName] }
        let indexes = files.filter { $0.hasPrefix("sweep-") }
        if !indexes.isEmpty { return indexes.map { folder + "/" + $0 } }
        let paths = names.filter { !$0.hasPrefix(".") }.map { folder + "/" + $0 }
        let own = files.map { folder + "/" + $0 }.filter { !Self.isFolder($0) }
        return own + paths.filter(Self.isFolder).flatMap { results(in: $0) }
    }

    static func isFolder(_ path: String) -> Bool { FileKind(of: path) == .folder }

    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

/// The results in a folder.
public enum ResultsFolder {
    /// The indexes of sweeps where there are any, else all JSON files, those of the folders below
    /// likewise; nil for what is no folder.
    public static func files(in path: String) -> [String]? {
        guard ResultsWalk.isFolder(path) else { return nil }
        var walk = ResultsWalk()
        return walk.results(in: path)
    }
}
