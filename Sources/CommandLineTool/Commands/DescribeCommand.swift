import ArgumentParser
import Experiments
import ResultsFormat
import Retrieval

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show what the data of a spec look like, without training.",
        discussion: """
            Reads, filters and splits the data as a run would: counts, sparsity, duplicates, \
            popularity skew, history lengths, what the held-out parts have that training never \
            sees, and to what deduplication brings a batch down. Of a sweep, the data of the spec \
            itself.

            EXAMPLES
              tfrs-run describe experiments/movielens.yaml
              tfrs-run describe my.yaml --set train.batch_size=4096
              tfrs-run describe my.yaml --format json | jq .split.test

            Exit codes: 0 done; 2 the spec is wrong or does not fit its data; 5 the data cannot be \
            had.
            """)

    @Argument(help: "A spec file (YAML).", completion: .specs)
    var spec: String

    @OptionGroup var specOptions: SpecOptions

    @Option(
        help: ArgumentHelp(
            "text or json, on standard output.", valueName: "format"))
    var format: DescriptionFormat = .text

    @Option(
        help: ArgumentHelp("Write the JSON into a file as well.", valueName: "file"),
        completion: .file())
    var output: String?

    @OptionGroup var data: DataArguments

    @Flag(name: .shortAndLong, help: "Print no progress.")
    var quiet = false

    func run() throws {
        data.trust.confine(specs: [spec], others: [data.dataDir])
        let file = try SpecFiles.readFiles([spec], options: specOptions, trust: data.trust)[0]
        let room = try output.map { path throws(ExitStatus) in
            try RunOutputs.room(for: path, "--output", beside: file.base, file)
        }
        let reporter = ProgressReporter(isQuiet: quiet)
        let description = try describe(specOptions.seeded(file.base), reporter)
        reporter.finishReading(
            description.origin, description.warnings.rendered(width: TerminalWidth.ofErrors))
        switch format {
        case .text: try StandardOutput.writeText(description.text)
        case .json: try StandardOutput.write(json: try description.json.jsonText(.pretty) + "\n")
        }
        guard let room else { return }
        do {
            try room.write(json: description.json)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.runFailed
        }
    }

    private func describe(
        _ spec: ExperimentSpec, _ reporter: ProgressReporter
    ) throws(ExitStatus) -> DataDescription {
        do {
            return try DataDescription.of(
                spec, catalog: TFRSRun.catalog,
                options: RunOptions(
                    threads: HostEnvironment.processorCount, environment: data.environment)
            ) { reporter.observe(.data($0)) }
        } catch {
            throw .telling(error)
        }
    }
}

enum DescriptionFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}
