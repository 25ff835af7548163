import Foundation
import ResultsFormat
import Safeguards
import Testing

/// Text from specs, data and results as it reaches terminals, logs and comments.
@Suite struct InjectionTests {
    /// Acts on a terminal, on a job's log and on the order of letters.
    private static let hostile =
        "::stop-commands::a\n::set-output name=a::b\u{1B}[2J\r\u{85}\u{2028}\u{202E}##[x]\u{FEFF}"
    private static let quoted =
        #""::stop-commands::a\n::set-output name=a::b\e[2J\r\N\L\u202E##[x]\uFEFF""#

    private func checkHarmless(_ outcome: Tool.Outcome, _ what: String) {
        for text in [outcome.output, outcome.errors] {
            let harmful = text.unicodeScalars.filter {
                VisibleText.isHarmful($0) && $0 != "\n" && $0 != "\t"
            }
            #expect(harmful.isEmpty, "\(what): \(harmful.map(\.value))")
            for line in text.split(whereSeparator: \.isNewline) {
                #expect(!line.drop { $0.isWhitespace }.hasPrefix("::"), "\(what): \(line)")
                #expect(!line.contains("##["), "\(what): \(line)")
            }
        }
    }

    @Test func namesInSpecs() throws {
        try Tool.run { tool in
            let spec = Specs.small(name: Self.quoted, epochs: 1)
            try tool.write(spec, to: "spec.yaml")
            try tool.write(spec + "sweep: {seeds: [1, 2]}\n", to: "sweep.yaml")
            for arguments in [
                ["spec.yaml", "--output", "a.json"], ["plan", "spec.yaml"],
                ["describe", "spec.yaml"],
                ["plan", "spec.yaml", "--format", "yaml"],
                ["plan", "spec.yaml", "--format", "json"],
                ["describe", "spec.yaml", "--format", "json"],
                ["validate", "spec.yaml", "--format", "json"],
                ["sweep.yaml", "--output", "sweep"], ["accept", "a.json", "--baseline", "b.json"],
                ["check", "a.json", "--baseline", "b.json", "--verbose"],
                ["diff", "a.json", "b.json"],
                ["validate", "spec.yaml", "--set", "name.x=1"],
            ] {
                let outcome = try tool.start(arguments).wait()
                checkHarmless(outcome, "\(arguments)")
                if !arguments.contains("name.x=1") {
                    #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
                }
            }
            #expect(try tool.document("a.json").experiment.name == Self.hostile)
        }
    }

    /// What is planned as YAML or JSON is run to the same digest.
    @Test(arguments: ["yaml", "json"]) func plansAreReadBack(format: String) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(name: Self.quoted, epochs: 1), to: "spec.yaml")
            #expect(try tool("spec.yaml", "--quiet", "--output", "a.json").code == 0)
            let plan = try tool(
                "plan", "spec.yaml", "--quiet", "--format", format, "--output", "plan.yaml")
            #expect(plan.code == 0, "\(plan.errors)")
            let again = try tool("plan.yaml", "--quiet", "--output", "b.json")
            #expect(again.code == 0, "\(again.errors)")
            #expect(try tool.document("a.json").digest == tool.document("b.json").digest)
        }
    }

    @Test func namesInData() throws {
        try Tool.run { tool in
            try tool.write(
                "user_id,item_id,\"\(Self.hostile)\"\na,b,1\nc,d,x\n", to: "x.csv")
            let towers = Specs.small().split(separator: "\n").filter {
                $0.contains("towers") || $0.contains("string_lookup")
            }.joined(separator: "\n")
            try tool.write(
                """
                name: data
                data:
                  source: csv
                  interactions: {path: x.csv, columns: [{name: \(Self.quoted), type: float}]}
                \(towers)
                """, to: "spec.yaml")
            for arguments in [
                ["spec.yaml"], ["describe", "spec.yaml"], ["init", "--from", "x.csv"],
            ] {
                checkHarmless(try tool.start(arguments).wait(), "\(arguments)")
            }
            let run = try tool("spec.yaml")
            #expect(run.code == 5)
            #expect(run.errors.contains("x.csv:"))
        }
    }

    /// Results from somewhere, with names and reasons of somebody's choice.
    @Test func namesInResults() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(epochs: 1), to: "spec.yaml")
            #expect(try tool("spec.yaml", "--quiet", "--output", "a.json").code == 0)
            let escaped = try JSONValue.string(Self.hostile).jsonText(.compact).dropFirst()
                .dropLast()
            let text = try tool.contents(of: "a.json")
                .replacing("\"name\": \"small\"", with: "\"name\": \"\(escaped)\"")
                .replacing("factorized_top_k/top_1_", with: "\(escaped)/top_1_")
                .replacing(
                    "\"status\": \"completed\"",
                    with: """
                        "status": "failed", "failure": {"reason": "\(escaped)"}
                        """)
            try tool.write(text, to: "b.json")
            for arguments in [
                ["check", "b.json", "--baseline", "a.json", "--markdown", "m.md"],
                ["check", "a.json", "--baseline", "b.json", "--verbose"],
                ["diff", "a.json", "b.json"],
                ["accept", "b.json", "--baseline", "base.json"],
            ] {
                checkHarmless(try tool.start(arguments).wait(), "\(arguments)")
            }
            let github = try tool.start(
                ["check", "b.json", "--baseline", "a.json"], environment: ["GITHUB_ACTIONS": "true"]
            ).wait()
            let commands = github.output.split(separator: "\n").filter { $0.hasPrefix("::") }
            #expect(!commands.isEmpty)
            #expect(commands.allSatisfy { $0.hasPrefix("::error") || $0.hasPrefix("::warning") })
        }
    }

    @Test func theEnvironmentIsNoData() throws {
        try Tool.run { tool in
            let secret = ["SECRET": "hunter2"]
            for path in ["/proc/self/environ", "/dev/stdin", "/dev/zero"] {
                try tool.write(
                    Specs.small().replacing("source: synthetic", with: "source: csv").replacing(
                        "  users: 24\n  items: 120\n  interactions: 300\n",
                        with: "  interactions: {path: \(path)}\n"), to: "spec.yaml")
                try tool.write("extends: \(path)\n", to: "extends.yaml")
                for file in ["spec.yaml", "extends.yaml"] {
                    let outcome = try tool.start([file], environment: secret).wait()
                    #expect([2, 5].contains(outcome.code))
                    #expect(!outcome.errors.contains("hunter2"))
                    #expect(outcome.errors.contains("not a regular file"), "\(outcome.errors)")
                }
            }
        }
    }
}
