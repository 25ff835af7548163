import Foundation
import TestSupport
import Testing

struct InitTests {
    /// What `init` writes validates without a warning, and runs.
    private static func expectRun(_ tool: Tool, _ spec: String) throws {
        let validation = try tool("validate", spec, "--strict")
        #expect(validation.errors == "tfrs-run: 1 spec: right\n")
        let run = try tool(spec, "-q", "--set", "train.epochs=1", "--output", "out.json")
        #expect(run.errors == "")
        #expect(run.code == 0)
    }

    @Test func theTutorial() throws {
        try Tool.run { tool in
            let outcome = try tool("init")
            #expect(outcome.code == 0)
            #expect(outcome.output == "experiment.yaml\n")
            #expect(outcome.errors == "tfrs-run: look at it by: tfrs-run plan experiment.yaml\n")
            let text = try tool.contents(of: "experiment.yaml")
            #expect(text.contains("name: experiment\n"))
            #expect(try tool("validate", "experiment.yaml", "--strict").code == 0)

            // Nothing is lost.
            try tool.write("mine", to: "experiment.yaml")
            let again = try tool("init")
            #expect(again.code == 2)
            #expect(
                again.errors
                    == "tfrs-run: 'experiment.yaml' is there already; --force replaces it\n")
            #expect(try tool.contents(of: "experiment.yaml") == "mine")
            #expect(try tool("init", "--force", "-q").code == 0)
            #expect(try tool.contents(of: "experiment.yaml") == text)
        }
    }

    @Test func ownData() throws {
        try Tool.run { tool in
            let data = Repository.file("experiments/own-data/interactions.csv")
            try tool.write(try String(contentsOf: data, encoding: .utf8), to: "log.csv")
            let outcome = try tool("init", "--from", "log.csv", "--output", "specs/own.yaml")
            #expect(outcome.code == 0)
            #expect(
                outcome.errors == """
                    log.csv, as far as it tells:
                      1066 rows, commas between fields, a header
                      query: customer, by its name
                      candidate: sku, by its name
                      time: viewed_at, by its name
                      other columns: seconds (integer)
                    tfrs-run: look at it by: tfrs-run plan specs/own.yaml

                    """)
            try Self.expectRun(tool, "specs/own.yaml")
        }
    }

    /// No header, an odd delimiter, ids that look like numbers, times in milliseconds, a broken
    /// row.
    @Test func anOddFile() throws {
        try Tool.run { tool in
            var lines = (0..<200).map { row in
                let (user, item) = (row % 20, row * 7 % 50)
                return "\(user)::\(item)::\(row % 5)::\(978_300_760_000 + row * 60_000)"
            }
            lines.insert("3::4", at: 17)
            try tool.write(lines.joined(separator: "\r\n") + "\r\n", to: "odd.dat")
            let outcome = try tool("init", "--from", "odd.dat")
            #expect(outcome.code == 0)
            for line in [
                "  200 rows, '::' between fields, no header\n", "  query: user_id, by its place\n",
                "  time: timestamp, by its values\n", "  other columns: column_3 (integer)\n",
                "  bad rows, to be skipped: 1\n",
            ] {
                #expect(outcome.errors.contains(line), "\(line)")
            }
            #expect(
                try tool.contents(of: "experiment.yaml").contains(
                    "{name: timestamp, type: timestamp, unit: milliseconds}"))
            let run = try tool(
                "experiment.yaml", "-q", "--set", "train.epochs=1", "--output", "out.json")
            #expect(run.code == 0)
        }
    }

    /// Quotes, a semicolon, names that mean something else in YAML, a list, and no time.
    @Test func aSpreadsheet() throws {
        try Tool.run { tool in
            let rows = (0..<60).map { row in
                "\"u;\(row % 6)\";\"n° \(row * 5 % 12)\";a|b|\(row % 3);\(Double(row) / 8)"
            }
            try tool.write(
                "Customer: no;null;tags;price\n" + rows.joined(separator: "\n"), to: "sheet.csv")
            let outcome = try tool("init", "--from", "sheet.csv", "--output", "sheet.yaml")
            #expect(outcome.code == 0)
            #expect(outcome.errors.contains("  query: Customer: no, by its name\n"))
            #expect(outcome.errors.contains("  candidate: null, by its place\n"))
            #expect(outcome.errors.contains("  no column of times\n"))
            #expect(outcome.errors.contains("  other columns: tags (list), price (float)\n"))
            try Self.expectRun(tool, "sheet.yaml")
        }
    }

    @Test func aFileThatIsNotThere() throws {
        try Tool.run { tool in
            let outcome = try tool("init", "--from", "absent.csv")
            #expect(outcome.code == 5)
        }
    }

    /// The first line leads an editor to the schema that stands beside the spec.
    @Test func theSchemaForEditors() throws {
        try Tool.run { tool in
            #expect(try tool("init", "--output", "specs/a.yaml", "-q").code == 0)
            #expect(tool.names(in: "specs") == ["a.yaml", "experiment.schema.json"])
            let text = try tool.contents(of: "specs/a.yaml")
            #expect(
                text.hasPrefix("# yaml-language-server: $schema=experiment.schema.json\n# A two-"))
            let schema = try tool.json("specs/experiment.schema.json")
            try tool.write(tool("schema").output, to: "printed.json")
            #expect(try tool.json("printed.json") == schema)
            // A stale one is renewed.
            try tool.write("{}", to: "specs/experiment.schema.json")
            #expect(try tool("init", "--output", "specs/b.yaml", "-q").code == 0)
            #expect(try tool.json("specs/experiment.schema.json") == schema)

            #expect(try tool("init", "--no-schema", "-q").code == 0)
            #expect(tool.names() == ["experiment.yaml", "printed.json", "specs"])
            #expect(try tool.contents(of: "experiment.yaml").hasPrefix("# A two-tower"))
        }
    }
}

/// What `init` makes of other formats and of untidy files.
struct InitGuessTests {
    private func expectRun(_ tool: Tool, _ spec: String = "experiment.yaml") throws {
        let run = try tool(spec, "-q", "--set", "train.epochs=1", "--output", "out.json")
        #expect(run.code == 0, "\(run.errors)")
    }

    private static func rows(_ count: Int, _ row: (Int) -> String) -> String {
        (0..<count).map { row($0) + "\n" }.joined()
    }

    @Test func jsonLines() throws {
        try Tool.run { tool in
            try tool.write(
                Self.rows(100) {
                    """
                    {"overall": \($0 % 5).0, "reviewerID": "r\($0 % 9)", "asin": "b\($0 % 11)", \
                    "unixReviewTime": \(1_400_000_000 + $0)}
                    """
                }, to: "reviews.json")
            let outcome = try tool("init", "--from", "reviews.json")
            #expect(outcome.errors.contains("  100 rows, one JSON object a line\n"))
            #expect(outcome.errors.contains("  query: reviewerID, by its name\n"))
            #expect(outcome.errors.contains("  candidate: asin, by its name\n"))
            #expect(outcome.errors.contains("  time: unixReviewTime, by its name\n"))
            try expectRun(tool)
        }
    }

    @Test func parquet() throws {
        try Tool.run { tool in
            let file = Repository.file("Tests/ParquetTests/Fixtures/pandas.parquet").path
            let outcome = try tool("init", "--from", file)
            #expect(outcome.code == 0)
            #expect(outcome.errors.contains("  24 rows, Parquet\n"))
            #expect(outcome.errors.contains("  query: user, by its name\n"))
            #expect(outcome.errors.contains("  candidate: item, by its name\n"))
            #expect(outcome.errors.contains("  time: when, by its name\n"))
            let spec = try tool.contents(of: "experiment.yaml")
            #expect(spec.contains("  source: parquet\n  interactions:\n    path: "))
            // Their types are the file's.
            #expect(!spec.contains("columns:"))
            #expect(try tool("describe", "experiment.yaml").code == 0)
        }
    }

    @Test func aColumnForEachItemIsRefused() throws {
        try Tool.run { tool in
            try tool.write(
                "person,alien,brazil,casablanca,dune,eraserhead\n"
                    + Self.rows(40) { "p\($0),\($0 % 5),0,3,\($0 % 2),1" }, to: "wide.csv")
            let outcome = try tool("init", "--from", "wide.csv")
            #expect(outcome.code == 5)
            #expect(outcome.errors.contains("a column for each item"))
            #expect(outcome.errors.contains("melt of pandas"))
        }
    }

    @Test func atomicFiles() throws {
        try Tool.run { tool in
            try tool.write(
                "user_id:token\titem_id:token\ttimestamp:float\n"
                    + Self.rows(100) { "u\($0 % 9)\ti\($0 % 11)\t\(1_400_000_000 + $0).0" },
                to: "d.inter")
            let outcome = try tool("init", "--from", "d.inter")
            #expect(outcome.errors.contains("  query: user_id, by its name\n"))
            let spec = try tool.contents(of: "experiment.yaml")
            #expect(spec.contains("  source: recbole\n  path: d\n"))
            try expectRun(tool)
        }
    }

    /// An index column, missing ids, a few bad times, whole numbers with decimals as ids.
    @Test func anUntidyFile() throws {
        try Tool.run { tool in
            try tool.write(
                ",userId,movieId,rating,at\n"
                    + Self.rows(400) { row in
                        let user = row % 40 == 7 ? "NaN" : "\(row % 20).0"
                        let day = "7/\(1 + row % 28)/2017"
                        let time = row % 100 == 3 ? "?" : "\(day) 2:\(10 + row % 50) AM"
                        return "\(row),\(user),\(row * 7 % 50),\(row % 5).5,\(time)"
                    }, to: "log.csv")
            let outcome = try tool("init", "--from", "log.csv")
            for line in [
                "  query: userId, by its name\n", "  time: at, by its values\n",
                "  userId: nothing in 10 of 400 rows (2.5%), as 'NaN': such rows are skipped\n",
            ] {
                #expect(outcome.errors.contains(line), "\(outcome.errors)")
            }
            let spec = try tool.contents(of: "experiment.yaml")
            #expect(spec.contains("{name: userId, type: integer}"))
            #expect(spec.contains("format: \"%m/%d/%Y %I:%M %p\""))
            #expect(spec.contains("on_bad_row: skip"))
            try expectRun(tool)
        }
    }

    /// A few bad times do not make another column of a column of times: the majority decides, and
    /// says so.
    @Test(arguments: [
        (bad: "0", every: 400, isDate: false, said: "1 of 400 rows (0.25%) hold times before 1990"),
        (bad: "1e23", every: 400, isDate: false, said: "1 of 400 rows (0.25%) do not fit its type"),
        (bad: "x", every: 400, isDate: true, said: "1 of 400 rows (0.25%) do not fit its type"),
        (
            bad: "20140732", every: 400, isDate: true,
            said: "1 of 400 rows (0.25%) do not fit its type"
        ),
        (
            bad: "never", every: 5, isDate: false,
            said: "nothing in 80 of 400 rows (20.0%), as 'never'"
        ),
        (
            bad: "1e23", every: 5, isDate: false,
            said: "80 of 400 rows (20.0%) do not fit its type"
        ),
    ])
    func aFewBadTimes(bad: String, every: Int, isDate: Bool, said: String) throws {
        try Tool.run { tool in
            try tool.write(
                "user,item,timestamp\n"
                    + Self.rows(400) { row in
                        let time = isDate ? 20_140_101 + row % 28 : 1_400_000_000 + row * 60
                        let cell = row % every == 3 ? bad : "\(time)"
                        return "u\(row % 20),i\(row * 7 % 50),\(cell)"
                    }, to: "log.csv")
            let outcome = try tool("init", "--from", "log.csv")
            #expect(outcome.errors.contains("  time: timestamp, by its name\n"))
            #expect(outcome.errors.contains("  timestamp: \(said)"), "\(outcome.errors)")
            #expect(try tool.contents(of: "experiment.yaml").contains("strategy: temporal"))
            try expectRun(tool)
        }
    }

    @Test func semicolonsAndDecimalCommas() throws {
        try Tool.run { tool in
            try tool.write(
                "user_id;item_id;price\n" + Self.rows(60) { "u\($0 % 7);i\($0 % 9);\($0),50" },
                to: "log.csv")
            _ = try tool("init", "--from", "log.csv")
            let spec = try tool.contents(of: "experiment.yaml")
            #expect(spec.contains("delimiter: \";\"") && spec.contains("decimal: \",\""))
            #expect(spec.contains("{name: price, type: float}"))
            try expectRun(tool)
        }
    }

    @Test func whatIsKnownIsSaid() throws {
        try Tool.run { tool in
            try tool.write(
                "a,b,c\n" + Self.rows(60) { "x\($0 % 7),y\($0 % 9),\(1_400_000_000 + $0)" },
                to: "log.csv")
            try tool.write(
                "code,title\n" + Self.rows(8) { "y\($0),t\($0)" }, to: "items.csv")
            let outcome = try tool(
                "init", "--from", "log.csv", "--query", "b", "--candidate", "a", "--time", "c")
            for line in [
                "  query: b, as given\n", "  candidate: a, as given\n", "  time: c, as given\n",
            ] {
                #expect(outcome.errors.contains(line), "\(outcome.errors)")
            }
            #expect(try tool("init", "--from", "log.csv", "--force", "--query", "z").code == 5)
            #expect(try tool("init", "--force", "--query", "z").code == 2)
            let joined = try tool(
                "init", "--from", "log.csv", "--force", "--candidate", "b", "--items", "items.csv")
            #expect(joined.errors.contains("  items: items.csv, by code\n"))
            let spec = try tool.contents(of: "experiment.yaml")
            #expect(spec.contains("    key: code\n    on_unlisted: unknown"))
            try expectRun(tool)
        }
    }

    @Test(arguments: [
        ("", "it has no rows"), ("one\ntwo\nthree\n", "no comma, tab"),
        ("user,item\n", "it has a header and no rows"),
        ("a,b\n0.5,0.25\n0.1,0.3\n", "requires two columns of ids; found a, b"),
        ("[{\"user\": 1}]\n", "JSON Lines"), ("SQLite format 3\0", "source: sqlite"),
        ("u\0s\0e\0r\0,\0", "UTF-16 without a byte order mark"),
        ("a,b\n1,2\n1,2\n3,4\n3,4\n1,2,3\n1\n1\n", "of its first"),
    ])
    func whatIsNoTableOfInteractionsIsRefused(text: String, expected: String) throws {
        try Tool.run { tool in
            try tool.write(text, to: "data.csv")
            let outcome = try tool("init", "--from", "data.csv")
            #expect(outcome.code == 5)
            #expect(outcome.output == "")
            #expect(outcome.errors.hasPrefix("tfrs-run: "))
            #expect(outcome.errors.contains(expected), "\(outcome.errors)")
            #expect(tool.names() == ["data.csv"])
        }
    }
}
