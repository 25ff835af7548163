/// One table of a data set, in a database file of SQLite.
///
/// Rows come in the order of the query; those of a table by rowid, or, where it has none and for a
/// view, as SQLite delivers them. NULL is an empty cell. The database is opened for reading alone;
/// what is being written to it meanwhile is not seen.
public struct SQLiteTable: Hashable, Sendable {
    /// Which rows of the database.
    public enum Selection: Hashable, Sendable {
        /// A table or a view, whole.
        case table(String)
        /// One SELECT.
        case query(String)
    }

    /// The database's file, relative to the working directory.
    public var path: String
    /// Nil where neither or both were given.
    public var selection: Selection?
    /// The columns whose type is to be other than string.
    public var columns: [ColumnDeclaration]
    /// Texts that stand for nothing in every column.
    public var missing: [String] = []
    /// What becomes of rows that cannot be read.
    public var badRows: BadRowPolicy

    public init(
        path: String, selection: Selection?, columns: [ColumnDeclaration] = [],
        badRows: BadRowPolicy = .error
    ) {
        self.path = path
        self.selection = selection
        self.columns = columns
        self.badRows = badRows
    }
}

extension SQLiteTable: SourceTable {
    var location: String { path }

    func check() throws(DataError) {
        guard selection != nil else {
            throw .impossible("a table of a database requires either 'table' or 'query'")
        }
        try ColumnDeclaration.check(columns)
    }

    func read(
        named name: String, for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> FileTable.Outcome {
        try check()
        #if SQLite
            return try SQLiteReader(
                table: self, name: name, request: request, environment: environment
            ).read(progress)
        #else
            throw .impossible(
                "the source sqlite requires a tool that was built with it: install libsqlite3-dev "
                    + "and run 'swift build -c release --traits SQLite'")
        #endif
    }
}
