import Foundation
import ResultsFormat
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Outputs that cannot be written, or must not be, are known before anything is trained.
@Suite struct OutputTests {
    /// A spec that would train for ever, so that whoever finds out afterwards never does.
    private static let endless = Specs.small(epochs: 1_000_000_000)

    @Test(arguments: [
        "", ".", "folder", "/dev/full", "file/below.json", String(repeating: "x", count: 300),
        "new/" + String(repeating: "x", count: 300),
    ])
    func outputsThatCannotBeWritten(path: String) throws {
        try Tool.run { tool in
            try tool.write(Self.endless, to: "spec.yaml")
            try tool.write("x", to: "file")
            try FileManager.default.createDirectory(
                atPath: tool.work + "/folder", withIntermediateDirectories: true)
            let outcome = try tool("spec.yaml", "--output", path)
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("cannot write"))
            #expect(outcome.output == "")
            #expect(!tool.names().contains { $0.hasPrefix(".tfrs") })
        }
    }

    @Test func outputsThatAreInputs() throws {
        try Tool.run { tool in
            let spec = """
                extends: base.yaml
                data: {source: csv, interactions: {path: x.csv}}

                """
            try tool.write(Self.endless.replacing("data:", with: "x-data:"), to: "base.yaml")
            try tool.write(spec, to: "spec.yaml")
            try tool.write("user_id,item_id\na,b\nc,d\n", to: "x.csv")
            try FileManager.default.createSymbolicLink(
                atPath: tool.work + "/link.json", withDestinationPath: "x.csv")
            for name in [
                "spec.yaml", "base.yaml", "x.csv", "./x.csv", "link.json",
                "new/../spec.yaml", "new/deep/.././../x.csv",
            ] {
                for arguments in [
                    ["spec.yaml", "--output", name],
                    ["spec.yaml", "--set", "evaluate.per_query=\(name)"],
                    ["plan", "spec.yaml", "--output", name],
                    ["describe", "spec.yaml", "--output", name],
                ] {
                    let outcome = try tool.start(arguments).wait()
                    #expect(outcome.code == 2, "\(arguments): \(outcome.errors)")
                    #expect(outcome.errors.contains("would overwrite"), "\(outcome.errors)")
                }
            }
            #expect(try tool.contents(of: "spec.yaml") == spec)
        }
    }

    @Test func outputsThatAreOneFile() throws {
        try Tool.run { tool in
            try tool.write(Self.endless, to: "spec.yaml")
            let outcome = try tool(
                "spec.yaml", "--output", "a.json", "--set", "evaluate.per_query=./a.json")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("name the same file"))
        }
    }

    /// A spec may not have whatever it likes replaced by figures.
    @Test func figuresReplaceOnlyFigures() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small("evaluate: {per_query: .bashrc}"), to: "spec.yaml")
            try tool.write("alias x=y\n", to: ".bashrc")
            let outcome = try tool("spec.yaml", "--output", "a.json")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("it is not replaced"))
            #expect(try tool.contents(of: ".bashrc") == "alias x=y\n")
            try FileManager.default.removeItem(atPath: tool.work + "/.bashrc")
            for _ in 0..<2 { #expect(try tool("spec.yaml", "--output", "a.json").code == 0) }
        }
    }

    @Test(arguments: [
        "list", "reference", "schema", "plan spec.yaml --quiet", "--help", "--version",
    ])
    func aFullStandardOutputIsAnError(command: String) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            var shell = tool
            shell.executable = "/bin/sh"
            let outcome = try shell(
                "-c", "exec '\(Tool.path(of: "tfrs-run"))' \(command) > /dev/full")
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("cannot write to the standard output"))
        }
    }

    /// Nobody reads what the run says: it goes on, and its results are there.
    @Test func aClosedStandardErrorEndsNothing() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            var shell = tool
            shell.executable = "/bin/bash"
            let outcome = try shell(
                "-c",
                """
                '\(Tool.path(of: "tfrs-run"))' spec.yaml --output a.json 2>&1 >/dev/null | :
                exit ${PIPESTATUS[0]}
                """)
            #expect(outcome.code == 0)
            #expect(try tool.document("a.json").status == .completed)
        }
    }

    @Test func aFileThatMayNotGrowIsAnError() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            var shell = tool
            shell.executable = "/bin/sh"
            let outcome = try shell(
                "-c", "ulimit -f 1; exec '\(Tool.path(of: "tfrs-run"))' spec.yaml --output a.json")
            #expect(outcome.code == 1)
            #expect(tool.names() == ["spec.yaml"])
        }
    }

    /// What a killed run left goes with the next.
    @Test func leftoversAreCleared() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            try tool.write("half", to: ".tfrs-abc.tmp")
            #expect(try tool("spec.yaml", "--output", "a.json").code == 0)
            #expect(tool.names() == ["a.json", "spec.yaml"])
        }
    }

    @Test func sweepsOfOtherLettersHaveOtherFolders() throws {
        try Tool.run { tool in
            for (file, name) in [("a.yaml", "模型一"), ("b.yaml", "模型二")] {
                try tool.write(
                    Specs.small(name: name, epochs: 1, "sweep: {seeds: [1]}"), to: file)
                #expect(try tool(file, "--quiet").code == 0)
            }
            #expect(tool.names(in: "results").count == 2)
            // And nobody's folder is taken by another sweep.
            let folder = "results/" + tool.names(in: "results")[0]
            let outcomes = try ["a.yaml", "b.yaml"].map { try tool($0, "--output", folder) }
            #expect(outcomes.map(\.code).sorted { ($0 ?? 0) < ($1 ?? 0) } == [0, 2])
            #expect(outcomes.contains { $0.errors.contains("name another folder") })
        }
    }
}
