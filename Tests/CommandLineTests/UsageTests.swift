import Foundation
import Testing

struct UsageTests {
    @Test(arguments: [
        [], ["run"], ["validate"], ["spec.yaml", "--nonsense"], ["spec.yaml", "--threads", "0"],
        ["spec.yaml", "--threads", "two"], ["spec.yaml", "--seed", "-1"],
        ["spec.yaml", "--seed", "1.5"], ["spec.yaml", "--output"],
        ["spec.yaml", "spec.yaml", "--output", "out.json"], ["absent.yaml"],
        ["validate", "absent.yaml"], ["validate", "spec.yaml", "--seed", "-1"],
    ])
    func mistakesOnTheCommandLine(arguments: [String]) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 2)
            #expect(outcome.output == "")
            #expect(outcome.errors != "")
            #expect(tool.names() == ["spec.yaml"])
        }
    }

    @Test(arguments: [
        ["--help"], ["-h"], ["run", "--help"], ["validate", "--help"], ["help", "run"],
    ])
    func help(arguments: [String]) throws {
        try Tool.run { tool in
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            #expect(outcome.output.contains("USAGE: tfrs-run"))
        }
    }

    @Test func version() throws {
        try Tool.run { tool in
            let outcome = try tool("--version")
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            // The commit follows, where the build knew it.
            #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+( \([0-9a-f]{12}\+?\))?\n/) != nil)
        }
    }

    @Test(arguments: [
        (["list", "losses"], "categorical_crossentropy"), (["list"], "adagrad"),
        (["explain", "train.epochs", "task"], "train.epochs\n"), (["reference"], "# Reference"),
        (["schema"], "json-schema.org"),
    ])
    func whatTheCatalogueSays(arguments: [String], expected: String) throws {
        try Tool.run { tool in
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            #expect(outcome.output.contains(expected))
        }
    }

    @Test(arguments: [
        (["list", "lossses"], "tfrs-run: there is no list of 'lossses'; did you mean 'losses'?\n"),
        (["explain", "los"], "tfrs-run: a spec has no 'los'; did you mean 'loss'?\n"),
    ])
    func whatTheCatalogueDoesNotKnow(arguments: [String], expected: String) throws {
        try Tool.run { tool in
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 2)
            #expect(outcome.output == "")
            #expect(outcome.errors == expected)
        }
    }

    @Test func anInstructionSetThatThereIsNot() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool("spec.yaml", environment: ["TFRS_ISA": "nonsense"])
            #expect(outcome.code == 2)
            #expect(outcome.output == "")
            #expect(
                outcome.errors
                    == "tfrs-run: TFRS_ISA requires one of plain, avx2, avx512, avx512vnni; "
                    + "found 'nonsense'\n")
            #expect(tool.names() == ["spec.yaml"])
        }
    }

    @Test(arguments: [
        (["validte", "spec.yaml"], "validate"), (["validte", "spec.yaml", "--strict"], "validate"),
        (["chek"], "check"), (["desribe"], "describe"), (["halp"], "help"),
    ])
    func aMistypedCommand(arguments: [String], meant: String) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 2)
            #expect(
                outcome.errors == """
                    tfrs-run: there is no command '\(arguments[0])', and no file of that name; did \
                    you mean '\(meant)'?

                    """)
            // A file of that name is one.
            try tool.write(Specs.small(), to: arguments[0])
            #expect(try tool(arguments[0], "-q").code == 0)
        }
    }
}
