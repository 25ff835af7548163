import ResultsFormat
import Retrieval

extension ExperimentSpec {
    /// The files that a run of the spec reads, as far as it says: itself, what it extends, and what
    /// its fields name, files or folders or patterns of them.
    public func inputPaths(catalog: Catalog) -> [String] {
        let json = SpecEncoding.json(.object(resolved))
        let named = SpecEncoding.localMembers(
            of: .object(resolved), as: .object(Self.description), catalog: catalog
        ).filter { !Self.outputs.contains($0) }.compactMap { json[path: $0]?.stringValue }
        return marks.files.sorted() + named
    }

    /// What a run writes and does not read.
    private static let outputs: [JSONPath] = [
        ["evaluate", "per_query"], ["output", "model"], ["checkpoint", "directory"],
    ]
}
