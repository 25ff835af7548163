import Retrieval
import TestSupport
import Testing

/// What mends a file is said where it is refused, and only where it helps.
@Suite struct OwnFileRemedyTests {
    private func message(
        _ files: [String: String], _ source: any SelectiveDataSource,
        _ request: DataRequest = DataRequest(query: "user_id", candidate: "item_id")
    ) throws -> String {
        let scratch = try Scratch()
        for (name, text) in files { try scratch.write(name, text) }
        do {
            let data = try source.load(
                for: request, in: scratch.environment(), progress: { _ in })
            let table = data.interactions
            _ = try table.column("user_id")
            return
                (["\(table.rowCount) rows of \(table.names.joined(separator: ", "))"]
                + data.origin.notes).joined(separator: "; ")
        } catch {
            return "\(error)"
        }
    }

    private func message(
        _ text: String, _ columns: [ColumnDeclaration] = [], badRows: BadRowPolicy = .error,
        decimal: String = "."
    ) throws -> String {
        var options = FileTable.Delimited()
        options.decimal = decimal
        return try message(
            ["log.csv": text],
            FileSource(
                interactions: FileTable(
                    path: "log.csv", format: .delimited(options), columns: columns,
                    badRows: badRows)))
    }

    @Test func aFirstLineThatIsARowIsSuspected() throws {
        let scratch = try Scratch()
        try scratch.write("log.csv", "user_id,item_id\nu,i\n")
        try scratch.write("items.csv", "101,Heat\n102,Alien\n")
        var source = FileSource(
            interactions: FileTable(path: "log.csv"), items: FileTable(path: "items.csv"))
        source.itemsJoining.key = nil
        #expect {
            try source.load(
                for: DataRequest(query: "user_id", candidate: "item_id"),
                in: scratch.environment(), progress: { _ in })
        } throws: {
            "\($0)".contains("by 'key': a first line that is a row goes by 'header: false'")
        }
    }

    @Test func numbersOfOtherFormsAreNamed() throws {
        let price = [ColumnDeclaration("price", .float)]
        func found(_ cell: String, decimal: String = ".") throws -> String {
            try message("user_id,item_id,price\nu,i,\"\(cell)\"\n", price, decimal: decimal)
        }
        #expect(try found("1,5").contains("'decimal: \",\"'"))
        for cell in ["1,231.50", "1,231,500"] {
            #expect(try found(cell).contains("without what stands between thousands"))
        }
        #expect(
            try found("1.231,50", decimal: ",").contains("without what stands between thousands"))
        for cell in ["$1.50", "3 €", "12%"] {
            #expect(try found(cell).contains("without the sign of a currency or of percent"))
        }
        #expect(try found("cheap").contains("required price, a finite number, found 'cheap'"))
    }

    @Test func textsThatAreNoLinesAreNamed() throws {
        let wide = "user_id,item_id\nu,i\n".map { "\($0)\0" }.joined()
        #expect(try message(wide).contains("bytes of 0, as UTF-16 without a byte order mark"))
        #expect(
            try message("user_id,item_id\ru,i\rv,i\r").contains("a carriage return alone"))
        #expect(
            try message("user_id   item_id\nu   i\n").contains("several blanks stand between"))
    }

    @Test func quotesAreBlamedWhereThereAreSome() throws {
        func isOfQuotes(_ text: String) throws -> Bool {
            let scratch = try Scratch()
            try scratch.write("log.csv", text)
            do {
                _ = try FileSource(interactions: FileTable(path: "log.csv"))
                    .load(in: scratch.environment(), progress: { _ in })
                return false
            } catch .malformed(let data) {
                return data.holdsQuote
            } catch {
                return false
            }
        }
        #expect(try isOfQuotes("user_id,item_id\nu,\"i\",j\n"))
        #expect(try !isOfQuotes("user_id,item_id\nu,i,j\n"))
        #expect(
            try message("user_id,item_id\nu,\"a \\\"b\\\" c\"\n").contains("'escape: \"\\\\\"'"))
    }

    @Test func remediesStandBesideTheCountsOfBadRows() throws {
        let text = """
            user_id,item_id,price,at
            u,i,1,1
            u,i,cheap,1
            u,i,NA,1
            u,i,1,7/14/2017 2:40

            """
        let found = try message(
            text, [ColumnDeclaration("price", .float), ColumnDeclaration("at", .timestamp)],
            badRows: .skip)
        #expect(
            found.contains(
                "(2 for want of price, a finite number; 1 for want of at, seconds since 1970)"))
        #expect(found.contains("of the bad rows of the interactions: 'missing' lists texts"))
        #expect(found.contains("of the bad rows of the interactions: this one is read by 'format"))
    }

    @Test func whatNobodyAsksForMayBeLackingInALaterFile() throws {
        var table = FileTable(path: "log.csv")
        table.parts = FileTable.HeldOutFiles(test: "test.csv")
        var request = DataRequest(query: "user_id", candidate: "item_id", columns: ["at"])
        request.showsOthers = true
        let first = "user_id,item_id,at,x\nu,i,1,2\n"
        let source = FileSource(interactions: table)
        let without = try message(
            ["log.csv": first, "test.csv": "item_id,user_id,at\ni,v,2\n"], source, request)
        #expect(without.hasPrefix("2 rows of user_id, item_id, at, "))
        #expect(without.contains("'x' is passed over: not all of the files have it"))
        let more = try message(
            ["log.csv": first, "test.csv": "user_id,item_id,x,y,at\nv,i,2,3,4\n"], source, request)
        #expect(more.hasPrefix("2 rows of user_id, item_id, at, x, "))
        #expect(
            try message(
                ["log.csv": first, "test.csv": "user_id,item_id,x\nv,i,2\n"], source, request
            )
            .contains("required the columns of the first file, found none called 'at'"))
    }

    @Test func foldersAndEndingsOfRecBoleAreNamed() throws {
        let text = "user_id:token\titem_id:token\nu\ti\n"
        #expect(
            try message(["ml/ml.inter": text], AtomicFileSource(prefix: "ml"))
                .contains(
                    "'path' names the files within without their ending, .inter, such as 'ml/ml'")
        )
        #expect(
            try message(["ml.inter": text], AtomicFileSource(prefix: "ml.inter"))
                .contains("'path' names the files without their ending: 'ml'"))
    }

    private func guess(
        _ files: [String: String], _ name: String, chosen: ChosenColumns = ChosenColumns()
    ) throws -> DelimitedGuess {
        let scratch = try Scratch()
        for (name, text) in files { try scratch.write(name, text) }
        return try DelimitedGuess(path: name, chosen: chosen, in: scratch.environment())
    }

    private func rows(_ row: (Int) -> String) -> String {
        (0..<40).map { row($0) + "\n" }.joined()
    }

    @Test func columnsWithoutNamesAreChosenByTheirNumber() throws {
        let text = rows { "\($0 % 5),\(100 + $0 % 7),\(200 + $0 % 3)" }
        let chosen = try guess(
            ["a.csv": text], "a.csv", chosen: ChosenColumns(candidate: "column_3"))
        #expect(chosen.columns.map(\.name) == ["user_id", "column_2", "item_id"])
        #expect {
            try guess(["a.csv": text], "a.csv", chosen: ChosenColumns(query: "user"))
        } throws: { "\($0)".contains("there are column_1, column_2, column_3") }
    }

    @Test func singleQuotesAreTold() throws {
        let text = "'user_id','item_id'\n" + rows { "'\($0 % 5)','\(100 + $0 % 7)'" }
        let guess = try guess(["a.csv": text], "a.csv")
        #expect(guess.query.column == "user_id")
        #expect(guess.textOptions.first?.value == .string("'"))
    }

    @Test func tablesByColumnsAreNoLines() throws {
        let text = "{\"user_id\":{\"0\":1,\"1\":2},\"item_id\":{\"0\":5,\"1\":6}}\n"
        #expect { try guess(["a.json": text], "a.json") } throws: {
            "\($0)".contains("to_json(orient='records', lines=True)")
        }
        let one = "{\"user_id\":1,\"item_id\":5,\"tags\":[\"a\",\"b\"]}\n"
        #expect(try guess(["a.json": one], "a.json").rowCount == 1)
    }

    @Test func heldOutFilesBesideAreNamed() throws {
        let text = "user_id,item_id\n" + rows { "\($0 % 5),\(100 + $0 % 7)" }
        let files = ["d/train.csv": text, "d/test.csv": text, "d/valid.csv": text]
        #expect(
            try guess(files, "d/train.csv").evidence == [
                "'d/valid.csv' and 'd/test.csv' stand beside it: 'validation_path: d/valid.csv', "
                    + "'test_path: d/test.csv' and 'split: files' hold them out"
            ])
        #expect(try guess(["d/train.csv": text], "d/train.csv").evidence.isEmpty)
    }

    @Test(arguments: [
        "14-Jul-2017 02:40", "Jul 14 2017  2:40AM", "Friday, July 14, 2017", "02:40 14.07.2017",
        "2017-07-14 02.40.00", "Fri 14 Jul 2017", "07-14-17",
    ])
    func moreWaysToWriteTimesAreRead(text: String) throws {
        let file = "user_id,item_id,when\n" + rows { "\($0 % 5),\($0 % 7),\"\(text)\"" }
        #expect(try guess(["a.csv": file], "a.csv").time?.column == "when")
    }

    @Test(arguments: [
        (ColumnDeclaration.TimeUnit.seconds, 978_300_760_000, "of the year 32971", "milliseconds"),
        (.seconds, 978_300_760_000_000, "of the year", "microseconds"),
        (.milliseconds, 978_300_760_000_000, "of the year 32971", "microseconds"),
        (.milliseconds, 978_300_760, "of 1970-01-12", "seconds"),
        (.nanoseconds, 978_300_760_000, "of 1970-01-01", "milliseconds"),
        (.seconds, 978_300_760, "", ""), (.microseconds, 978_300_760_000_000, "", ""),
        // Counted from the beginning of the log.
        (.seconds, 3600, "", ""),
    ])
    func unitsOfTimesAreDoubted(
        unit: ColumnDeclaration.TimeUnit, first: Int, age: String, meant: String
    ) throws {
        let scratch = try Scratch()
        try scratch.write("log.csv", "user_id,item_id,at\n" + rows { "u\($0),i,\(first + $0)" })
        let data = try FileSource(
            interactions: FileTable(
                path: "log.csv", columns: [ColumnDeclaration("at", .timestamp, unit: unit)])
        ).load(in: scratch.environment())
        guard !meant.isEmpty else {
            #expect(data.origin.notes == [])
            return
        }
        let note = try #require(data.origin.notes.first)
        #expect(note.hasPrefix("'at' of the interactions: read as \(unit.rawValue) since 1970"))
        #expect(note.contains(age) && note.hasSuffix("the column says 'unit: \(meant)'"), "\(note)")
    }

    @Test func wordsAmongTimesStandForNothing() throws {
        let text =
            "user,item,watched_date\n"
            + rows {
                "u\($0 % 5),i\($0 % 7)," + ($0 % 3 < 2 ? "never" : "2020-01-\(10 + $0 % 20)")
            }
        let found = try guess(["a.csv": text], "a.csv")
        #expect(found.time?.column == "watched_date" && found.missing == ["never"])
        // As many words as rows are no times.
        let titles = text.replacing("never", with: "\\N").replacing("2020-01-", with: "part ")
        #expect(try guess(["a.csv": titles], "a.csv").time == nil)
    }

    @Test func delimitersCutTheHeaderToo() throws {
        // Blanks on both sides; a comma that stands in all rows alone.
        for (delimiter, day) in [(" , ", "x"), (" | ", "x"), (";", "Monday, January 06, 2020")] {
            let text =
                ["user_id", "item_id", "when"].joined(separator: delimiter) + "\n"
                + rows {
                    ["u\($0 % 5)", "i\($0 % 7)", "\(day)"].joined(separator: delimiter)
                }
            let found = try guess(["a.csv": text], "a.csv")
            #expect(found.delimiter == delimiter && found.query.column == "user_id")
            #expect((found.time != nil) == (day != "x"))
        }
    }
}
