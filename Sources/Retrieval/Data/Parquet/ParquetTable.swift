import Parquet

/// One table of a data set, in one Parquet file or several.
///
/// A column has the type that the file gives it, unless it is declared otherwise: whole numbers,
/// numbers, moments, strings, lists of strings. What names users and items is read as strings,
/// whatever it is. A null is an empty cell.
public struct ParquetTable: Hashable, Sendable {
    /// A file, or a pattern of the shell's `*`, `?` and `[…]`: all files that match, by name.
    /// Relative to the working directory.
    public var path: String
    /// The columns whose type is to be another than the file's.
    public var columns: [ColumnDeclaration]
    /// What becomes of rows that cannot be read.
    public var badRows: BadRowPolicy
    /// Texts that stand for nothing in every column of texts.
    public var missing: [String]

    public init(
        path: String, columns: [ColumnDeclaration] = [], badRows: BadRowPolicy = .error,
        missing: [String] = []
    ) {
        self.missing = missing
        self.path = path
        self.columns = columns
        self.badRows = badRows
    }
}

extension ParquetTable: SourceTable {
    var location: String { path }

    func check() throws(DataError) { try ColumnDeclaration.check(columns) }

    func read(
        named name: String, for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> FileTable.Outcome {
        try check()
        let collector = RowCollector(policy: badRows, for: request)
        var hashes: [String] = []
        for path in try FileTable(path: path).files(in: environment).flatMap(\.files) {
            progress(.reading(location: path))
            let reader = try ParquetReader(
                file: path, at: environment.resolve(path), table: name, declared: columns,
                missing: missing, into: collector, threads: environment.threads)
            hashes.append(try reader.read(into: collector, progress))
        }
        var outcome = try collector.outcome(named: name, from: path)
        outcome.hashes = hashes
        return outcome
    }
}
