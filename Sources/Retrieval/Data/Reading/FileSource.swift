import Platform

/// A user's own data: a table of interactions and, joined by id, what is known of users and items.
public struct FileSource: SelectiveDataSource {
    /// What the results call the source.
    public var name: String
    /// The file of the interactions.
    public var interactions: FileTable
    /// A file that tells more of those who ask; nil: none.
    public var users: FileTable?
    /// A file that tells more of the candidates; nil: none.
    public var items: FileTable?
    /// How the table of those who ask is joined to the interactions.
    public var usersJoining = Joining()
    /// How the table of the candidates is joined to the interactions.
    public var itemsJoining = Joining()

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
        usersJoining = tables.usersJoining
        itemsJoining = tables.itemsJoining
    }

    private var tables: SourceTables<FileTable> {
        var tables = SourceTables(interactions, users, items)
        tables.usersJoining = usersJoining
        tables.itemsJoining = itemsJoining
        return tables
    }

    public func load(
        for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        try tables.load(name, for: request, in: environment, progress)
    }
}

extension FileSource: SelfChecking {
    public func check() throws(DataError) { try tables.check() }
}

extension FileSource: CatalogComponent {
    static let delimiterField = Field<String?>(
        "delimiter", default: nil,
        "What stands between fields, such as \\t or ::; null: a tab for .tsv and .tab, else a comma."
    )
    static let headerField = Field<Bool>(
        "header", default: true, "Whether the first line of every file names the columns.")
    static let quoteField = Field<String?>(
        "quote", default: "\"", "The character that quotes fields; null: none does.")
    static let commentField = Field<String?>(
        "comment", default: nil, "Lines that begin with this character are passed over.")
    static let escapeField = Field<String?>(
        "escape", default: nil,
        "The character that makes the next one text, such as a backslash; null: none does."
    ).alsoKnown(as: "escapechar")
    static let decimalField = Field<String>(
        "decimal", default: ".", "What stands before the decimals of a number, such as a comma.")
    static let encodingField = Field<TextEncoding>(
        "encoding", default: .utf8,
        "How bytes are read as characters; UTF-16 is known by its byte order mark.")
    static let missingField = Field<MissingChoice?>(
        "missing", type: MissingChoice.textsType, default: .list([]),
        "Texts that stand for nothing in every column, such as [NA, null], beside the empty cell."
    ).alsoKnown(as: "na_values", "null_values")
    static let rejectsField = Field<String?>(
        "rejects", type: .optional(.path), default: .null,
        "A file for the rows that 'on_bad_row: skip' leaves out, with place and reason; null: they "
            + "are counted alone.")
    static let testPathField = Field<String?>(
        "test_path", type: .optional(.path), default: .null,
        "A file, or a pattern, of the test interactions, for 'split: files': those of 'path' then "
            + "train; null: there is none.")
    static let validationPathField = Field<String?>(
        "validation_path", type: .optional(.path), default: .null,
        "The same of the validation interactions; null: there are none.")
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
        "A file, a folder of files that are one table, or a pattern with *, ? and [...]; gzip is "
            + "recognised. Relative to the working directory.")

    static let tableDescription = ObjectDescription(
        name: "table",
        fields: [
            pathField.description, delimiterField.description, headerField.description,
            quoteField.description, escapeField.description, commentField.description,
            encodingField.description, decimalField.description, missingField.description,
            columnsField.description, badRowField.description, rejectsField.description,
            cacheField.description,
        ])
    static let partFields = [validationPathField.description, testPathField.description]
    static let tableFields = SourceTableFields(
        tableDescription, parts: partFields, oneInteractionPer: "row")

    public static let entry = ComponentEntry<any DataSource>(
        "csv", summary: "Your own delimited text files.",
        source: "RFC 4180",
        fields: tableFields.descriptions
    ) { values in
        FileSource(name: "csv", try tableFields.tables(values, table))
    }

    private static func table(_ values: FieldValues) throws(DataError) -> FileTable {
        var options = FileTable.Delimited()
        options.delimiter = values[delimiterField]
        options.hasHeader = values[headerField]
        options.quote = values[quoteField]
        options.comment = values[commentField]
        options.encoding = values[encodingField]
        options.escape = values[escapeField]
        options.decimal = values[decimalField]
        return try table(values, .delimited(options))
    }

    /// A table by the fields that all formats have.
    static func table(
        _ values: FieldValues, _ format: FileTable.Format
    ) throws(DataError) -> FileTable {
        var table = FileTable(
            path: values[pathField], format: format, columns: values[columnsField],
            badRows: values[badRowField], cache: values[cacheField])
        table.missing = values[missingField]?.texts ?? []
        table.rejects = values[rejectsField]
        table.parts = try FileTable.HeldOutFiles(values)
        return table
    }
}

extension FileTable.HeldOutFiles {
    /// Nil where the spec names none.
    init?(_ values: FieldValues) throws(DataError) {
        let validation = values[FileSource.validationPathField]
        guard let test = values[FileSource.testPathField] else {
            guard validation == nil else {
                throw .impossible("'validation_path' requires a 'test_path' beside it")
            }
            return nil
        }
        self.init(validation: validation, test: test)
    }
}

/// A user's own data in JSON Lines; as ``FileSource`` but for the format.
public enum JSONLinesSource: CatalogComponent {
    static let tableDescription = ObjectDescription(
        name: "table",
        fields: [
            FileSource.pathField.description, FileSource.missingField.description,
            columnsField.description, FileSource.badRowField.description,
            FileSource.rejectsField.description, FileSource.cacheField.description,
        ])
    static let columnsField = Field<[ColumnDeclaration]>(
        "columns", type: .list(.object(ColumnDeclaration.description), count: .any),
        default: .list([]),
        "Types of columns; the other members of the first object are read as strings.")
    static let tableFields = SourceTableFields(
        tableDescription, parts: FileSource.partFields, oneInteractionPer: "line")

    public static let entry = ComponentEntry<any DataSource>(
        "jsonl", summary: "Your own files of JSON Lines.", source: "RFC 8259, one object a line",
        fields: tableFields.descriptions
    ) { values in
        let tables = try tableFields.tables(values) { values throws(DataError) in
            try FileSource.table(values, .jsonLines)
        }
        return FileSource(name: "jsonl", tables)
    }
}

/// RecBole's atomic files: `NAME.inter` and, where they are there, `NAME.user` and `NAME.item`.
public struct AtomicFileSource: SelectiveDataSource {
    /// The path of the files without their endings.
    public var prefix: String
    /// What becomes of rows that cannot be read.
    public var badRows: BadRowPolicy
    /// Whether what was read is kept for the next run.
    public var cache: CachePolicy
    /// What stands between the prefix and `.inter` in the files of the parts: training, validation
    /// and test, or training and test; none: one file, and a split decides.
    public var benchmarkNames: [String] = []
    /// Texts that stand for nothing.
    public var missing: [String] = []
    /// Columns of another type than their header says, or with a stand-in.
    public var columns: [ColumnDeclaration] = []

    public init(prefix: String, badRows: BadRowPolicy = .error, cache: CachePolicy = .auto) {
        self.prefix = prefix
        self.badRows = badRows
        self.cache = cache
    }

    public func load(
        for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        let table = { (ending: String) in
            var table = FileTable(
                path: prefix + ending, format: .atomic, columns: columns, badRows: badRows,
                cache: cache)
            table.missing = missing
            return table
        }
        let optional = { (ending: String) in
            FileSystem.kind(of: environment.resolve(prefix + ending)) == nil ? nil : table(ending)
        }
        guard benchmarkNames.isEmpty || (2...3).contains(benchmarkNames.count) else {
            throw .impossible(
                "'benchmark_filename' requires two or three names, of training, perhaps "
                    + "validation, and test; found \(benchmarkNames.count)")
        }
        let names = benchmarkNames.map { ".\($0).inter" }
        if names.isEmpty { try checkParts(in: environment) }
        var interactions = table(names.first ?? ".inter")
        if let test = names.last, names.count > 1 {
            interactions.parts = FileTable.HeldOutFiles(
                validation: names.count > 2 ? prefix + names[1] : nil, test: prefix + test)
        }
        return try FileSource(
            name: "recbole", interactions: interactions, users: optional(".user"),
            items: optional(".item")
        ).load(for: request, in: environment, progress: progress)
    }
}

extension AtomicFileSource {
    /// Where there are files of parts in the place of one, they are to be named.
    private func checkParts(in environment: DataEnvironment) throws(DataError) {
        let whole = environment.resolve(prefix + ".inter")
        guard FileSystem.kind(of: whole) == nil else { return }
        if FileSystem.kind(of: environment.resolve(prefix)) == .folder {
            let within = FileSystem.matching(environment.resolve(prefix) + "/*.inter")
                .compactMap { $0.split(separator: "/").last?.dropLast(".inter".count) }
            let example = within.first.map { ", such as '\(prefix)/\($0)'" } ?? ""
            throw .unreadable(
                file: prefix,
                reason: "it is a folder; 'path' names the files within without their ending, "
                    + ".inter" + example)
        }
        if prefix.hasSuffix(".inter") {
            throw .unreadable(
                file: prefix,
                reason: "'path' names the files without their ending: "
                    + "'\(prefix.dropLast(".inter".count))'")
        }
        let found = FileSystem.matching(environment.resolve(prefix) + ".*.inter").compactMap {
            $0.split(separator: "/").last?.split(separator: ".").dropLast().last
        }
        guard found.count > 1 else { return }
        throw .unreadable(
            file: prefix + ".inter",
            reason: "there are the parts \(found.joined(separator: ", ")) in its place, which "
                + "'benchmark_filename: [train, valid, test]' (their names in this order) and "
                + "'split: files' read")
    }
}

extension AtomicFileSource: CatalogComponent {
    static let prefixField = Field<String>(
        "path", type: .path, default: nil,
        "The files without their endings .inter, .user and .item, such as data/ml-1m/ml-1m.")
    static let badRowField = FileSource.badRowField
    static let benchmarkField = Field<[String]?>(
        "benchmark_filename", type: .optional(.list(.string, count: .any)), default: .null,
        "What stands before .inter in the files of the parts, for 'split: files', such as [train, "
            + "valid, test]; null: all interactions are in one file.")
    static let columnsField = Field<[ColumnDeclaration]>(
        "columns", type: .list(.object(ColumnDeclaration.description), count: .any),
        default: .list([]), "Columns of another type than the headers say, or with a 'fill'.")

    public static let entry = ComponentEntry<any DataSource>(
        "recbole", summary: "RecBole's atomic files.",
        source: "Zhao et al., 2021, doi:10.1145/3459637.3482016",
        fields: [
            prefixField.description, benchmarkField.description,
            FileSource.missingField.description, columnsField.description,
            badRowField.description, FileSource.cacheField.description,
        ]
    ) { values in
        var source = AtomicFileSource(
            prefix: values[prefixField], badRows: values[badRowField],
            cache: values[FileSource.cacheField])
        source.benchmarkNames = values[benchmarkField] ?? []
        source.missing = values[FileSource.missingField]?.texts ?? []
        source.columns = values[columnsField]
        return source
    }
}
