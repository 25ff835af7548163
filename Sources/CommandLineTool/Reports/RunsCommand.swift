import ArgumentParser
import Experiments
import Reporting
import ResultsFormat

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs in a folder: when, of which commit, what came of them.",
        discussion: """
            Every results file in the folders, and the trials of sweeps. The column 'differs' has \
            the settings in which the listed specs are not the same; the table shows the first of \
            many, and csv, json and md show all.

            --sort and --filter take columns, settings by their path (train.epochs), figures \
            (test.recall@10), host, seconds and digest. Conditions are KEY=VALUE, !=, <, <=, >, \
            >= and ~ for 'contains'.

            EXAMPLES
              tfrs-run runs results
              tfrs-run runs results --sort -test.recall@10 --filter 'test.recall@10>0.1'
              tfrs-run runs results --filter train.epochs=10 --format csv
            """)

    @Argument(help: "Folders and results files.", completion: .results)
    var folders: [String] = ["results"]

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The order; with '-' before it the largest first.", valueName: "key"))
    var sort = "started"

    @Option(
        help: ArgumentHelp(
            "List only runs of which this is true. Repeatable.", valueName: "condition"))
    var filter: [String] = []

    @Option(
        help: ArgumentHelp("A figure to list, by its name. Repeatable.", valueName: "name"))
    var metric: [String] = []

    @Option(help: "table, csv, json or md.")
    var format: TextTable.Format = .table

    func run() throws {
        let conditions = try filter.map { text throws(ExitStatus) in
            guard let condition = RunCondition(text) else {
                StandardError.writeLine(
                    "tfrs-run: --filter '\(text)' is no condition like status=completed")
                throw .usage
            }
            return condition
        }
        let runs = try ReportFiles.runs(in: folders)
        if runs.isEmpty {
            StandardError.writeLine(
                "tfrs-run: no results in \(folders.joined(separator: " "))")
        }
        let listing = RunListing(runs, metrics: metric)
        for name in metric where !runs.isEmpty && !listing.lists(name) {
            let meant = Suggestion.closest(to: name, among: RunListing.figures(of: runs))
            StandardError.writeLine(
                "tfrs-run: no run has the figure '\(name)'; "
                    + (meant.map { "did you mean '\($0)'?" }
                        ?? "there are \(RunListing.figures(of: runs).joined(separator: ", "))"))
            throw ExitStatus.usage
        }
        let key = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
        for unknown in ([key] + conditions.map(\.key))
        where !runs.isEmpty && !listing.knows(unknown) {
            StandardError.writeLine(
                "tfrs-run: no run has '\(unknown)'; there are "
                    + listing.columns.joined(separator: ", ") + ", "
                    + "figures such as test.recall@10 and settings such as train.epochs")
            throw ExitStatus.usage
        }
        let width = format == .table ? TerminalWidth.ofOutput : nil
        let table = listing.table(
            where: conditions, by: sort, isBrief: format == .table, width: width)
        try StandardOutput.write(table.text(as: format, width: width))
    }
}

extension TextTable.Format: ExpressibleByArgument {}
