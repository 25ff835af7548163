#if SQLite
    /// Reads one table of a database.
    struct SQLiteReader {
        let table: SQLiteTable
        /// What messages call the table, such as "interactions".
        let name: String
        let request: DataRequest
        let environment: DataEnvironment

        func read(_ progress: (DataProgress) -> Void) throws(DataError) -> FileTable.Outcome {
            progress(.reading(location: table.path))
            let database = try SQLiteDatabase(
                file: table.path, path: environment.resolve(table.path))
            let rows = try rows(of: database)
            let collector = RowCollector(policy: table.badRows, for: request)
            for column in try columns(named: rows.columns) {
                try collector.add(column, CellOptions(missing: table.missing))
            }
            var number = 0
            while try rows.step() {
                number += 1
                do throws(DataError) {
                    for (index, column) in collector.columns.enumerated() {
                        try append(rows.value(index), to: column, number)
                    }
                    try collector.endRow()
                } catch {
                    try collector.reject(error)
                }
                if number & 0xFFFF == 0 {
                    progress(.counting(location: table.path, rows: number))
                }
            }
            return try collector.outcome(named: name, from: "\(table.path), \(place)")
        }

        /// What is read, in words.
        private var place: String {
            if case .table(let table) = table.selection { return "table '\(table)'" }
            return "the query"
        }

        private func rows(of database: SQLiteDatabase) throws(DataError) -> SQLiteRows {
            switch table.selection {
            case .query(let query): return try database.query(query)
            case .table(let table): return try database.table(table)
            case nil: throw .impossible("a table of a database requires 'table' or 'query'")
            }
        }

        private func columns(named columns: [String]) throws(DataError) -> [ColumnDeclaration] {
            for declaration in table.columns where !columns.contains(declaration.name) {
                throw .missingColumn(name: declaration.name, table: name, available: columns)
            }
            if let twice = columns.indices.first(where: { columns[..<$0].contains(columns[$0]) }) {
                throw .impossible(
                    "\(place) of '\(table.path)' has two columns '\(columns[twice])'; name them "
                        + "apart by AS")
            }
            return columns.map { name in
                table.columns.first { $0.name == name } ?? ColumnDeclaration(name)
            }
        }

        private func append(
            _ value: SQLiteValue, to column: ReadColumn, _ row: Int
        ) throws(DataError) {
            let builder = column.builder
            let fits =
                switch value {
                case .text(let text): builder.append(text)
                case .real(let number, let text):
                    (builder as? NumberBuilder)?.append(number)
                        ?? (builder as? IntegerBuilder)?.append(number)
                        ?? (builder as? TimestampBuilder)?.append(number) ?? builder.append(text)
                case .null: builder.append(Cell(start: nil, count: 0))
                case .blob: false
                }
            guard !fits else { return }
            let required = builder.required.isEmpty ? "text or a number" : builder.required
            throw .badRow(
                BadRow(
                    file: table.path, place: place, row: row, column: column.name,
                    required: required, found: value.words))
        }
    }
#endif
