import ResultsFormat
import Retrieval

extension ExperimentSpec {
    /// The files that a run of the spec reads, as far as it says: itself, what it extends, and what
    /// its fields name, files or folders or patterns of them.
    public func inputPaths(catalog: Catalog) -> [String] {
        let json = SpecEncoding.json(.object(resolved))
        let named = SpecEncoding.localMembers(
            of: .object(resolved), as: .object(Self.description), catalog: catalog
        ).filter { $0 != ["evaluate", "per_query"] }.compactMap { json[path: $0]?.stringValue }
        return marks.files.sorted() + named
    }
}
