import ArgumentParser
import Experiments
import ResultsFormat

struct FiguresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract: "Print the figures of single queries, which evaluate.per_query has written.",
        discussion: """
            The file is binary: Schemas/per-query.md describes it. This prints one of its tables \
            for other programs. A figure that a query does not have is empty in CSV, null in JSON.

            EXAMPLES
              tfrs-run figures results/movielens.per_query > ranks.csv
              tfrs-run figures results/movielens.per_query --table queries --format jsonl

            Exit codes: 0 done; 2 the file is no file of figures.
            """)

    @Argument(help: "A file of figures.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp(
            "interactions: a row for each evaluated interaction; queries: one for each query.",
            valueName: "table"))
    var table = FigureTableName.interactions

    @Option(help: ArgumentHelp("csv or jsonl.", valueName: "format"))
    var format = FigureFormat.csv

    func run() throws {
        let figures: PerQueryFigures
        do {
            figures = try PerQueryFile.read(from: file)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.usage
        }
        let chosen = table == .interactions ? figures.interactions : figures.queries
        try chosen.write(as: format) { text throws(ExitStatus) in try StandardOutput.write(text) }
    }
}

enum FigureTableName: String, CaseIterable, ExpressibleByArgument {
    case interactions, queries
}

extension FigureFormat: ExpressibleByArgument {}
