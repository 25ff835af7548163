import Reporting
import ResultsFormat
import Testing

struct ListingTests {
    private func listing() throws -> RunListing {
        let runs = try [(1, 0.1), (2, 0.3), (3, 0.2)].map { seed, rate in
            try Samples.input(
                try Samples.run(named: "m", seed: seed, rate: rate), path: "\(seed).json")
        }
        return RunListing(runs)
    }

    private func files(_ table: TextTable) throws -> [String] {
        let column = try #require(table.columns.firstIndex(of: "file"))
        return table.rows.compactMap { $0[column].stringValue }
    }

    @Test func runsAreSortedAndFiltered() throws {
        let listing = try listing()
        let byRate = listing.table(where: [], by: "train.learning_rate")
        #expect(try files(byRate) == ["1.json", "3.json", "2.json"])
        let descending = listing.table(where: [], by: "-seed")
        #expect(try files(descending) == ["3.json", "2.json", "1.json"])
        let condition = try #require(RunCondition("train.learning_rate>=0.2"))
        #expect(try files(listing.table(where: [condition], by: "seed")) == ["2.json", "3.json"])
        for (text, count) in [
            ("seed=2", 1), ("seed!=2", 2), ("seed<2", 1), ("file~2.JS", 1), ("nothing>0", 0),
            ("test.recall@10>0.03", 3), ("status=completed", 3), ("started<2027", 3),
        ] {
            let condition = try #require(RunCondition(text))
            #expect(listing.table(where: [condition], by: "seed").rows.count == count, "\(text)")
        }
        #expect(RunCondition("seed") == nil)
        #expect(listing.knows("train.epochs") && !listing.knows("train.epoch"))
    }

    @Test func whatDiffersIsSaid() throws {
        let table = try listing().table(where: [], by: "seed")
        let column = try #require(table.columns.firstIndex(of: "differs"))
        #expect(
            table.rows.map { $0[column].stringValue } == [
                "learning_rate=0.1", "learning_rate=0.3", "learning_rate=0.2",
            ])
    }

    /// The main figures are listed, or those that are asked for, whatever else differs.
    @Test func figuresAreListed() throws {
        #expect(try listing().table(where: [], by: "seed").columns.contains("test.recall@10"))
        let runs = try (1...2).map { seed in
            try Samples.input(
                try Samples.run(named: "m", seed: seed, rate: Double(seed)), path: "\(seed).json")
        }
        let asked = RunListing(runs, metrics: ["loss", "recall@10"])
        let columns = asked.table(where: [], by: "seed").columns
        #expect(columns.contains("test.recall@10") && columns.contains("differs"))
    }

    /// On a narrow terminal what tells runs apart stays.
    @Test(arguments: [
        (
            nil,
            ["name", "started", "commit", "status", "seed", "test.recall@10", "differs", "file"]
        ),
        (80, ["name", "status", "seed", "test.recall@10", "differs", "file"]),
        (60, ["name", "seed", "test.recall@10", "differs", "file"]),
        (30, ["name", "seed", "test.recall@10", "differs"]),
    ])
    func columnsGiveWay(width: Int?, columns: [String]) throws {
        let table = try listing().table(where: [], by: "seed", isBrief: true, width: width)
        #expect(table.columns == columns)
    }

    /// Of runs that have little in common a person is shown as much as a line holds.
    @Test func muchThatDiffersIsCounted() throws {
        let runs = try (1...2).map { number in
            var run = try Samples.run(named: "m", seed: 1, rate: 0.1)
            var spec = run.experiment.spec
            spec["other"] = .object(
                OrderedMap((1...30).map { ("setting_\($0)", .integer(number * $0)) }))
            run.experiment = try ExperimentRecord(name: "m", spec: spec)
            return try Samples.input(run, path: "\(number).json")
        }
        let listing = RunListing(runs)
        func cells(isBrief: Bool) -> [String] {
            let table = listing.table(where: [], by: "file", isBrief: isBrief)
            return table.columns.firstIndex(of: "differs").map { column in
                table.rows.compactMap { $0[column].stringValue }
            } ?? []
        }
        #expect(
            cells(isBrief: true) == [
                "setting_1=1 setting_2=2 setting_3=3 setting_4=4 setting_5=5 … 25 more",
                "setting_1=2 setting_2=4 setting_3=6 setting_4=8 setting_5=10 … 25 more",
            ])
        #expect(cells(isBrief: false).first?.hasSuffix("setting_29=29 setting_30=30") == true)
    }

    /// Among runs of other experiments the trials of a sweep show what tells them apart.
    @Test func whatTellsTrialsApartStandsFirst() throws {
        let runs = try [("other", 9, 0.1), ("m", 5, 0.1), ("m", 5, 0.3)].map { name, epochs, rate in
            try Samples.input(
                try Samples.run(named: name, epochs: epochs, seed: 1, rate: rate),
                path: "\(name)-\(rate).json")
        }
        let table = RunListing(runs).table(where: [], by: "file", isBrief: true)
        let column = try #require(table.columns.firstIndex(of: "differs"))
        let cells = table.rows.compactMap { $0[column].stringValue }
        #expect(cells.count == 3)
        #expect(cells[0].hasPrefix("learning_rate=0.1 "), "\(cells)")
        #expect(cells[1].hasPrefix("learning_rate=0.3 "), "\(cells)")
        #expect(!cells[2].hasPrefix("learning_rate="), "\(cells)")
    }

    private let table = TextTable(
        columns: ["name", "value"],
        rows: [["a|b<c>", 0.25], ["=1+1", -1.5], ["x\"y,\nz", .null]])

    @Test func tablesAreAligned() {
        #expect(
            table.text(as: .table) == """
                name     value
                a|b<c>    0.25
                =1+1      -1.5
                x"y,\\nz      –

                """)
        #expect(
            table.text(as: .table, width: 10).split(separator: "\n").allSatisfy { $0.count <= 10 })
    }

    @Test func spreadsheetsTakeNothingForAFormula() {
        #expect(
            table.text(as: .csv) == "name,value\na|b<c>,0.25\n'=1+1,-1.5\n\"x\"\"y,\nz\",\n")
    }

    @Test func markdownHasNoMarkupFromNames() {
        #expect(
            table.text(as: .md) == """
                | name | value |
                | --- | --- |
                | a\\|b\\<c\\> | 0.25 |
                | =1+1 | -1.5 |
                | x"y,\\\\nz | – |

                """)
    }

    @Test func jsonHoldsTheValues() throws {
        let json = try JSONValue(parsing: table.text(as: .json))
        #expect(
            json == [
                ["name": "a|b<c>", "value": 0.25], ["name": "=1+1", "value": -1.5],
                ["name": "x\"y,\nz"],
            ])
    }

    @Test func comparisonsShowWhatDiffers() throws {
        let runs = try [0.1, 0.3].map { rate in
            try Samples.input(try Samples.run(named: "m", rate: rate), path: "\(rate).json")
        }
        let table = RunComparison(runs).table
        let rate = try #require(
            table.rows.first { $0[1] == "train.learning_rate" })
        #expect(rate[0] == "spec" && rate[2] == 0.1 && rate[3] == 0.3)
        #expect(abs(try #require(rate[4].doubleValue) - 0.2) < 1e-12)
        #expect(!table.rows.contains { $0[1] == "train.epochs" })
    }
}
