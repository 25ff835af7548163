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
        // Help on what is no command, and an option alone that is none, are not taken for others.
        (["help", "chek"], "tfrs-run: there is no command 'chek'; did you mean 'check'?\n"),
        (
            ["help", "sweep"],
            "tfrs-run: there is no command 'sweep'; what stands in a spec is told by: tfrs-run explain "
                + "sweep\n"
        ),
        (["--verison"], "tfrs-run: there is no option '--verison'; did you mean '--version'?\n"),
        (["--hlep"], "tfrs-run: there is no option '--hlep'; did you mean '--help'?\n"),
        (["-v"], "tfrs-run: there is no option '-v'; did you mean '--version'?\n"),
    ])
    func whatIsNotKnown(arguments: [String], expected: String) throws {
        try Tool.run { tool in
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 2)
            #expect(outcome.output == "")
            #expect(outcome.errors == expected)
        }
    }

    /// A folder in the place of a spec: which specs it holds, or what else.
    @Test func foldersAreNoSpecs() throws {
        try Tool.run { tool in
            let spec = Specs.small()
            for name in ["one/a.yaml", "two/a.yaml", "two/b.yaml"] {
                try tool.write(spec, to: name)
            }
            try tool.write("", to: "none/notes.txt")
            #expect(try tool("one/a.yaml", "-q", "--output", "made/a.json").code == 0)
            for (folder, hint) in [
                ("one", "did you mean one/a.yaml?"),
                ("two/", "it holds 2 specs: name one, such as two/a.yaml, or all by two/*.yaml"),
                ("none", "it holds no specs (*.yaml)"),
                (
                    "made",
                    "it holds results: tfrs-run runs made lists them, and tfrs-run report made "
                        + "shows them"
                ),
            ] {
                for command in [[], ["plan"], ["validate", "-q"]] {
                    let outcome = try tool.start(command + [folder]).wait()
                    #expect(outcome.code == 2)
                    #expect(
                        outcome.errors
                            == "\(folder): error: this is a directory, not a file\n  \(hint)\n")
                }
            }
        }
    }

    /// A plan runs nothing, and takes no options of what runs leave.
    @Test func plansTakeWhatTheyHeed() throws {
        try Tool.run { tool in
            let help = try tool("plan", "--help").output
            for option in ["--save-model <", "--resume ", "--max-trials <"] {
                #expect(!help.contains("\n  \(option)"), "\(option)")
                #expect(try tool("run", "--help").output.contains("\n  \(option)"), "\(option)")
            }
            #expect(help.contains("\n  --threads <"))
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

    @Test(arguments: [["--version"], ["--help"], ["-h"], ["help"], ["help", "check"]])
    func requestsForHelp(arguments: [String]) throws {
        try Tool.run { tool in
            let outcome = try tool.start(arguments).wait()
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
        }
    }
}
