import ArgumentParser
import Experiments
import ResultsFormat

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how two results differ: metrics, spec, data, environment.",
        discussion: """
            Any two of results files, sweep indexes, baselines, or folders of them. Judges \
            nothing: the exit code is 0 whatever differs, 2 for a file that cannot be read.
            """)

    @Argument(help: "The one.", completion: .results)
    var first: String

    @Argument(help: "The other.", completion: .results)
    var second: String

    func run() throws {
        let old = try GateFiles.read([first])
        let new = try GateFiles.read([second])
        try StandardOutput.writeText(RunSetDifference.text(from: old, to: new))
    }
}
