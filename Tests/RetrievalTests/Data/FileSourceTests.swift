import Retrieval
import TestSupport
import Testing

@Suite struct FileSourceTests {
    private static func delimited(
        _ change: (inout FileTable.Delimited) -> Void = { _ in }
    ) -> FileTable.Format {
        var options = FileTable.Delimited()
        change(&options)
        return .delimited(options)
    }

    /// The interactions that a file of this text makes.
    private func read(
        _ text: String, _ format: FileTable.Format = delimited(),
        columns: [ColumnDeclaration] = [], badRows: BadRowPolicy = .error
    ) throws -> Dataset {
        let scratch = try Scratch()
        try scratch.write("log.csv", text)
        return try FileSource(
            interactions: FileTable(
                path: "log.csv", format: format, columns: columns, badRows: badRows)
        ).load(in: scratch.environment())
    }

    private func message(
        _ text: String, _ format: FileTable.Format = delimited(),
        columns: [ColumnDeclaration] = []
    ) -> String {
        do {
            _ = try read(text, format, columns: columns)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    private func rows(_ table: Table, _ name: String) throws -> [String] {
        let column = try table.tokens(name)
        return (0..<column.count).map { column[$0] }
    }

    @Test func quotesDelimitersAndLineEndsAreText() throws {
        let text = "\u{FEFF}id,title\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,5\" disk\r\n3,\"\"\n4,last"
        let table = try read(text).interactions
        #expect(table.names == ["id", "title"])
        #expect(try rows(table, "id") == ["1", "2", "3", "4"])
        #expect(try rows(table, "title") == ["a, \"b\"\nc", "5\" disk", "", "last"])
    }

    @Test func delimitersMayBeLong() throws {
        let format = Self.delimited {
            $0.delimiter = "::"
            $0.hasHeader = false
        }
        let columns = [
            ColumnDeclaration("user_id"), ColumnDeclaration("item_id"),
            ColumnDeclaration("rating", .float), ColumnDeclaration("timestamp", .timestamp),
        ]
        let table = try read("1::a:b::4.5::978300760\n2::c::3::-1\n", format, columns: columns)
            .interactions
        #expect(try rows(table, "item_id") == ["a:b", "c"])
        #expect(try table.numbers("rating") == [4.5, 3])
        #expect(try table.integers("timestamp") == [978_300_760, -1])
    }

    @Test func columnsHaveTypes() throws {
        let text = """
            # made by hand
            n;f;ms;day;at;tags
            -5;1e-3;1500;1970-01-02;02/Jan/1970 00:00:01 +0100;a|b
            ;;-1500;1970-01-01T00:00:00.5Z;01/Jan/1970 01:00:00 +0100;
            """
        let columns = [
            ColumnDeclaration("n", .integer, missing: 7),
            ColumnDeclaration("f", .float, missing: 0.5),
            ColumnDeclaration("ms", .timestamp, unit: .milliseconds),
            ColumnDeclaration("day", .timestamp, format: "iso8601"),
            ColumnDeclaration("at", .timestamp, format: "%d/%b/%Y %T %z"),
            ColumnDeclaration("tags", .list),
        ]
        let format = Self.delimited {
            $0.delimiter = ";"
            $0.comment = "#"
        }
        let table = try read(text, format, columns: columns).interactions
        #expect(try table.integers("n") == [-5, 7])
        #expect(try table.numbers("f") == [0.001, 0.5])
        let milliseconds = { (ticks: [Int64]) in
            Column.times(TimeColumn(ticks: ticks, perSecond: 1000))
        }
        #expect(table["ms"] == milliseconds([1500, -1500]))
        #expect(table["day"] == milliseconds([86_400_000, 500]))
        #expect(try table.integers("at") == [82801, 0])
        let tags = try table.tokenLists("tags")
        #expect(tags[0] == ["a", "b"] && tags[1] == [])
    }

    @Test func badRowsAreErrorsWithTheirPlace() {
        let columns = [ColumnDeclaration("r", .float)]
        for (text, expected) in [
            ("u,r\na,1\nb,x\n", "log.csv:3:3: required r, a finite number, found 'x'"),
            (
                "u,r\na,nan\n",
                "log.csv:2:3: required r, a finite number ('missing' lists texts that stand for "
                    + "nothing, 'fill' says what they count for), found 'nan'"
            ),
            ("u,r\na\n", "log.csv:2:2: required 2 fields, found 1"),
            ("u,r\na,1,2\n", "log.csv:2:4: required 2 fields, found another field"),
            (
                "u,r\n\"a,1\n",
                "log.csv:2:1: required a quote that ends the field, found the end of the file"
            ),
            (
                "u,r\n\"a\"b,1\n",
                "log.csv:2:4: required the end of the field after its quote, found 'b,1'"
            ),
            ("", "log.csv:1:1: required a header, found an empty file"),
            ("u,u\n", "log.csv:1:1: required a column 'r', found u, u"),
            ("r,r\n", "log.csv:1:3: required columns of distinct names, found a second 'r'"),
            ("u,r\n", "cannot read 'log.csv': it has no rows"),
        ] {
            let found = message(text, columns: columns)
            #expect(found == expected || (text == "u,u\n" && found.contains("second 'u'")))
        }
    }

    @Test func badRowsMayBeSkipped() throws {
        let data = try read(
            "u,r\nbad,x\na,1\nb\nc,3\n", columns: [ColumnDeclaration("r", .float)],
            badRows: .skip)
        #expect(try rows(data.interactions, "u") == ["a", "c"])
        #expect(try data.interactions.tokens("u").dictionary == ["a", "c"])
        #expect(try data.interactions.numbers("r") == [1, 3])
        #expect(data.origin.skippedRows == 2)
        #expect(
            data.origin.notes == [
                "2 bad rows of the interactions were skipped (1 for want of 2 fields; 1 for want of "
                    + "r, a finite number); the first: log.csv:2:5: required r, a finite number, "
                    + "found 'x'"
            ])
    }

    @Test func declarationsMustMakeSense() {
        for (column, expected) in [
            (
                ColumnDeclaration("u", missing: 1),
                "column 'u' holds no numbers, and takes no 'missing': 'type: float' reads them"
            ),
            (
                ColumnDeclaration("u", format: "%Y"),
                "column 'u' is no timestamp, and takes no 'format'"
            ),
            (
                ColumnDeclaration("u", .list, separator: ""),
                "the 'separator' of column 'u' requires at least one character"
            ),
            (
                ColumnDeclaration("u", .float, missing: 1e300),
                "'missing' of column 'u' requires a finite number; found 1e+300"
            ),
        ] {
            #expect(message("u\na\n", columns: [column]) == expected)
        }
    }

    @Test func manyFilesAreReadByName() throws {
        let scratch = try Scratch()
        try scratch.write("log-2.csv", "item_id,user_id\nb,2\n")
        try scratch.write("log-1.csv", "user_id,item_id\n1,a\n")
        let source = FileSource(interactions: FileTable(path: "log-*.csv"))
        let table = try source.load(in: scratch.environment()).interactions
        #expect(try rows(table, "user_id") == ["1", "2"])
        #expect(try rows(table, "item_id") == ["a", "b"])
        #expect(
            dataError { () throws(DataError) in
                _ = try FileSource(interactions: FileTable(path: "no-*.csv")).load(
                    in: scratch.environment())
            } == "cannot read 'no-*.csv': no file matches the pattern")
    }

    /// Python: `gzip.compress(b"u,i\\na,b\\n", mtime=0)`.
    private static let member: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 213, 201, 228, 74, 212, 73, 226, 2, 0, 159, 154, 23,
        233, 8, 0, 0, 0,
    ]

    @Test func gzipIsRecognisedByItsContent() throws {
        let scratch = try Scratch()
        let source = FileSource(interactions: FileTable(path: "log.csv"))
        for (bytes, expected) in [
            (Self.member, ["b"]), (Self.member + Self.member, ["b", "i", "b"]),
        ] {
            try scratch.write("log.csv", bytes)
            let table = try source.load(in: scratch.environment()).interactions
            #expect(try rows(table, "i") == expected)
        }
    }

    @Test func damagedGzipIsAnError() throws {
        let scratch = try Scratch()
        let source = FileSource(interactions: FileTable(path: "log.csv"))
        var cases = (2..<Self.member.count).map { Array(Self.member[..<$0]) }
        for place in 20..<Self.member.count {
            var flipped = Self.member
            flipped[place] ^= 0x10
            cases.append(flipped)
        }
        for bytes in cases {
            try scratch.write("log.csv", bytes)
            #expect(
                dataError { () throws(DataError) in
                    _ = try source.load(in: scratch.environment())
                } == "cannot read 'log.csv': the gzip file is damaged or cut short")
        }
    }

    private func readLines(
        _ text: String, columns: [ColumnDeclaration] = [], badRows: BadRowPolicy = .error
    ) throws -> Table {
        let scratch = try Scratch()
        try scratch.write("log.jsonl", text)
        return try FileSource(
            name: "jsonl",
            interactions: FileTable(
                path: "log.jsonl", format: .jsonLines, columns: columns, badRows: badRows)
        ).load(in: scratch.environment()).interactions
    }

    @Test func linesOfJSONAreRead() throws {
        let text = #"""
            {"u": "a\u00e9\ud83d\ude00\"", "n": 12, "l": ["x", 1, true], "o": {"deep": [1]}}

            {"l": [], "n": -3, "later": 1, "u": null}
            """#
        let columns = [
            ColumnDeclaration("n", .integer), ColumnDeclaration("l", .list),
            ColumnDeclaration("r", .float, missing: 0.5),
        ]
        let table = try readLines(text, columns: columns)
        #expect(table.names == ["n", "l", "r", "u"])
        #expect(try rows(table, "u") == ["aé😀\"", ""])
        #expect(try table.integers("n") == [12, -3])
        #expect(try table.numbers("r") == [0.5, 0.5])
        #expect(try table.tokenLists("l")[0] == ["x", "1", "true"])
    }

    @Test func badLinesHaveTheirPlace() throws {
        for (text, expected) in [
            ("[1]", "1:1: required an object, which begins with {, found '[1]'"),
            ("{\"u\": 1}\n{\"u\": 01}", "2:7: required a value, found '01}'"),
            (
                "{\"u\": 1}\n{\"u\": [1]}",
                "2:7: required u, one value (declare the column's type as list), found a list of 1"
            ),
            (
                "{\"u\": \"a",
                "1:9: required a quote that ends the string, found the end of the line"
            ),
            ("{\"u\": \"\\x\"}", "1:8: required an escape of JSON, found '\\x\"}'"),
            ("{\"o\": {}}\n{\"u\": 1}", "1:1: required a first object with members, found none"),
            ("{}", "1:1: required a first object with members, found none"),
            ("{\"u\": 1} 2", "1:10: required the end of the line after the object, found '2'"),
        ] {
            let found = dataErrorText { _ = try readLines(text) }
            #expect(found == "log.jsonl:" + expected)
        }
        let table = try readLines("{\"u\": 1}\nno\n{\"u\": 2}", badRows: .skip)
        #expect(try rows(table, "u") == ["1", "2"])
    }

    private func dataErrorText(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: 0..<200)
    func anyLinesAreSafe(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "fuzz/lines")
        var bytes = Array(
            "{\"u\": \"a\\u00e9\", \"n\": 1e3, \"l\": [1, {\"x\": null}]}\n{\"u\": 2}\n".utf8)
        let alphabet = Array("\"{}[],:\\\n u0-.etn".utf8) + [0xFF, 0]
        for _ in 0...stream.below(6) {
            let place = stream.below(bytes.count)
            switch stream.below(3) {
            case 0: bytes[place] = alphabet[stream.below(alphabet.count)]
            case 1: bytes.insert(alphabet[stream.below(alphabet.count)], at: place)
            default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + stream.below(9)))
            }
            if bytes.isEmpty { bytes = [0x7B] }
        }
        let scratch = try Scratch()
        try scratch.write("log.jsonl", bytes)
        for policy in BadRowPolicy.allCases {
            do throws(DataError) {
                let table = FileTable(path: "log.jsonl", format: .jsonLines, badRows: policy)
                _ = try FileSource(interactions: table).load(in: scratch.environment())
            } catch .malformed(let place) {
                #expect(place.line >= 1 && place.column >= 1)
            } catch .unreadable {
                // No rows are left.
            } catch {
                Issue.record("\(error)")
            }
        }
    }

    @Test func atomicFilesHaveTypedHeaders() throws {
        let scratch = try Scratch()
        try scratch.write(
            "d.inter",
            "user_id:token\titem_id:token\trating:float\ttimestamp:float\nu\ti\t4\t978300760.0\n")
        try scratch.write("d.item", "item_id:token\tclass:token_seq\ni\tA B\nj\t\n")
        let data = try AtomicFileSource(prefix: "d").load(in: scratch.environment())
        #expect(try data.interactions.integers("timestamp") == [978_300_760])
        #expect(try data.candidates?.tokenLists("class")[0] == ["A", "B"])
        #expect(data.queries == nil)
        try scratch.write("d.inter", "user_id:token\titem_id\nu\ti\n")
        #expect(
            dataError { () throws(DataError) in
                _ = try AtomicFileSource(prefix: "d").load(in: scratch.environment())
            }
                == "d.inter:1:15: required NAME:TYPE with the type token, token_seq, float or "
                + "float_seq, found 'item_id'")
    }

    /// Mutations of a file end in a table or in an error with a place, never otherwise.
    @Test(arguments: 0..<200)
    func anyBytesAreSafe(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "fuzz")
        var bytes = Array(
            "\u{FEFF}u,i,r,t,l\r\n1,\"a\"\"b\",4.5,1970-01-02,x|y\n2,c,3,1970-01-01,\n".utf8)
        let alphabet = Array("\",\n\r|#0-.e\u{0}9".utf8) + [0xFF, 0x80]
        for _ in 0...stream.below(6) {
            let place = stream.below(bytes.count)
            switch stream.below(4) {
            case 0: bytes[place] = alphabet[stream.below(alphabet.count)]
            case 1: bytes.insert(alphabet[stream.below(alphabet.count)], at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + stream.below(9)))
            default: bytes += bytes[place...]
            }
            if bytes.isEmpty { bytes = [0x2C] }
        }
        let scratch = try Scratch()
        try scratch.write("log.csv", bytes)
        let columns = [
            ColumnDeclaration("r", .float), ColumnDeclaration("t", .timestamp, format: "iso8601"),
            ColumnDeclaration("l", .list),
        ]
        for policy in BadRowPolicy.allCases {
            do throws(DataError) {
                let table = try FileSource(
                    interactions: FileTable(path: "log.csv", columns: columns, badRows: policy)
                ).load(in: scratch.environment()).interactions
                #expect(table.rowCount > 0)
            } catch .malformed(let place) {
                #expect(place.line >= 1 && place.column >= 1)
            } catch .unreadable {
                // No rows are left.
            } catch {
                Issue.record("\(error)")
            }
        }
    }
}
