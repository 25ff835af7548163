import Foundation
import Testing

/// What the scripts do around the tool, in a folder that stands for a clone.
struct ScriptTests {
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts")

    private static func bash(
        _ tool: Tool, _ words: [String], environment: [String: String] = [:]
    ) throws -> Tool.Outcome {
        var bash = tool
        bash.executable = "/bin/bash"
        let folder = URL(filePath: Tool.path(of: "tfrs-run")).deletingLastPathComponent().path
        let path = ["PATH": folder + ":/usr/bin:/bin"]
        return try bash.start(words, environment: path.merging(environment) { $1 }).wait()
    }

    /// A build folder that was restored to another place is built anew, and says so once.
    @Test func aBuildFolderThatMoved() throws {
        try Tool.run { tool in
            let files = FileManager.default
            try files.createDirectory(
                atPath: tool.work + "/.build/x86_64-unknown-linux-gnu/release",
                withIntermediateDirectories: true)
            try files.createDirectory(
                atPath: tool.work + "/.build/checkouts", withIntermediateDirectories: true)
            try files.copyItem(atPath: Self.scripts.path, toPath: tool.work + "/scripts")
            let call = ["-euo", "pipefail", "-c", "source scripts/lib.sh; forget_moved_build"]

            try tool.write("inputs: [\"\(tool.work)/.build/a.o\"]\n", to: ".build/release.yaml")
            #expect(try Self.bash(tool, call).errors == "")
            #expect(tool.names(in: ".build").contains("x86_64-unknown-linux-gnu"))

            try files.removeItem(atPath: tool.work + "/.build/built-at")
            try tool.write("inputs: [\"/elsewhere/.build/a.o\"]\n", to: ".build/release.yaml")
            let moved = try Self.bash(tool, call)
            #expect(moved.code == 0)
            #expect(moved.errors.hasSuffix(".build was built at another place; building anew\n"))
            #expect(tool.names(in: ".build") == ["built-at", "checkouts"])
            #expect(try Self.bash(tool, call).errors == "")
        }
    }

    /// The steps of action.yml: a check, and a sweep in parts that are joined and checked.
    @Test func theActionForGitHub() throws {
        try GateTests.accepted { tool in
            let action = Self.scripts.appending(path: "action").path
            func run(_ inputs: [String: String]) throws -> (code: Int32?, outputs: String) {
                try tool.write("", to: "outputs")
                let outcome = try Self.bash(
                    tool, [action, "run"],
                    environment: inputs.merging(["GITHUB_OUTPUT": "outputs"]) { $1 })
                return (outcome.code, try tool.contents(of: "outputs"))
            }
            let check = ["TFRS_SPEC": "*.yaml", "TFRS_BASELINE": "base.json"]
            #expect(try run(check) == (0, "report=tfrs-run-report\nverdict=pass\n"))
            #expect(
                tool.names(in: "tfrs-run-report")
                    == ["junit.xml", "report.html", "report.json", "report.md", "results"])

            for part in ["1/2", "2/2"] {
                let inputs = ["TFRS_SPEC": "spec.yaml", "TFRS_SHARD": part, "TFRS_REPORT": "r"]
                #expect(try run(inputs) == (0, "report=r\nverdict=completed\n"))
            }
            #expect(tool.names(in: "r/results") == ["spec-1-of-2", "spec-2-of-2"])
            let collect = ["TFRS_COLLECT": "r/results", "TFRS_BASELINE": "base.json"]
            #expect(try run(collect) == (0, "report=tfrs-run-report\nverdict=pass\n"))

            // Parts that a scheduler deals out stand in one folder, and are joined by the spec's name.
            for place in ["1", "2"] {
                let inputs = [
                    "TFRS_SPEC": "spec.yaml", "TFRS_SHARD": "auto", "TFRS_REPORT": "a",
                    "CI_NODE_INDEX": place, "CI_NODE_TOTAL": "2",
                ]
                #expect(try run(inputs) == (0, "report=a\nverdict=completed\n"))
            }
            #expect(tool.names(in: "a/results") == ["spec-auto"])
            let dealt = [
                "TFRS_COLLECT": "a/results", "TFRS_BASELINE": "base.json", "TFRS_REPORT": "j",
            ]
            #expect(try run(dealt) == (0, "report=j\nverdict=pass\n"))
            #expect(tool.names(in: "j/results") == ["spec"])

            try tool.write(GateTests.sweep(rate: "1.0e-6"), to: "spec.yaml")
            #expect(try run(check) == (3, "report=tfrs-run-report\nverdict=regression\n"))
            #expect(try run(["TFRS_BASELINE": "base.json"]).code == 1)
        }
    }
}
