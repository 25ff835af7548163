import Retrieval
import TestSupport
import Testing

#if SQLite
    import CSQLite
#endif

@Suite struct SQLiteSourceTests {
    private func message(
        _ table: SQLiteTable, _ scratch: Scratch
    ) -> String {
        do {
            _ = try SQLiteSource(interactions: table).load(in: scratch.environment())
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test func eitherATableOrAQuery() {
        #expect(
            throws: DataError.impossible(
                "a table of a database requires either 'table' or 'query'")
        ) {
            try SQLiteSource(interactions: SQLiteTable(path: "log.db", selection: nil)).check()
        }
    }

    #if !SQLite
        @Test func withoutItTheToolSaysHowToBuildIt() throws {
            let scratch = try Scratch()
            let table = SQLiteTable(path: "log.db", selection: .table("ratings"))
            #expect(
                message(table, scratch)
                    == "the source sqlite requires a tool that was built with it: install "
                    + "libsqlite3-dev and run 'swift build -c release --traits SQLite'")
        }
    #else
        /// A database that these statements make.
        private func database(_ statements: String) throws -> Scratch {
            let scratch = try Scratch()
            var handle: OpaquePointer?
            defer { sqlite3_close(handle) }
            try #require(sqlite3_open(scratch.path + "/log.db", &handle) == SQLITE_OK)
            try #require(sqlite3_exec(handle, statements, nil, nil, nil) == SQLITE_OK)
            return scratch
        }

        private static let ratings = #"""
            CREATE TABLE ratings (user_id INTEGER, item_id TEXT, rating REAL, at, tags TEXT);
            INSERT INTO ratings VALUES (7, 'b', 4.5, 978300760, 'x|y'), (2, 'a', 3, 9.0, NULL);
            INSERT INTO ratings VALUES (-7, 'b', '1e-3', '12', ''), (NULL, '', 0.1, NULL, 'y');
            CREATE VIEW best AS SELECT user_id, item_id FROM ratings WHERE rating > 3;
            CREATE TABLE "odd ""name""" (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID;
            INSERT INTO "odd ""name""" VALUES ('b', x'00'), ('a', 'text');
            """#

        private static let columns = [
            ColumnDeclaration("rating", .float),
            ColumnDeclaration("at", .timestamp, missing: -1),
            ColumnDeclaration("tags", .list),
        ]

        private func table(
            _ selection: SQLiteTable.Selection, _ columns: [ColumnDeclaration] = [],
            _ badRows: BadRowPolicy = .error
        ) -> SQLiteTable {
            SQLiteTable(
                path: "log.db", selection: selection, columns: columns, badRows: badRows)
        }

        private func read(_ table: SQLiteTable, _ scratch: Scratch) throws -> Dataset {
            try SQLiteSource(interactions: table).load(in: scratch.environment())
        }

        private func rows(_ table: Table, _ name: String) throws -> [String] {
            let column = try table.tokens(name)
            return (0..<column.count).map { column[$0] }
        }

        @Test func tablesComeInTheOrderOfTheirRows() throws {
            let scratch = try database(Self.ratings)
            let data = try read(table(.table("ratings"), Self.columns), scratch)
            let read = data.interactions
            #expect(data.origin.source == "sqlite")
            #expect(read.names == ["user_id", "item_id", "rating", "at", "tags"])
            #expect(try rows(read, "user_id") == ["7", "2", "-7", ""])
            #expect(try rows(read, "item_id") == ["b", "a", "b", ""])
            #expect(try read.numbers("rating") == [4.5, 3, 1e-3, 0.1])
            #expect(try read.integers("at") == [978_300_760, 9, 12, -1])
            #expect(try read.tokenLists("tags").codes == [0, 1, 1])
            #expect(try read.tokenLists("tags").offsets == [0, 2, 2, 2, 3])
        }

        @Test func queriesSayWhatIsReadAndInWhichOrder() throws {
            let scratch = try database(Self.ratings)
            let query = """
                -- the best first
                SELECT user_id AS u, 10 * rating AS stars FROM ratings
                WHERE user_id IS NOT NULL ORDER BY rating DESC; -- nothing more
                """
            let data = try read(table(.query(query)), scratch)
            #expect(try rows(data.interactions, "u") == ["7", "2", "-7"])
            #expect(try rows(data.interactions, "stars")[1] == "30.0")
            let view = try read(table(.table("best")), scratch)
            #expect(try rows(view.interactions, "user_id") == ["7"])
        }

        @Test func equalsTheSameRowsOfATextFile() throws {
            let scratch = try database(
                """
                CREATE TABLE log (u, i, r REAL);
                WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < 4999)
                INSERT INTO log SELECT x * 7 % 311, 'item-' || (x % 97), x % 10 / 2.0 FROM n;
                """)
            let lines = (0..<5000).map {
                "\($0 * 7 % 311),item-\($0 % 97),\(Double($0 % 10) / 2)\n"
            }
            try scratch.write("log.csv", "u,i,r\n" + lines.joined())
            let columns = [ColumnDeclaration("r", .float)]
            let text = try FileSource(interactions: FileTable(path: "log.csv", columns: columns))
                .load(in: scratch.environment())
            let found = try read(table(.table("log"), columns), scratch)
            #expect(found.interactions == text.interactions)
        }

        @Test func badRowsAreErrorsOrLeftOut() throws {
            let scratch = try database(
                """
                CREATE TABLE t (u, r);
                INSERT INTO t VALUES ('a', 1), ('b', NULL), ('c', 'much');
                INSERT INTO t VALUES (x'0102', 2), ('e', 9e99);
                """)
            let columns = [ColumnDeclaration("r", .float)]
            #expect(
                message(table(.table("t"), columns), scratch)
                    == "log.db, table 't', row 2: required r, a finite number, found NULL")
            #expect(
                message(table(.query("SELECT * FROM t WHERE r = 2")), scratch)
                    == "log.db, the query, row 1: required u, text or a number, found a blob of 2 "
                    + "bytes")
            let data = try read(table(.table("t"), columns, .skip), scratch)
            #expect(try rows(data.interactions, "u") == ["a"])
            #expect(data.origin.skippedRows == 4)
            #expect(
                message(
                    table(.query("SELECT u, r FROM t WHERE u = 'c'"), columns, .skip), scratch)
                    == "cannot read 'log.db, the query': every row is bad; the first: log.db, the "
                    + "query, row 1: required r, a finite number, found 'much'")
        }

        @Test func mistakesAreNamed() throws {
            let scratch = try database(Self.ratings)
            let cases: [(SQLiteTable, String)] = [
                (
                    table(.table("rating")),
                    "cannot read 'log.db': it has no table 'rating'; there are best, odd \"name\", "
                        + "ratings"
                ),
                (
                    table(.table("ratings"), [ColumnDeclaration("stars", .float)]),
                    "the interactions have no column 'stars'; there are user_id, item_id, rating, "
                        + "at, tags"
                ),
                (
                    table(.table("odd \"name\"")),
                    "log.db, table 'odd \"name\"', row 2: required v, text or a number, found a "
                        + "blob of 1 bytes"
                ),
                (
                    table(.query("SELECT user_id, user_id FROM ratings")),
                    "the query of 'log.db' has two columns 'user_id'; name them apart by AS"
                ),
                (
                    table(.query("SELECT * FROM ratings WHERE rating > 99")),
                    "cannot read 'log.db, the query': it has no rows"
                ),
                (
                    table(.query("SELECT stars FROM ratings")),
                    "cannot read 'log.db': no such column: stars"
                ),
                (
                    table(.query("SELECT 1; SELECT 2")),
                    "a query of 'log.db' requires one SELECT; found several statements"
                ),
                (
                    table(.query(" -- nothing")),
                    "a query of 'log.db' requires one SELECT; found no statement"
                ),
                (
                    table(.query("DELETE FROM ratings RETURNING user_id")),
                    "a query of 'log.db' requires one SELECT, which changes nothing"
                ),
                (
                    table(.query("PRAGMA user_version")),
                    "a query of 'log.db' requires one SELECT, which changes nothing"
                ),
                (
                    table(.query("ATTACH 'other.db' AS other")),
                    "a query of 'log.db' requires one SELECT, which changes nothing"
                ),
            ]
            for (table, expected) in cases { #expect(message(table, scratch) == expected) }
            try scratch.write(
                "text.db", String(repeating: "no database, but long enough ", count: 40))
            #expect(
                message(SQLiteTable(path: "text.db", selection: .table("t")), scratch)
                    == "cannot read 'text.db': file is not a database")
            #expect(
                message(SQLiteTable(path: "none.db", selection: .table("t")), scratch)
                    == "cannot read 'none.db': No such file or directory")
            #expect(!scratch.names(in: ".").contains("other.db"))
        }
    #endif
}
