import Retrieval
import TestSupport
import Testing

/// What an owner is told whose file is not read as it is, and what is no longer taken for something
/// else.
@Suite struct OwnFileHintTests {
    private func message(
        _ files: [String: String], _ source: any SelectiveDataSource, query: String = "user_id"
    ) throws -> String {
        let scratch = try Scratch()
        for (name, text) in files { try scratch.write(name, text) }
        do {
            let data = try source.load(
                for: DataRequest(query: query, candidate: "item_id"), in: scratch.environment(),
                progress: { _ in })
            _ = try data.interactions.column(query)
            return "\(data.interactions.rowCount) rows"
        } catch {
            return "\(error)"
        }
    }

    private func table(_ columns: [ColumnDeclaration] = [], hasHeader: Bool = true) -> FileTable {
        var options = FileTable.Delimited()
        options.hasHeader = hasHeader
        return FileTable(path: "log.csv", format: .delimited(options), columns: columns)
    }

    @Test func namesAreNoRow() throws {
        let columns = [ColumnDeclaration("user_id"), ColumnDeclaration("item_id")]
        let source = FileSource(interactions: table(columns, hasHeader: false))
        let found = try message(["log.csv": "user_id,item_id\nu,i\n"], source)
        #expect(found.contains("log.csv:1:1: required a row, as 'header: false' says, found the"))
        #expect(try message(["log.csv": "user_id,i\nu,i\n"], source) == "2 rows")
        #expect(try message(["log.csv": "u,i\n"], source) == "1 rows")
    }

    @Test func theDelimiterIsAskedFor() throws {
        let source = FileSource(interactions: table())
        for (delimiter, written) in [("\t", "\\t"), (";", ";"), ("|", "|"), ("::", "::")] {
            let text = "user_id,item_id\nu,i\n".replacing(",", with: delimiter)
            #expect(
                try message(["log.csv": text], source)
                    .contains(": is \"\(written)\" the 'delimiter'?"))
        }
        #expect(
            try message(["log.csv": "a, user_id, item_id\n1, u, i\n"], source)
                .contains("the blanks before them go by 'delimiter: \", \"'"))
    }

    @Test func whatALaterFileLacksIsNamed() throws {
        var table = table()
        table.parts = FileTable.HeldOutFiles(test: "test.csv")
        let files = [
            "log.csv": "user_id,item_id,at,x\nu,i,1,2\n", "test.csv": "user_id,item_id\n",
        ]
        #expect(
            try message(files, FileSource(interactions: table))
                .contains("required the columns of the first file, found none called 'at', 'x'"))
    }

    @Test func partsOfRecBoleAreNamed() throws {
        let text = "user_id:token\titem_id:token\nu\ti\n"
        let files = ["m.train.inter": text, "m.test.inter": text]
        #expect(
            try message(files, AtomicFileSource(prefix: "m"))
                .contains("there are the parts test, train in its place, which 'benchmark_filename")
        )
        #expect(
            try message([:], AtomicFileSource(prefix: "m")).contains("No such file or directory"))
    }

    @Test func aYearOfTwoDigitsIsAnotherPattern() throws {
        let text = "user_id,item_id,at\nu,i,7/14/17 2:40\n"
        func at(_ format: String) throws -> String {
            let columns = [ColumnDeclaration("at", .timestamp, format: format)]
            return try message(["log.csv": text], FileSource(interactions: table(columns)))
        }
        #expect(
            try at("%m/%d/%Y %H:%M").contains("(this one is read by 'format: %m/%d/%y %H:%M')"))
        #expect(try at("%m/%d/%y %H:%M") == "1 rows")
    }

    @Test func aFilterSaysWhatThereIs() throws {
        let table = Table(
            name: "interactions",
            columns: [("event", .tokens(TokenColumn(["view", "buy", "view"])))])
        do {
            _ = try TextFilter(column: "event", values: ["Buy"])
                .keptRows(of: table, in: InteractionContext())
            Issue.record("no error")
        } catch {
            #expect(
                "\(error)".contains("none of 3 interactions: what 'event' holds most is 'view', "))
        }
        // Truth is 1 in a column of whole numbers.
        let flags = Table(name: "interactions", columns: [("is_new", .integers([1, 0, 1]))])
        #expect(
            try TextFilter(column: "is_new", values: ["true"])
                .keptRows(of: flags, in: InteractionContext()) == [0, 2])
    }

    private func guess(_ name: String, _ text: String) throws -> DelimitedGuess {
        let scratch = try Scratch()
        try scratch.write(name, text)
        return try DelimitedGuess(path: name, in: scratch.environment())
    }

    @Test func numbersOfRowsNameNobody() throws {
        let rows = (0..<40).map { "\($0),w\($0 % 7),x\($0 % 5)\n" }.joined()
        for header in ["Unnamed: 0,who,what\n", ""] {
            let guess = try guess("log.csv", header + rows)
            let named = header.isEmpty ? ["user_id", "item_id"] : ["who", "what"]
            #expect([guess.query.column, guess.candidate.column] == named)
        }
    }

    @Test func membersWithinObjectsAreColumns() throws {
        let rows = (0..<40).map {
            "{\"user\": {\"id\": \"u\($0 % 7)\"}, \"item\": {\"id\": \($0 % 5)}, \"x\": [1]}\n"
        }
        let found = try guess("log.jsonl", rows.joined())
        #expect(found.query.column == "user.id" && found.candidate.column == "item.id")
        #expect(throws: DataError.self) { try guess("log.json", "{\n\"user\": 1\n}\n{\n") }
    }
}
