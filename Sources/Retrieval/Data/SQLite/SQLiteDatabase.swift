import Platform

#if SQLite
    import CSQLite

    /// A database that is open for reading.
    final class SQLiteDatabase {
        /// As messages name it.
        let file: String
        fileprivate var handle: OpaquePointer?

        init(file: String, path: String) throws(DataError) {
            self.file = file
            do throws(FileFailure) {
                _ = try FileSystem.regularFile(path)
            } catch {
                throw .unreadable(file: file, reason: error.reason)
            }
            let status = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil)
            guard status == SQLITE_OK else { throw failure }
            // Milliseconds to wait for a writer.
            sqlite3_busy_timeout(handle, 5000)
            // A query may read, and nothing else, whatever it is called.
            sqlite3_set_authorizer(
                handle,
                { _, action, _, _, _, _ in
                    [SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE]
                        .contains(action) ? SQLITE_OK : SQLITE_DENY
                }, nil)
        }

        deinit { sqlite3_close_v2(handle) }

        var failure: DataError {
            .unreadable(file: file, reason: String(cString: sqlite3_errmsg(handle)))
        }

        /// The rows of a table or a view.
        func table(_ name: String) throws(DataError) -> SQLiteRows {
            let tables = try names()
            guard tables.contains(name) else {
                let known = DataError.list(tables)
                throw .unreadable(
                    file: file,
                    reason: "it has no table '\(name)'; "
                        + (known.isEmpty ? "it has none" : "there are \(known)"))
            }
            let quoted = name.replacing("\"", with: "\"\"")
            let select = "SELECT * FROM \"\(quoted)\""
            // A view and a table WITHOUT ROWID have none.
            if let rows = try? prepare(select + " ORDER BY _rowid_") { return rows }
            return try prepare(select)
        }

        /// The rows of a query, which must be one statement that reads.
        func query(_ text: String) throws(DataError) -> SQLiteRows { try prepare(text) }

        private func names() throws(DataError) -> [String] {
            let rows = try prepare(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                    + "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
            var names: [String] = []
            while try rows.step() {
                if case .text(let name) = rows.value(0) {
                    names.append(String(decoding: name, as: UTF8.self))
                }
            }
            return names
        }

        private func prepare(_ text: String) throws(DataError) -> SQLiteRows {
            var bytes = text.utf8.map { CChar(bitPattern: $0) }
            guard !bytes.contains(0) else {
                throw .unreadable(file: file, reason: "a query holds no character of code 0")
            }
            bytes.append(0)
            var first: OpaquePointer?
            var further: OpaquePointer?
            let status = bytes.withUnsafeBufferPointer { text in
                var rest = text.baseAddress
                var status = sqlite3_prepare_v2(handle, rest, -1, &first, &rest)
                // What follows may be comments and semicolons alone.
                while status == SQLITE_OK, further == nil, let next = rest, next.pointee != 0 {
                    status = sqlite3_prepare_v2(handle, next, -1, &further, &rest)
                }
                return status
            }
            sqlite3_finalize(further)
            guard further == nil, status != SQLITE_OK || first != nil else {
                sqlite3_finalize(first)
                throw .impossible(
                    "a query of '\(file)' requires one SELECT; found "
                        + (further == nil ? "no statement" : "several statements"))
            }
            guard status == SQLITE_OK, let first else {
                let failure = failure
                sqlite3_finalize(first)
                guard status != SQLITE_AUTH else {
                    throw .impossible(
                        "a query of '\(file)' requires one SELECT, which changes nothing")
                }
                throw failure
            }
            let rows = SQLiteRows(first, of: self)
            guard sqlite3_stmt_readonly(first) != 0, !rows.columns.isEmpty else {
                throw .impossible("a query of '\(file)' requires one SELECT, which changes nothing")
            }
            return rows
        }
    }

    /// A value, valid until the next row.
    enum SQLiteValue {
        /// Text, or an integer in decimal digits.
        case text(Cell)
        case real(Double, text: Cell)
        case null
        case blob(bytes: Int)

        var words: String {
            switch self {
            case .text(let text), .real(_, let text): DelimitedText.quote(Array(text)[...])
            case .null: "NULL"
            case .blob(let bytes): "a blob of \(bytes) bytes"
            }
        }
    }

    /// The rows of a statement, one after the other.
    final class SQLiteRows {
        let columns: [String]
        private let statement: OpaquePointer
        private let database: SQLiteDatabase

        fileprivate init(_ statement: OpaquePointer, of database: SQLiteDatabase) {
            self.statement = statement
            self.database = database
            columns = (0..<sqlite3_column_count(statement)).map { column in
                sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
            }
        }

        deinit { sqlite3_finalize(statement) }

        /// Goes to the next row; false where there is none.
        func step() throws(DataError) -> Bool {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: return true
            case SQLITE_DONE: return false
            default: throw database.failure
            }
        }

        func value(_ column: Int) -> SQLiteValue {
            let column = Int32(column)
            switch sqlite3_column_type(statement, column) {
            case SQLITE_NULL: return .null
            case SQLITE_BLOB: return .blob(bytes: Int(sqlite3_column_bytes(statement, column)))
            case SQLITE_FLOAT:
                let number = sqlite3_column_double(statement, column)
                return .real(number, text: text(column))
            default: return .text(text(column))
            }
        }

        private func text(_ column: Int32) -> Cell {
            let start = sqlite3_column_text(statement, column)
            return Cell(start: start, count: Int(sqlite3_column_bytes(statement, column)))
        }
    }
#endif
