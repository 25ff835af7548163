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
        var passed = (groups: 0, rows: 0)
        func read(_ path: String, within bounds: ValueBounds?) throws(DataError) -> String {
            progress(.reading(location: path))
            let reader = try ParquetReader(
                file: path, at: environment.resolve(path), table: name, declared: columns,
                missing: missing, into: collector, threads: environment.threads, bounds: bounds)
            passed.groups += reader.passedOver.groups
            passed.rows += reader.passedOver.rows
            return try reader.read(into: collector, progress)
        }
        let paths = try FileTable(path: path).files(in: environment).flatMap(\.files)
        for path in paths { hashes.append(try read(path, within: request.bounds)) }
        if collector.rowCount == 0, passed.rows > 0 {
            // Whoever filters says that nothing is left, and needs the columns for that.
            passed = (0, 0)
            for path in paths { _ = try read(path, within: nil) }
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
