/// A user's own data in SQLite; as ``FileSource`` but for where tables are.
public struct SQLiteSource: SelectiveDataSource {
    /// The rows of the interactions.
    public var interactions: SQLiteTable
    /// Rows that tell more of those who ask; nil: none.
    public var users: SQLiteTable?
    /// Rows that tell more of the candidates; nil: none.
    public var items: SQLiteTable?

    public init(
        interactions: SQLiteTable, users: SQLiteTable? = nil, items: SQLiteTable? = nil
    ) {
        self.interactions = interactions
        self.users = users
        self.items = items
    }

    /// How the table of those who ask is joined to the interactions.
    public var usersJoining = Joining()
    /// How the table of the candidates is joined to the interactions.
    public var itemsJoining = Joining()

    private var tables: SourceTables<SQLiteTable> {
        var tables = SourceTables(interactions, users, items)
        tables.usersJoining = usersJoining
        tables.itemsJoining = itemsJoining
        return tables
    }

    public func load(
        for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        try tables.load("sqlite", for: request, in: environment, progress)
    }
}

extension SQLiteSource: SelfChecking {
    public func check() throws(DataError) { try tables.check() }
}

extension SQLiteSource: CatalogComponent {
    static let pathField = Field<String>(
        "path", type: .path, default: nil,
        "The database's file, relative to the working directory.")
    static let tableField = Field<String?>(
        "table", default: nil,
        "A table or a view, in the order of its rowid where it has one; null: a query.")
    static let queryField = Field<String?>(
        "query", default: nil,
        "One SELECT; its ORDER BY decides the order of the rows; null: a table.")
    static let columnsField = Field<[ColumnDeclaration]>(
        "columns", type: .list(.object(ColumnDeclaration.description), count: .any),
        default: .list([]), "Types of columns; a column not listed holds strings.")
    static let badRowField = Field<BadRowPolicy>(
        "on_bad_row", default: .error,
        "error ends with the row's number and column; skip leaves the row out and counts it.")

    static let tableDescription = ObjectDescription(
        name: "table",
        fields: [
            pathField.description, tableField.description, queryField.description,
            FileSource.missingField.description, columnsField.description,
            badRowField.description,
        ])
    static let tableFields = SourceTableFields(tableDescription, oneInteractionPer: "row")

    public static let entry = ComponentEntry<any DataSource>(
        "sqlite",
        summary: "Your own database of SQLite, in a tool that was built with --traits SQLite; read "
            + "anew by every run. NULL is an empty cell.",
        source: "https://www.sqlite.org",
        fields: tableFields.descriptions
    ) { values in
        let tables = try tableFields.tables(values, table)
        var source = SQLiteSource(
            interactions: tables.interactions, users: tables.users, items: tables.items)
        source.usersJoining = tables.usersJoining
        source.itemsJoining = tables.itemsJoining
        return source
    }

    private static func table(_ values: FieldValues) -> SQLiteTable {
        let selection: SQLiteTable.Selection? =
            switch (values[tableField], values[queryField]) {
            case (let table?, nil): .table(table)
            case (nil, let query?): .query(query)
            default: nil
            }
        var table = SQLiteTable(
            path: values[pathField], selection: selection, columns: values[columnsField],
            badRows: values[badRowField])
        table.missing = values[FileSource.missingField]?.texts ?? []
        return table
    }
}
