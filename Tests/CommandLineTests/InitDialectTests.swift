import Foundation
import TestSupport
import Testing

/// What `init` tells of how a file is written, and that what it writes reads all there is.
struct InitDialectTests {
    struct Case: Sendable {
        var text: String
        /// What the spec says of it.
        var options: [String]
    }

    private static let count = 60

    private struct Row {
        let number: Int
        var user: Int { number % 7 }
        var item: Int { number % 9 }
    }

    private static func rows(_ line: (Row) -> String) -> String {
        (0..<count).map { line(Row(number: $0)) + "\n" }.joined()
    }

    private static let cases = [
        Case(
            text: "user_id,item_id,name\n"
                + rows { #"\#($0.user),\#($0.item),"a \"q\#($0.number)\" b, c""# },
            options: [#"escape: "\\""#]),
        Case(
            text: "user_id,item_id,name\n" + rows { "\($0.user),\($0.item),'a, b'" },
            options: ["quote: \"'\""]),
        Case(
            text: "user_id\titem_id\tname\n"
                + rows { "\($0.user)\t\($0.item)\t" + ($0.number == 30 ? "\"Al\" B" : "x") },
            options: ["delimiter: \"\\t\"", "quote: null"]),
        Case(
            text: "user_id, item_id, name\n" + rows { "\($0.user), \($0.item), x" },
            options: ["delimiter: \", \""]),
        Case(
            text: "# of 2020\n# all of it\nuser_id,item_id\n" + rows { "\($0.user),\($0.item)" },
            options: ["comment: \"#\""]),
        Case(
            text: "user_id|item_id|price\n" + rows { "\($0.user)|\($0.item)|\($0.number),50" },
            options: ["delimiter: \"|\"", "decimal: \",\""]),
        Case(
            text: ",,user_id,item_id\n"
                + rows { "\($0.number),\($0.number),\($0.user),\($0.item)" }, options: []),
        Case(
            text: "user_id,item_id,timestamp\n"
                + rows { "\($0.user),\($0.item),\(1_600_000_000 + $0.number)," },
            options: ["time: timestamp"]),
        Case(
            text: "user_id,item_id,day\n"
                + rows { "\($0.user),\($0.item),2024\(1001 + $0.number % 20)" },
            options: []),
        Case(
            text: "user_id,item_id,date\n"
                + rows { "\($0.user),\($0.item),2024\(1001 + $0.number % 20)" },
            options: ["format: \"%Y%m%d\""]),
        Case(
            text: "user_id,item_id,date\n"
                + rows {
                    "\($0.user),\($0.item),\"Sun, \(10 + $0.number % 20) Dec 2023 22:00:50 GMT\""
                },
            options: ["%a, %d %b %Y %H:%M:%S %Z"]),
        Case(
            text: "user_id,item_id,rating\n" + rows { "\($0.user + 1)e+05,\($0.item),1" },
            options: ["query: user_id"]),
    ]

    @Test(arguments: cases) func itIsToldAndRead(of example: Case) throws {
        try Tool.run { tool in
            try tool.write(example.text, to: "log.csv")
            let outcome = try tool("init", "--from", "log.csv")
            #expect(outcome.code == 0, "\(outcome.errors)")
            let spec = try tool.contents(of: "experiment.yaml")
            for option in example.options { #expect(spec.contains(option), "\(spec)") }
            let described = try tool("describe", "experiment.yaml", "--format", "json", "-q")
            #expect(described.output.contains("\"interactions\": \(Self.count)"), "\(described)")
            #expect(described.output.contains("\"with_interactions\": 7"), "\(described)")
            #expect(try tool("validate", "experiment.yaml", "--strict").code == 0)
        }
    }

    @Test func latin1IsTold() throws {
        try Tool.run { tool in
            let text = "user_id,item_id\n" + Self.rows { "us\u{E9}r\($0.user),\($0.item)" }
            try Data(text.unicodeScalars.map { UInt8($0.value) })
                .write(to: URL(filePath: tool.work + "/log.csv"))
            #expect(try tool("init", "--from", "log.csv").code == 0)
            #expect(try tool.contents(of: "experiment.yaml").contains("encoding: iso-8859-1"))
            #expect(try tool("describe", "experiment.yaml", "-q").errors == "")
        }
    }

    @Test(arguments: [
        ("Export of 2020\n\nuser_id,item_id\n1,2\n3,4\n1,4\n", "tail -n +2"),
        ("user  item\n1     2\n13    4\n1     4\n", "tr -s ' '"),
        ("user,item\r1,2\r3,4\r", "tr '\\r' '\\n'"),
        ("user_id,item_id\n,2\n,4\n,1\n,7\n", "hold nothing in 'user_id'"),
        ("{\"data\": [{\"user\": 1, \"item\": 2}]}\n", "jq -c '.NAME[]'"),
        ("<!DOCTYPE html>\n<html></html>\n", "an HTML page"),
    ])
    func whatHasToBeDoneIsSaid(text: String, expected: String) throws {
        try Tool.run { tool in
            try tool.write(text, to: "data.csv")
            let outcome = try tool("init", "--from", "data.csv")
            #expect(outcome.code == 5)
            #expect(outcome.errors.contains(expected), "\(outcome.errors)")
        }
    }

    /// A time that is not told is no silent split at random.
    @Test func aTimeOfNoUsualFormIsSaid() throws {
        try Tool.run { tool in
            try tool.write(
                "user_id,item_id,date\n"
                    + Self.rows { "\($0.user),\($0.item),2020-W\(10 + $0.number % 40)-1" },
                to: "log.csv")
            let outcome = try tool("init", "--from", "log.csv")
            #expect(outcome.errors.contains("'date' is called as times are, but '2020-W10-1'"))
        }
    }
}
