import Foundation
import Testing

/// What is shown to somebody at a terminal, which is narrow or wide.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
struct TerminalTests {
    /// The lines that the tool leaves on a terminal of so many columns, or draws there.
    private static func lines(of tool: Tool, _ width: Int, _ arguments: String) throws -> [String] {
        var script = tool
        script.executable = "/usr/bin/script"
        let command = "stty cols \(width); exec '\(Tool.path(of: "tfrs-run"))' \(arguments)"
        let shown = try script(
            "--quiet", "--return", "--command", command, "/dev/null",
            environment: ["TERM": "xterm", "NO_COLOR": "1", "PATH": "/usr/bin:/bin"])
        return shown.output.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "\n")
            .split { $0.isNewline || $0 == "\r" }.map(String.init)
    }

    /// A line ends between two words before the edge; a word that is longer has it to itself.
    @Test(arguments: [40, 60, 100], ["spec.yaml", "sweep.yaml"])
    func linesFit(width: Int, spec: String) throws {
        try Tool.run { tool in
            let metrics = "metrics: {factorized: [{type: recall, ks: [5]}, {type: mrr}]}"
            try tool.write(Specs.small(metrics), to: "spec.yaml")
            let axes = "{train.optimizer.learning_rate: [0.1, 0.2], task.temperature: [null, 0.5]}"
            try tool.write(
                Specs.small(metrics + "\nsweep: {grid: \(axes), seeds: [1, 2]}"), to: "sweep.yaml")
            let lines = try Self.lines(of: tool, width, spec)
            #expect(lines.count > 10)
            #expect(lines.contains { $0.hasPrefix("small: ") })
            for line in lines where line.count > width {
                #expect(!line.trimmingCharacters(in: .whitespaces).contains(" "), "\(line)")
            }
            for line in lines { #expect(line.last != " ", "'\(line)'") }
        }
    }

    /// The caret of a mistake stands beneath its place, whatever the terminal makes of long lines.
    @Test func caretsStandBeneathTheirPlace() throws {
        try Tool.run { tool in
            let filler = String(repeating: "a", count: 60)
            try tool.write(Specs.small("task: {temperature: \(filler), x: 1}"), to: "spec.yaml")
            let lines = try Self.lines(of: tool, 40, "validate spec.yaml")
            let place = try #require(lines.firstIndex { $0.contains("^") })
            #expect(lines[place].count <= 40 && lines[place - 1].count <= 40)
            let column = lines[place].prefix { $0 != "^" }.count
            #expect(lines[place - 1].dropFirst(column).hasPrefix("aaa"))
        }
    }
}
