import ResultsFormat
import Testing

struct ValidateTests {
    private static let wrong = Specs.small("lr: 1\nzeed: 1")

    @Test func rightSpecs() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "right.yaml")
            // No data is read.
            try tool.write(Specs.movielens(offline: "error"), to: "real.yaml")
            let right = try tool("validate", "right.yaml", "real.yaml")
            #expect(right.code == 0)
            #expect(right.output == "")
            #expect(right.errors == "tfrs-run: 2 specs: all right\n")
            #expect(try tool("validate", "right.yaml", "-q").errors == "")
            #expect(tool.names() == ["real.yaml", "right.yaml"])
        }
    }

    @Test func everyErrorOfEveryFile() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "right.yaml")
            try tool.write(Self.wrong, to: "wrong.yaml")
            let outcome = try tool("validate", "wrong.yaml", "right.yaml", "absent.yaml")
            #expect(outcome.code == 2)
            #expect(outcome.output == "")
            #expect(
                outcome.errors == """
                    wrong.yaml:12:1: error: experiment has no 'lr'; \
                    did you mean 'train.optimizer.learning_rate'?
                       12 | lr: 1
                          | ^~
                    wrong.yaml:13:1: error: experiment has no 'zeed'; did you mean 'seed'?
                       13 | zeed: 1
                          | ^~~~
                    absent.yaml: error: there is no such file
                    tfrs-run: 3 specs: 1 right, 2 wrong (3 errors)

                    """)
        }
    }

    @Test func json() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "right.yaml")
            try tool.write(Self.wrong, to: "wrong.yaml")
            let outcome = try tool(
                "validate", "right.yaml", "wrong.yaml", "absent.yaml", "--format", "json")
            #expect(outcome.code == 2)
            #expect(outcome.errors == "")
            let report = try JSONValue(parsing: outcome.output)
            #expect(report["valid"] == .bool(false))
            #expect(report["errors"] == .integer(3))
            #expect(report["warnings"] == .integer(0))
            let specs = try #require(report["specs"]?.arrayValue)
            #expect(
                specs[0] == [
                    "path": "right.yaml", "valid": .bool(true), "experiments": .integer(1),
                    "diagnostics": [],
                ])
            #expect(specs[1]["diagnostics"]?.arrayValue?.count == 2)
            let second = try #require(specs[1]["diagnostics"]?.arrayValue?[1].objectValue)
            #expect(second["severity"] == "error")
            #expect(second["message"] == "experiment has no 'zeed'; did you mean 'seed'?")
            #expect(second["file"] == "wrong.yaml")
            #expect(second["line"] == .integer(13) && second["column"] == .integer(1))
            #expect(second["end_line"] == .integer(13) && second["end_column"] == .integer(5))
            let absent = try #require(specs[2]["diagnostics"]?.arrayValue?[0].objectValue)
            #expect(absent["line"] == nil)
        }
    }

    /// Percent signs, colons and commas in names do not break a workflow's commands.
    @Test func gitHub() throws {
        try Tool.run { tool in
            try tool.write(Specs.small("\"100%\": 1"), to: "a,b:c.yaml")
            let outcome = try tool(
                "validate", "a,b:c.yaml", "absent.yaml", "--format", "github", "-q")
            #expect(outcome.code == 2)
            #expect(outcome.errors == "")
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(
                lines[0].hasPrefix(
                    "::error file=a%2Cb%3Ac.yaml,line=12,col=1,endLine=12,endColumn=6::experiment "
                        + "has no '100%25'; it has "))
            #expect(lines[1] == "::error file=absent.yaml::there is no such file")
        }
    }

    @Test func warningsAreNoErrorsUnlessStrict() throws {
        try Tool.run { tool in
            try tool.write(Specs.small("task: {num_hard_negatives: 64}"), to: "spec.yaml")
            let outcome = try tool("validate", "spec.yaml")
            #expect(outcome.code == 0)
            #expect(outcome.errors.hasPrefix("spec.yaml:12:28: warning: "))
            #expect(outcome.errors.hasSuffix("\ntfrs-run: 1 spec: right (1 warning)\n"))

            let strict = try tool("validate", "spec.yaml", "--strict", "--format", "github")
            #expect(strict.code == 2)
            #expect(strict.output.hasPrefix("::warning file=spec.yaml,line=12,col=28,"))
            #expect(strict.errors == "tfrs-run: 1 spec: wrong (1 warning)\n")
        }
    }

    /// What is checked is what would run with the same options.
    @Test func settingsAndSeeds() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            try tool.write(Specs.small("sweep: {seeds: [1, 2]}"), to: "sweep.yaml")
            #expect(try tool("validate", "spec.yaml", "--seed", "7").code == 0)

            let wrong = try tool(
                "validate", "spec.yaml", "--set", "train.epochs=0", "--format", "github")
            #expect(wrong.code == 2)
            #expect(
                wrong.output
                    == "::error ::--set: 'epochs' requires an integer, at least 1; found 0\n")

            let json = try tool("validate", "sweep.yaml", "--format", "json")
            let entry = try JSONValue(parsing: json.output)["specs"]?.arrayValue?.first
            #expect(entry?["experiments"] == .integer(2))
            let seeded = try tool("validate", "sweep.yaml", "--seed", "7")
            #expect(seeded.code == 2)
            #expect(
                seeded.errors == """
                    sweep.yaml: error: --seed would replace the seeds of the sweep in sweep.yaml
                    tfrs-run: 1 spec: wrong (1 error)

                    """)
        }
    }
}
