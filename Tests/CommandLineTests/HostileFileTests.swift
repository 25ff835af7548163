import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The built tool on files that were made to exhaust it, under the limits of the system.
@Suite struct HostileFileTests {
    /// Validates a file within a gigabyte of memory and 30 s of processor time.
    private func validate(_ text: String) throws -> Tool.Outcome {
        try Tool.run { tool in
            try tool.write(text, to: "spec.yaml")
            var shell = tool
            shell.executable = "/bin/sh"
            let path = Tool.path(of: "tfrs-run")
            return try shell(
                "-c", "ulimit -t 30; ulimit -v 1048576; exec '\(path)' validate spec.yaml")
        }
    }

    @Test func aliasBomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let alias = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(alias)]\n"
        }
        let outcome = try validate(text)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("there are more than 100000 values, aliases expanded"))
    }

    @Test func hugeScalar() throws {
        let outcome = try validate("loss: \(String(repeating: "x", count: 1_000_000))\n")
        #expect(outcome.code == 2)
        #expect(outcome.errors.utf8.count < 100_000)
    }

    @Test func hugeFile() throws {
        let outcome = try validate(String(repeating: "# a comment\n", count: 1_000_000))
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("the text is longer than 1048576 bytes"))
    }

    @Test func manyErrors() throws {
        let outcome = try validate((0..<80_000).map { "k\($0): 1\n" }.joined())
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("more errors are not shown"))
    }

    @Test func deepNesting() throws {
        let outcome = try validate("a: " + String(repeating: "[", count: 500_000))
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("collections are nested deeper than 64 levels"))
    }

    // MARK: Results

    /// Links that lead round in circles; each result counts once.
    @Test func foldersThatHoldThemselves() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(epochs: 1), to: "spec.yaml")
            #expect(try tool("spec.yaml", "--quiet", "--output", "r/a.json").code == 0)
            #expect(try tool("accept", "r/a.json", "--baseline", "b.json").code == 0)
            for name in ["a", "b", "c"] {
                try FileManager.default.createSymbolicLink(
                    atPath: tool.work + "/r/" + name, withDestinationPath: ".")
            }
            try FileManager.default.createSymbolicLink(
                atPath: tool.work + "/r/again.json", withDestinationPath: "a.json")
            let check = try tool("check", "r", "r", "--baseline", "b.json", "--json", "c.json")
            #expect(check.code == 0, "\(check.errors)")
            #expect(try tool("accept", "r", "--baseline", "d.json").code == 0)
            #expect(try tool.contents(of: "d.json") == tool.contents(of: "b.json"))
            #expect(try tool("diff", "r", "b.json").code == 0)
        }
    }

    @Test func pipesAndDevicesAsFiles() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(epochs: 1), to: "spec.yaml")
            #expect(try tool("spec.yaml", "--quiet", "--output", "a.json").code == 0)
            let pipe = tool.work + "/pipe.json"
            #expect(mkfifo(pipe, 0o600) == 0)
            for path in ["pipe.json", "/dev/zero", "/dev/stdin"] {
                for arguments in [
                    ["check", path, "--baseline", "a.json"],
                    ["check", "a.json", "--baseline", path],
                    ["diff", path, "a.json"], ["accept", path, "--baseline", "b.json"],
                ] {
                    let outcome = try tool.start(arguments).wait()
                    #expect(outcome.code == 2, "\(arguments): \(outcome.errors)")
                }
            }
            // Figures that results are made to name: such results do not agree with their digest, and
            // nothing is read or waited for.
            let text = try tool.contents(of: "a.json")
            for path in ["/dev/zero", pipe] {
                try tool.write(
                    text.replacing("\"per_query\": null", with: "\"per_query\": \"\(path)\""),
                    to: "named.json")
                let outcome = try tool("accept", "named.json", "--baseline", "c.json")
                #expect(outcome.code == 1, "\(outcome.errors)")
                #expect(outcome.errors.contains("their digest does not fit"))
            }
        }
    }
}
