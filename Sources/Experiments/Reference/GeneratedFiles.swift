import ResultsFormat
import Retrieval

/// A file of the repository that is written from the code, so that it cannot say anything else.
public struct GeneratedFile: Sendable {
    /// Relative to the root of the repository.
    public var path: String
    /// The file's text.
    public var contents: String

    /// All of them. `scripts/generate` writes them; a test compares.
    public static func all(for catalog: Catalog) throws -> [GeneratedFile] {
        [
            GeneratedFile(
                path: "Schemas/experiment.schema.json",
                contents: try SpecSchema.document(for: catalog).jsonText(.pretty) + "\n"),
            GeneratedFile(
                path: "Schemas/results.schema.json",
                contents: try ResultsSchema.document.jsonText(.pretty) + "\n"),
            GeneratedFile(
                path: "Schemas/sweep.schema.json",
                contents: try SweepSchema.index.jsonText(.pretty) + "\n"),
            GeneratedFile(
                path: "Schemas/model.schema.json",
                contents: try ModelRecord.schemaDocument.jsonText(.pretty) + "\n"),
            GeneratedFile(path: "Schemas/README.md", contents: ReferencePage.text(for: catalog)),
        ]
    }
}

extension GeneratedFile: CustomStringConvertible {
    public var description: String { path }
}
