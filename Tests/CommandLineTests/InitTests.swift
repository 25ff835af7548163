import Foundation
import Testing

struct InitTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

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
            let data = Self.root.appending(path: "experiments/own-data/interactions.csv")
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

    @Test(arguments: [
        ("", "it has no rows"), ("one\ntwo\nthree\n", "no comma, tab"),
        ("user,item\n", "it has a header and no rows"),
        ("a,b\n0.5,0.25\n0.1,0.3\n", "requires two columns of ids; found a, b"),
    ])
    func filesThatAreNoInteractions(text: String, expected: String) throws {
        try Tool.run { tool in
            try tool.write(text, to: "data.csv")
            let outcome = try tool("init", "--from", "data.csv")
            #expect(outcome.code == 5)
            #expect(outcome.output == "")
            #expect(outcome.errors.hasPrefix("tfrs-run: "))
            #expect(outcome.errors.contains(expected), "\(outcome.errors)")
            #expect(tool.names() == ["data.csv"])
            #expect(try tool("init", "--from", "absent.csv").code == 5)
        }
    }
}
