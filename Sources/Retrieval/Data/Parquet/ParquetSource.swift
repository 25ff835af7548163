/// A user's own data in Parquet; as ``FileSource`` but for the format.
public struct ParquetSource: SelectiveDataSource {
    /// Who met what, one interaction a row.
    public var interactions: ParquetTable
    /// What is known of who asks; nil: nothing.
    public var users: ParquetTable?
    /// What is known of the candidates; nil: nothing.
    public var items: ParquetTable?

    public init(
        interactions: ParquetTable, users: ParquetTable? = nil, items: ParquetTable? = nil
    ) {
        self.interactions = interactions
        self.users = users
        self.items = items
    }

    /// How the table of those who ask is joined to the interactions.
    public var usersJoining = Joining()
    /// How the table of the candidates is joined to the interactions.
    public var itemsJoining = Joining()

    private var tables: SourceTables<ParquetTable> {
        var tables = SourceTables(interactions, users, items)
        tables.usersJoining = usersJoining
        tables.itemsJoining = itemsJoining
        return tables
    }

    public func load(
        for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        try tables.load("parquet", for: request, in: environment, progress)
    }
}

extension ParquetSource: SelfChecking {
    public func check() throws(DataError) { try tables.check() }
}

extension ParquetSource: CatalogComponent {
    static let columnsField = Field<[ColumnDeclaration]>(
        "columns", type: .list(.object(ColumnDeclaration.description), count: .any),
        default: .list([]),
        "Columns whose type is to be another than the file's: an integer that is a moment, say. "
            + "Ids are strings, whatever they are in the file.")

    static let tableDescription = ObjectDescription(
        name: "table",
        fields: [
            FileSource.pathField.description, columnsField.description,
            FileSource.missingField.description, FileSource.badRowField.description,
        ])
    static let tableFields = SourceTableFields(
        tableDescription, parts: FileSource.partFields, oneInteractionPer: "row")

    public static let entry = ComponentEntry<any DataSource>(
        "parquet",
        summary: "Your own Parquet files, as pandas, Polars, DuckDB, Spark and pyarrow write them; "
            + "a null is an empty cell.",
        source: "https://parquet.apache.org/docs/file-format",
        fields: tableFields.descriptions
    ) { values in
        let tables = try tableFields.tables(values, table)
        var source = ParquetSource(
            interactions: tables.interactions, users: tables.users, items: tables.items)
        source.usersJoining = tables.usersJoining
        source.itemsJoining = tables.itemsJoining
        return source
    }

    private static func table(_ values: FieldValues) throws(DataError) -> ParquetTable {
        var table = ParquetTable(
            path: values[FileSource.pathField], columns: values[columnsField],
            badRows: values[FileSource.badRowField],
            missing: values[FileSource.missingField]?.texts ?? [])
        table.parts = try FileTable.HeldOutFiles(values)
        return table
    }
}
