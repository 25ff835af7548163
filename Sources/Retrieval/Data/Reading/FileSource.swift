/// A user's own data: a table of interactions and, joined by id, what is known of users and items.
public struct FileSource: DataSource {
    /// What the results call the source.
    public var name: String
    public var interactions: FileTable
    public var users: FileTable?
    public var items: FileTable?

    public init(
        name: String = "csv", interactions: FileTable, users: FileTable? = nil,
        items: FileTable? = nil
    ) {
        self.name = name
        self.interactions = interactions
        self.users = users
        self.items = items
    }

    init(name: String, _ tables: SourceTables<FileTable>) {
        self.init(
            name: name, interactions: tables.interactions, users: tables.users,
            items: tables.items)
    }

    private var tables: SourceTables<FileTable> { SourceTables(interactions, users, items) }

    public func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        try tables.load(name, in: environment, progress)
    }
}

extension FileSource: SelfChecking {
    public func check() throws(DataError) { try tables.check() }
}

extension FileSource: CatalogComponent {
    static let delimiterField = Field<String?>(
        "delimiter", default: nil,
        "What stands between fields, such as \\t or ::; null: a tab for .tsv and .tab, else a comma.")
    static let headerField = Field<Bool>(
        "header", default: true, "Whether the first line of every file names the columns.")
    static let quoteField = Field<String?>(
        "quote", default: "\"", "The character that quotes fields; null: none does.")
    static let commentField = Field<String?>(
        "comment", default: nil, "Lines that begin with this character are passed over.")
    static let encodingField = Field<TextEncoding>(
        "encoding", default: .utf8, "How bytes are read as characters.")
    static let cacheField = Field<CachePolicy>(
        "cache", default: .auto,
        "Whether the table is kept, so that the next run need not parse its files: auto, from "
            + "16 MiB on; on; off. TFRS_TABLE_CACHE names another folder than the user's cache, "
            + "or is off.")
    static let columnsField = Field<[ColumnDeclaration]>(
        "columns", type: .list(.object(ColumnDeclaration.description), count: .any),
        default: .list([]),
        "Types of columns; a column not listed holds strings. Without a header: all, in order.")
    static let badRowField = Field<BadRowPolicy>(
        "on_bad_row", default: .error,
        "error ends with the row's file, line and column; skip leaves the row out and counts it.")
    static let pathField = Field<String>(
        "path", type: .path, default: nil,
        "A file, or a pattern with *, ? and [...]; gzip is recognised. Relative to the working "
            + "directory.")

    static let tableDescription = ObjectDescription(
        name: "table",
        fields: [
            pathField.description, delimiterField.description, headerField.description,
            quoteField.description, commentField.description, encodingField.description,
            columnsField.description, badRowField.description, cacheField.description,
        ])
    static let tableFields = SourceTableFields(tableDescription, oneInteractionPer: "row")

    public static let entry = ComponentEntry<any DataSource>(
        "csv", summary: "Your own delimited text files.",
        source: "RFC 4180",
        fields: tableFields.descriptions
    ) { values in
        FileSource(name: "csv", tableFields.tables(values, table))
    }

    private static func table(_ values: FieldValues) -> FileTable {
        var options = FileTable.Delimited()
        options.delimiter = values[delimiterField]
        options.hasHeader = values[headerField]
        options.quote = values[quoteField]
        options.comment = values[commentField]
        options.encoding = values[encodingField]
        return FileTable(
            path: values[pathField], format: .delimited(options), columns: values[columnsField],
            badRows: values[badRowField], cache: values[cacheField])
    }
}

/// A user's own data in JSON Lines; as ``FileSource`` but for the format.
public enum JSONLinesSource: CatalogComponent {
    static let tableDescription = ObjectDescription(
        name: "table",
        fields: [
            FileSource.pathField.description, columnsField.description,
            FileSource.badRowField.description, FileSource.cacheField.description,
        ])
    static let columnsField = Field<[ColumnDeclaration]>(
        "columns", type: .list(.object(ColumnDeclaration.description), count: .any),
        default: .list([]),
        "Types of columns; the other members of the first object are read as strings.")
    static let tableFields = SourceTableFields(tableDescription, oneInteractionPer: "line")

    public static let entry = ComponentEntry<any DataSource>(
        "jsonl", summary: "Your own files of JSON Lines.", source: "RFC 8259, one object a line",
        fields: tableFields.descriptions
    ) { values in
        FileSource(name: "jsonl", tableFields.tables(values, table))
    }

    private static func table(_ values: FieldValues) -> FileTable {
        FileTable(
            path: values[FileSource.pathField], format: .jsonLines,
            columns: values[columnsField], badRows: values[FileSource.badRowField],
            cache: values[FileSource.cacheField])
    }
}

/// RecBole's atomic files: `NAME.inter` and, where they are there, `NAME.user` and `NAME.item`.
public struct AtomicFileSource: DataSource {
    /// The path of the files without their endings.
    public var prefix: String
    public var badRows: BadRowPolicy
    public var cache: CachePolicy

    public init(prefix: String, badRows: BadRowPolicy = .error, cache: CachePolicy = .auto) {
        self.prefix = prefix
        self.badRows = badRows
        self.cache = cache
    }

    public func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        let table = { (ending: String) in
            FileTable(path: prefix + ending, format: .atomic, badRows: badRows, cache: cache)
        }
        let optional = { (ending: String) in
            FileSystem.kind(of: environment.resolve(prefix + ending)) == nil ? nil : table(ending)
        }
        return try FileSource(
            name: "recbole", interactions: table(".inter"), users: optional(".user"),
            items: optional(".item")
        ).load(in: environment, progress: progress)
    }
}

extension AtomicFileSource: CatalogComponent {
    static let prefixField = Field<String>(
        "path", type: .path, default: nil,
        "The files without their endings .inter, .user and .item, such as data/ml-1m/ml-1m.")
    static let badRowField = FileSource.badRowField

    public static let entry = ComponentEntry<any DataSource>(
        "recbole", summary: "RecBole's atomic files.",
        source: "Zhao et al., 2021, doi:10.1145/3459637.3482016",
        fields: [
            prefixField.description, badRowField.description, FileSource.cacheField.description,
        ]
    ) { values in
        AtomicFileSource(
            prefix: values[prefixField], badRows: values[badRowField],
            cache: values[FileSource.cacheField])
    }
}
