import Platform

/// The files of MovieLens 1M and larger, as their READMEs describe them.
struct MovieLensTables {
    var variant: MovieLensVariant
    var folder: String
    var environment: DataEnvironment

    /// How headers call columns that have another name here.
    private static let headerNames = [
        "user_id": "userId", "item_id": "movieId", "imdb_id": "imdbId", "tmdb_id": "tmdbId",
    ]

    func dataset(
        origin: DataOrigin, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        let interactions = try read(
            variant.interactions, "interactions",
            [
                ColumnDeclaration("user_id"), ColumnDeclaration("item_id"),
                ColumnDeclaration("rating", .float), ColumnDeclaration("timestamp", .timestamp),
            ], progress)
        var items = try read(
            variant.items, "items",
            [
                ColumnDeclaration("item_id"), ColumnDeclaration("title"),
                ColumnDeclaration("genres", .list),
            ], progress)
        if let links = variant.links, FileSystem.kind(of: path(links)) == .file {
            let columns = ["item_id", "imdb_id", "tmdb_id"].map { ColumnDeclaration($0) }
            items = try items.joining(try read(links, "links", columns, progress), by: "item_id")
        }
        let users = try variant.users.map { file throws(DataError) in
            let columns = [
                ColumnDeclaration("user_id"), ColumnDeclaration("gender"),
                ColumnDeclaration("age", .integer), ColumnDeclaration("occupation"),
                ColumnDeclaration("zip_code"),
            ]
            return try read(file, "users", columns, progress)
        }
        return Dataset(
            interactions: interactions, queries: users, candidates: items, origin: origin)
    }

    private func path(_ file: MovieLensVariant.File) -> String {
        DataEnvironment.join(folder, file.name)
    }

    private func read(
        _ file: MovieLensVariant.File, _ name: String, _ columns: [ColumnDeclaration],
        _ progress: (DataProgress) -> Void
    ) throws(DataError) -> Table {
        var format = FileTable.Delimited()
        format.encoding = variant.encoding
        var declared = columns
        if variant.layout == .doubleColons {
            format.delimiter = "::"
            format.hasHeader = false
            format.quote = nil
        } else {
            for index in declared.indices {
                declared[index].name =
                    Self.headerNames[declared[index].name] ?? declared[index].name
            }
        }
        let table = FileTable(path: path(file), format: .delimited(format), columns: declared)
        let read = try table.read(
            named: name, for: DataRequest(), in: environment, progress: progress
        ).table
        return Table(
            name: name,
            columns: try zip(columns, declared).map { own, written throws(DataError) in
                (own.name, try read.column(written.name))
            })
    }
}

extension Table {
    /// The table with the columns of tokens of another, joined by a key that both have; rows that
    /// the other lacks get empty tokens.
    fileprivate func joining(_ other: Table, by key: String) throws(DataError) -> Table {
        let keys = try tokens(key)
        let rows = try other.rowsByCode(of: keys, matching: key)
        var columns: [(name: String, values: Column)] = []
        for name in names { columns.append((name, try column(name))) }
        for name in other.names where self[name] == nil {
            let tokens = try other.tokens(name)
            let joined = keys.codes.map { code in
                rows[Int(code)] < 0 ? "" : tokens[Int(rows[Int(code)])]
            }
            columns.append((name, .tokens(TokenColumn(joined))))
        }
        return Table(name: self.name, columns: columns)
    }
}
