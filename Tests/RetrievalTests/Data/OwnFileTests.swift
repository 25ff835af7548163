import Retrieval
import TestSupport
import Testing

/// Files as their owners have them: what other programs write, and what a spec says of it.
@Suite struct OwnFileTests {
    private func load(
        _ bytes: some Collection<UInt8>, columns: [ColumnDeclaration] = [],
        policy: BadRowPolicy = .error, window: Int = 1 << 20,
        _ change: (inout FileTable, inout FileTable.Delimited) -> Void = { _, _ in }
    ) throws -> Dataset {
        let scratch = try Scratch()
        try scratch.write("log.csv", bytes)
        var options = FileTable.Delimited()
        var table = FileTable(path: "log.csv", columns: columns, badRows: policy)
        change(&table, &options)
        if case .delimited = table.format { table.format = .delimited(options) }
        table.windowSize = window
        return try FileSource(interactions: table).load(
            for: DataRequest(query: "user_id", candidate: "item_id"), in: scratch.environment(),
            progress: { _ in })
    }

    private func tokens(_ data: Dataset, _ name: String) throws -> [String] {
        let column = try data.interactions.tokens(name)
        return (0..<column.count).map { column[$0] }
    }

    private func message(_ body: () throws -> Dataset) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ",user_id,item_id\n0,u,i\n1,v,j\n",
        "\"\",\"user_id\",\"item_id\"\n\"1\",\"u\",\"i\"\n2,v,j\n",
        "user_id,item_id,\r\nu,i,\r\nv,j,\r\n", "user_id,item_id\nu,i,\nv,j\n",
        "sep=,\r\nuser_id,item_id\r\nu,i\r\nv,j\r\n",
    ])
    func whatPandasAndSpreadsheetsAdd(text: String) throws {
        for window in [64, 1 << 20] {
            let data = try load(text.utf8, window: window)
            #expect(data.interactions.names == ["user_id", "item_id"])
            #expect(try tokens(data, "user_id") == ["u", "v"])
            #expect(try tokens(data, "item_id") == ["i", "j"])
            let isNameless = text.hasPrefix(",") || text.hasPrefix("\"") || text.contains("id,\r\n")
            #expect(data.origin.notes.isEmpty == !isNameless)
        }
    }

    @Test func aLineOfExcelSaysTheDelimiter() throws {
        let text = "\u{FEFF}sep=;\nuser_id;item_id;price\nu;i;1,50\nv;j;-0,25\n"
        let data = try load(text.utf8, columns: [ColumnDeclaration("price", .float)]) {
            $1.decimal = ","
        }
        #expect(try data.interactions.doubles("price") == [1.5, -0.25])
        let error = message {
            try load(text.utf8, columns: [ColumnDeclaration("price", .float)])
        }
        #expect(error.contains("log.csv:3:5: required price, a finite number (with a comma"))
        let point = message {
            try load(
                "user_id;item_id;price\nu;i;1.50\n".utf8,
                columns: [ColumnDeclaration("price", .float)]
            ) {
                $1.decimal = ","
                $1.delimiter = ";"
            }
        }
        #expect(point.contains("required price, a finite number, found '1.50'"))
    }

    @Test(arguments: [true, false])
    func utf16IsRead(isBigEndian: Bool) throws {
        let rows = (0..<5000).map { "u\($0),Zoë 😀 \($0 % 7)\r\n" }.joined()
        var bytes: [UInt8] = isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
        for unit in "user_id,item_id\r\n\(rows)".utf16 {
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            bytes += isBigEndian ? [high, low] : [low, high]
        }
        for window in [64, 1000, 1 << 20] {
            let data = try load(bytes, window: window)
            #expect(data.interactions.rowCount == 5000)
            #expect(try tokens(data, "user_id")[4999] == "u4999")
            #expect(try data.interactions.tokens("item_id").dictionary[3] == "Zoë 😀 3")
        }
        // Half a character ends in one that replaces it.
        let cut = try load(bytes.dropLast(5))
        #expect(cut.interactions.rowCount == 5000)
    }

    @Test func tabsMayBeWrittenWithoutDoubleQuotes() throws {
        let data = try load("user_id\titem_id\nu\ti\n".utf8) { $1.delimiter = "\\t" }
        #expect(try tokens(data, "item_id") == ["i"])
    }

    @Test func escapesMakeTheNextCharacterText() throws {
        let text = "user_id,item_id,note\nu,a\\,b,\\N\n\"v\",\"c\\\"d\",x\\\\y\nw,\"e\"\"f\",g\n"
        for window in [64, 1 << 20] {
            let data = try load(text.utf8, window: window) {
                $1.escape = "\\"
                $0.missing = ["\\N"]
            }
            #expect(try tokens(data, "item_id") == ["a,b", "c\"d", "e\"f"])
            #expect(try tokens(data, "note") == ["", "x\\y", "g"])
        }
    }

    @Test(arguments: [true, false])
    func textsThatStandForNothing(blocks: Bool) throws {
        let text = """
            user_id,item_id,year,price,country
            u,i,1990,1.5,DE
            NA,j,1991,2.5,NA
            v,null,1992,3.5,FR
            w,k,NA,-999,NA
            x,l,2000,,IT
            """
        let columns = [
            ColumnDeclaration("year", .integer, fill: .mean),
            ColumnDeclaration("price", .float, missing: ["-999"], fill: .median),
        ]
        let data = try load(text.utf8, columns: columns, policy: .skip) { table, _ in
            table.missing = ["NA", "null"]
            table.readsBlocks = blocks
        }
        #expect(try tokens(data, "user_id") == ["u", "w", "x"])
        #expect(try tokens(data, "country") == ["DE", "", "IT"])
        #expect(try data.interactions.integers("year") == [1990, 1995, 2000])
        #expect(try data.interactions.doubles("price") == [1.5, 1.5, 1.5])
        #expect(data.interactions.standIns == ["year": [1], "price": [1, 2]])
        #expect(data.interactions.selecting([2, 1, 2]).standIns["price"] == [0, 1, 2])
        #expect(data.origin.skippedRows == 2)
        let bad = message {
            try load(text.utf8, columns: [ColumnDeclaration("year", .integer)])
        }
        #expect(bad.contains("log.csv:5:5: required year, an integer of 64 bits ('missing' lists"))
        // A number is short for a stand-in of the empty cell.
        let short = try load(
            "user_id,item_id,n\nu,i,\n".utf8,
            columns: [ColumnDeclaration("n", .integer, missing: 7)])
        #expect(try short.interactions.integers("n") == [7])
    }

    @Test func idsThatAreWholeNumbers() throws {
        let data = try load(
            "user_id,item_id\n1.0,07\n1,7\n+1,7.00\nx,8\n2.5,9\n".utf8,
            columns: [
                ColumnDeclaration("user_id", .integer), ColumnDeclaration("item_id", .integer),
            ],
            policy: .skip)
        #expect(try tokens(data, "user_id") == ["1", "1", "1"])
        #expect(try tokens(data, "item_id") == ["7", "7", "7"])
        #expect(data.origin.skippedRows == 2)
    }

    @Test func listsAsProgramsPrintThem() throws {
        let cells = [
            #"['a', "b's", None]"#, #"["a", "c"]"#, "[]", "", "{'x', 'y'}", "('z',)", "[1, 2.5]",
            #"["\u00e9\n"]"#,
        ]
        let text =
            "user_id,item_id,tags\n"
            + cells.map { "u,i,\"\($0.replacing("\"", with: "\"\""))\"\n" }.joined()
        let list = ColumnDeclaration("tags", .list, format: "literal")
        let lists = try load(text.utf8, columns: [list]).interactions.tokenLists("tags")
        #expect(
            (0..<lists.count).map { lists[$0] } == [
                ["a", "b's"], ["a", "c"], [], [], ["x", "y"], ["z"], ["1", "2.5"], ["é\n"],
            ])
        let objects =
            "user_id,item_id,tags\n"
            + "u,i,\"[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': None}]\"\n"
        let named = ColumnDeclaration("tags", .list, format: "literal", member: "name")
        let names = try load(objects.utf8, columns: [named]).interactions.tokenLists("tags")
        #expect(names[0] == ["Animation"])
        for wrong in ["[", "['a'", "a|b", "[[1]]", "{'a': }", "['a'] x", "'a'"] {
            #expect(
                message { try load("user_id,item_id,tags\nu,i,\(wrong)\n".utf8, columns: [list]) }
                    .contains("required tags, a list of JSON or Python"), "\(wrong)")
        }
    }

    @Test func membersWithinObjects() throws {
        let text = """
            {"user_id": "u", "item_id": "i", "at": {"place": {"id": 7}}, "a.b": 1}
            {"user_id": "v", "item_id": "j", "at": {"place": null}, "a.b": 2}
            """
        let data = try load(text.utf8, columns: [ColumnDeclaration("at.place.id")]) { table, _ in
            table.format = .jsonLines
        }
        #expect(try tokens(data, "at.place.id") == ["7", ""])
        #expect(try tokens(data, "a.b") == ["1", "2"])
        let scratch = try Scratch()
        try scratch.write("log", #"{"user": {"id": "u"}, "item_id": "i"}"# + "\n")
        let ids = try FileSource(interactions: FileTable(path: "log", format: .jsonLines)).load(
            for: DataRequest(query: "user.id", candidate: "item_id"), in: scratch.environment(),
            progress: { _ in })
        #expect(try ids.interactions.tokens("user.id").dictionary == ["u"])
    }

    @Test(arguments: [
        ("SQLite format 3\0abc", "source: sqlite"),
        ("PAR1\u{15}x", "it is a Parquet file, which 'source: parquet' reads"),
        ("PK\u{03}\u{04}xxxx", ".xlsx"), ("BZh91AY&SYxx", "bzip2"),
    ])
    func whatIsNoTextIsSaid(text: String, words: String) {
        #expect(message { try load(text.utf8) }.contains(words))
    }

    /// R writes names of rows, and none of their column.
    @Test(arguments: [16, 1 << 20]) func headersMayBeShort(window: Int) throws {
        let text =
            "\"user_id\",\"item_id\"\n" + (0..<30).map { "\"\($0)\",u\($0),i\n" }.joined()
        let data = try load(text.utf8, window: window)
        #expect(data.interactions.names == ["user_id", "item_id"])
        #expect(try tokens(data, "user_id") == (0..<30).map { "u\($0)" })
        #expect(data.origin.notes == ["column 1 of log.csv has no name and is passed over"])
        // One row with a field too many is a bad one.
        let found = message { try load("user_id,item_id\nu,i,x\nv,j\n".utf8, window: window) }
        #expect(found == "log.csv:2:4: required 2 fields, found another field")
    }

    @Test func rejectedRowsAreKept() throws {
        let scratch = try Scratch()
        try scratch.write("log.csv", "user_id,item_id,n\nu,i,1\n,j,2\nv,k,x\nw,\"l\"\",3\n")
        var table = FileTable(
            path: "log.csv", columns: [ColumnDeclaration("n", .integer)], badRows: .skip)
        table.rejects = "out/bad.csv"
        let request = DataRequest(query: "user_id", candidate: "item_id")
        let data = try FileSource(interactions: table).load(
            for: request, in: scratch.environment(), progress: { _ in })
        #expect(data.origin.skippedRows == 3)
        let note = try #require(data.origin.notes.first)
        #expect(
            note.hasPrefix(
                "3 bad rows of the interactions were skipped (1 for want of a quote that ends the "
                    + "field; 1 for want of n, an integer of 64 bits; 1 for want of user_id, an id)"
            ))
        #expect(
            try scratch.contents(of: "out/bad.csv") == #"""
                file,line,column,required,found,row
                "log.csv","3","1","user_id, an id","nothing",",j,2"
                "log.csv","4","5","n, an integer of 64 bits","'x'","v,k,x"
                "log.csv","5","3","a quote that ends the field","the end of the file","w,""l"""",3"

                """#)
        table.rejects = "log.csv"
        #expect(throws: DataError.self) {
            try FileSource(interactions: table).load(
                for: request, in: scratch.environment(), progress: { _ in })
        }
        // What holds something else stays, a device too; rejected rows are replaced.
        try scratch.write("spec.yaml", "name: mine\n")
        for place in ["spec.yaml", "/dev/null", "."] {
            table.rejects = place
            #expect(throws: DataError.self, "\(place)") {
                try FileSource(interactions: table).load(
                    for: request, in: scratch.environment(), progress: { _ in })
            }
        }
        #expect(try scratch.contents(of: "spec.yaml") == "name: mine\n")
        table.rejects = "out/bad.csv"
        _ = try FileSource(interactions: table).load(
            for: request, in: scratch.environment(), progress: { _ in })
        table.rejects = "bad.csv"
        table.badRows = .error
        #expect(throws: DataError.self) {
            try FileSource(interactions: table).load(
                for: request, in: scratch.environment(), progress: { _ in })
        }
    }

    /// Items by another key, with rows that repeat and ids that are not listed.
    @Test func tablesAreJoinedAsTheSpecSays() throws {
        let scratch = try Scratch()
        try scratch.write("log.csv", "userId,movieId\nu,1\nv,2\nw,3\nu,4\n")
        try scratch.write("items.csv", "id,title,year,tags\n1,A,1990,x|y\n2,B,2000,\n1,C,1980,z\n")
        let columns = [ColumnDeclaration("year", .float), ColumnDeclaration("tags", .list)]
        func load(_ joining: Joining) throws -> Dataset {
            var source = FileSource(
                interactions: FileTable(path: "log.csv"),
                items: FileTable(path: "items.csv", columns: columns))
            source.itemsJoining = joining
            return try source.load(
                for: DataRequest(query: "userId", candidate: "movieId"),
                in: scratch.environment(), progress: { _ in })
        }
        let dropped = try load(Joining(key: "id", onUnlisted: .drop, onDuplicate: .last))
        #expect(try dropped.interactions.tokens("movieId").dictionary == ["1", "2"])
        let items = try #require(dropped.candidates)
        #expect(items.names == ["movieId", "title", "year", "tags"])
        #expect(try items.tokens("title").dictionary == ["B", "C"])
        #expect(
            dropped.origin.notes == [
                "1 rows of the items repeat an id; the last of each stays",
                "2 interactions with 2 values of movieId that the items lack were left out",
            ])
        let unknown = try load(Joining(key: "id", onUnlisted: .unknown, onDuplicate: .first))
        #expect(unknown.interactions.rowCount == 4)
        let table = try #require(unknown.candidates)
        #expect(try table.tokens("movieId").dictionary == ["1", "2", "3", "4"])
        #expect(try table.doubles("year") == [1990, 2000, 1995, 1995])
        #expect(table.standIns == ["year": [2, 3]])
        #expect(try table.tokenLists("tags")[3] == [])
        #expect(try table.tokens("title")[2] == "")
        #expect(message { try load(Joining()) }.contains("name the one of ids by 'key'"))
        #expect(message { try load(Joining(key: "isbn")) }.contains("have no column 'isbn'"))
    }

    @Test func partsMayBeFiles() throws {
        let scratch = try Scratch()
        try scratch.write("a.csv", "user_id,item_id\nu,i\nv,j\n")
        try scratch.write("b.csv", "item_id,user_id\nk,u\n")
        try scratch.write("c.csv", "user_id,item_id\nv,i\n")
        var table = FileTable(path: "a.csv")
        table.parts = FileTable.HeldOutFiles(validation: "b.csv", test: "c.csv")
        let data = try FileSource(interactions: table).load(in: scratch.environment())
        let splitter = try Catalog.builtIn.make(.split, ComponentChoice(name: "files"))
        let split = try splitter.split(data.interactions)
        #expect(split.train == [0, 1] && split.validation == [2] && split.test == [3])
        try scratch.write("d.train.inter", "user_id:token\titem_id:token\nu\ti\n")
        try scratch.write("d.test.inter", "user_id:token\titem_id:token\nu\tj\n")
        var atomic = AtomicFileSource(prefix: "d")
        atomic.benchmarkNames = ["train", "test"]
        let given = try splitter.split(
            try atomic.load(in: scratch.environment()).interactions)
        #expect(given.train == [0] && given.test == [1] && given.validation == nil)
        #expect(throws: DataError.self) {
            try splitter.split(
                try FileSource(interactions: FileTable(path: "a.csv"))
                    .load(in: scratch.environment()).interactions)
        }
    }

    private func log(_ users: [String], _ columns: (String, Column)...) -> Table {
        Table(
            name: "interactions",
            columns: [
                ("user_id", .tokens(TokenColumn(users))),
                ("item_id", .tokens(TokenColumn(users.indices.map { "i\($0)" }))),
            ] + columns)
    }

    @Test func wholeMomentsAndBaskets() throws {
        let table = log(
            ["u", "u", "u", "u", "v", "v"], ("t", .integers([3, 1, 3, 2, 5, 5])),
            ("basket", .tokens(TokenColumn(["b", "a", "b", "a", "c", "c"]))))
        let split = { (unit: PerUserSplit.Unit) in
            try PerUserSplit(test: .rows(1), order: .column("t"), unit: unit).split(table).test
        }
        #expect(try split(.interactions) == [2, 5])
        // A user of one moment keeps it for training.
        #expect(try split(.moments) == [0, 2])
        #expect(try split(.column("basket")) == [0, 2])
        let validated = try PerUserSplit(
            test: .rows(1), validation: .rows(1), order: .column("t"), unit: .moments
        ).split(table)
        #expect(validated.train == [1, 4, 5] && validated.validation == [3])
    }

    @Test func allOfAUserInOnePart() throws {
        let users = (0..<200).map { "u\($0 * 7 % 20)" }
        let split = try WholeUserSplit(test: .fraction(0.2), validation: .rows(3))
            .split(log(users))
        let parts = [split.train, split.validation ?? [], split.test].map { rows in
            Set(rows.map { users[Int($0)] })
        }
        #expect(parts.map(\.count) == [13, 3, 4])
        #expect(parts.reduce(Set()) { $0.union($1) }.count == 20)
        #expect(split.train.count + split.test.count + split.validation!.count == 200)
        #expect(throws: DataError.self) {
            try WholeUserSplit(test: .rows(20)).split(log(users))
        }
    }

    @Test func filtersByText() throws {
        let table = log(
            ["a", "b", "c", "d"], ("country", .tokens(TokenColumn(["DE", "FR", "DE", "NA"]))),
            (
                "tags",
                .tokenLists(
                    TokenListColumn(
                        offsets: [0, 2, 2, 3, 3], codes: [0, 1, 1], dictionary: ["x", "y"]))
            ),
            ("n", .integers([1, 2, 3, 12])))
        let kept = { (filter: TextFilter) in
            try filter.keptRows(of: table, in: InteractionContext())
        }
        #expect(try kept(TextFilter(column: "country", values: ["DE"])) == [0, 2])
        #expect(
            try kept(TextFilter(column: "country", values: ["NA"], isNegated: true)) == [0, 1, 2])
        #expect(try kept(TextFilter(column: "country", pattern: "?R*")) == [1])
        #expect(try kept(TextFilter(column: "tags", values: ["y"])) == [0, 2])
        #expect(try kept(TextFilter(column: "n", pattern: "1*")) == [0, 3])
        #expect(throws: DataError.self) { try TextFilter(column: "n").check() }
    }
}
