import ArgumentParser
import Experiments
import ResultsFormat

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check specs without running them.",
        discussion: """
            Every error of every file is reported as FILE:LINE:COLUMN: error: MESSAGE, and what is \
            legal but surely not meant as a warning. A sweep is checked with all its trials. No \
            data is read; tfrs-run plan SPEC also checks the spec against its data.

            EXAMPLES
              tfrs-run validate experiments/*.yaml
              tfrs-run validate my.yaml --set train.optimizer=adam --strict
              tfrs-run validate --format github experiments/*.yaml   # in a workflow

            Exit codes: 0 all specs are right; 2 one is not, or there is a warning and --strict.
            """)

    @Argument(help: "Spec files (YAML).", completion: .specs)
    var specs: [String]

    @OptionGroup var specOptions: SpecOptions

    @OptionGroup var trust: TrustArguments

    @Option(
        help: ArgumentHelp(
            "text, json or github.",
            discussion: """
                text: on standard error, with the line and a caret. json: one document on standard \
                output. github: annotations for GitHub Actions, on standard output.
                """, valueName: "format"))
    var format: ValidationFormat = .text

    @Flag(help: "Count warnings as errors.")
    var strict = false

    @Flag(name: .shortAndLong, help: "Print no summary.")
    var quiet = false

    func run() throws {
        trust.confine(specs: specs)
        let reader = SpecReader(
            catalog: TFRSRun.catalog, settings: specOptions.settings,
            environment: trust.environment)
        let report = SpecValidation(
            of: specs, reader,
            isStrict: strict, objection: specOptions.objection)
        switch format {
        case .text:
            StandardError.write(report.text(width: TerminalWidth.ofErrors))
            NearbyFile.tell(of: specs, areSpecs: true)
        case .json: try StandardOutput.write(json: try report.json.jsonText(.pretty) + "\n")
        case .github: try StandardOutput.write(report.gitHubAnnotations)
        }
        if !quiet, format != .json { StandardError.writeLine("tfrs-run: \(report.summary)") }
        if !report.isValid { throw ExitStatus.usage }
    }
}

enum ValidationFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, github
}
