/// Takes the parts from the files in which the source has them: `test_path` of `csv`, `jsonl` and
/// `parquet`, `benchmark_filename` of `recbole`.
public enum SplitFiles {
    /// What the source calls the column of parts.
    static let column = "split"

    public static let entry = ComponentEntry<any Splitter>(
        "files",
        summary: "Parts given as files: test_path of the source, or recbole's benchmark_filename.",
        source: "RecBole's benchmark_filename", fields: []
    ) { _ in Given() }

    private struct Given: Splitter {
        func split(
            _ interactions: Table, in context: InteractionContext
        ) throws(DataError) -> DataSplit {
            guard case .tokens(let parts)? = interactions[SplitFiles.column] else {
                throw .impossible(
                    "parts given as files require 'test_path' beside the 'path' of the "
                        + "interactions, or 'benchmark_filename' of recbole")
            }
            let hasValidation = parts.dictionary.contains("validation")
            return try ColumnSplit(
                column: SplitFiles.column, validation: hasValidation ? "validation" : nil
            ).split(interactions, in: context)
        }
    }
}
