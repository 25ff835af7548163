import ArgumentParser
import Experiments
import Reporting
import ResultsFormat

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how results differ: metrics, spec, data, environment.",
        discussion: """
            Any two of results files, sweep indexes, baselines, or folders of them, as text. \
            Results files may be more than two; they and the other formats have a row for each \
            figure and setting that differs and a column for each run. Judges nothing: the exit \
            code is 0 whatever differs, 2 for a file that cannot be read.
            """)

    @Argument(help: "Results: two, or more.", completion: .results)
    var results: [String]

    @Option(help: "text, table, csv, json or md.")
    var format: DiffFormat?

    mutating func validate() throws {
        if results.count < 2 { throw ValidationError("diff takes two results or more") }
    }

    func run() throws {
        if results.count == 2, format == nil || format == .text {
            let old = try GateFiles.read([results[0]])
            let new = try GateFiles.read([results[1]])
            return try StandardOutput.writeText(
                RunSetDifference(catalog: TFRSRun.catalog).text(from: old, to: new))
        }
        let runs = try ReportFiles.runs(in: results)
        guard runs.count > 1 else {
            StandardError.writeLine("tfrs-run: there are no two runs in what was named")
            throw ExitStatus.usage
        }
        let format = TextTable.Format(rawValue: format?.rawValue ?? "") ?? .table
        try StandardOutput.write(
            RunComparison(runs).table.text(as: format, width: TerminalWidth.ofOutput))
    }
}

/// How differences are written.
enum DiffFormat: String, CaseIterable, ExpressibleByArgument {
    case text, table, csv, json, md
}
