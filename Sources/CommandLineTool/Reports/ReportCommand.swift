import ArgumentParser
import Experiments
import Reporting

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show results as a page: one HTML file that needs no other.",
        discussion: """
            Results files, indexes of sweeps, reports of 'check --json', files of single queries \
            ('evaluate.per_query'), and folders of them. One run is shown with its curves, \
            intervals, data and spec; several runs beside each other, with their differences; a \
            sweep by its settings; a check with what is allowed.

            The page asks nothing of the network, shows light and dark as its reader likes, and \
            prints. Its tables hold the exact numbers.

            EXAMPLES
              tfrs-run report results/movielens-1234.json
              tfrs-run report before.json after.json --output difference.html
              tfrs-run report results/my-sweep
            """)

    @Argument(help: "Results to show.", completion: .results)
    var results: [String]

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The page.", discussion: "Standard output for '-'.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var output = "report.html"

    @Option(
        help: ArgumentHelp(
            "Write the curves and figures of one run as a picture as well.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var picture: String?

    func validate() throws {
        guard let picture, !picture.hasSuffix(".svg") else { return }
        throw ValidationError(
            "--picture requires a name that ends in .svg, for that is what is written; found "
                + "'\(picture)'")
    }

    func run() throws {
        let inputs = try ReportFiles.read(results)
        if let picture {
            guard inputs.count == 1, case .run(let run) = inputs[0] else {
                StandardError.writeLine("tfrs-run: --picture takes one run")
                throw ExitStatus.usage
            }
            try ReportFiles.write(
                RunReport(run).overview, to: picture, as: "--picture", reading: results)
        }
        let html = Report.page(of: inputs).html
        guard output != "-" else { return try StandardOutput.write(html) }
        try ReportFiles.write(html, to: output, as: "--output", reading: results)
        try StandardOutput.writeLine(output)
    }
}
