import Parquet

/// One table of a data set, in one Parquet file or several.
///
/// A column has the type that the file gives it, unless it is declared otherwise: whole numbers,
/// numbers, moments, strings, lists of strings. What names users and items is read as strings,
/// whatever it is. A null is an empty cell.
public struct ParquetTable: Hashable, Sendable {
    /// A file, or a pattern of the shell's `*`, `?` and `[…]`: all files that match, by name; or a
    /// folder: all its files. Relative to the working directory.
    public var path: String
    /// The columns whose type is to be another than the file's.
    public var columns: [ColumnDeclaration]
    /// What becomes of rows that cannot be read.
    public var badRows: BadRowPolicy
    /// Texts that stand for nothing in every column of texts.
    public var missing: [String]
    /// The rows of ``path`` train, and these are held out; nil: a split decides.
    public var parts: FileTable.HeldOutFiles?

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
        var files = FileTable(path: path)
        files.parts = parts
        let parts = try files.files(in: environment)
        var collector = RowCollector(policy: badRows, for: request)
        var hashes: [String] = []
        var passed = (groups: 0, rows: 0)
        func read(within bounds: ValueBounds?) throws(DataError) {
            for part in parts {
                for path in part.files {
                    progress(.reading(location: path))
                    let reader = try ParquetReader(
                        file: path, at: environment.resolve(path), table: name, declared: columns,
                        missing: missing, into: collector, threads: environment.threads,
                        bounds: bounds)
                    passed.groups += reader.passedOver.groups
                    passed.rows += reader.passedOver.rows
                    hashes.append(try reader.read(into: collector, progress))
                }
                collector.end(part: part.name)
            }
        }
        try read(within: request.bounds)
        if collector.rowCount == 0, passed.rows > 0 {
            // Whoever filters says that nothing is left, and needs the columns for that.
            (passed, hashes) = ((0, 0), [])
            collector = RowCollector(policy: badRows, for: request)
            try read(within: nil)
        }
        if passed.groups > 0 {
            collector.note(
                "\(passed.groups) row groups of the \(name) (\(passed.rows) rows) were not read: "
                    + "by their statistics, the first filter keeps none of them")
        }
        var outcome = try collector.outcome(named: name, from: path)
        outcome.table = outcome.table.passingOver(passed.rows)
        outcome.hashes = hashes
        return outcome
    }
}
