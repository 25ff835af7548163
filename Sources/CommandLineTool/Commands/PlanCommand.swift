import ArgumentParser
import Experiments
import Platform
import ResultsFormat
import Retrieval

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a spec comes to with its data, without running it.",
        discussion: """
            The resolved spec with every default, the towers layer by layer with their parameters, \
            what the data and the split hold, batches, and how many times fewer scores are \
            computed than the batches ask for. Time and memory are estimated by a trial: planning, \
            the first training steps and the evaluation of the first test interactions are \
            measured, and the rest is taken to go on like that. Of a sweep the base is planned, and \
            its trials are listed, each with the time that a trial of its configuration tells. \
            Under mpirun a first step is taken, and the plan says what each process holds and sends.

            yaml and json are the resolved spec itself, which runs as it is to the same digest; \
            what it comes to stands in comments, or in 'x-plan'.

            EXAMPLES
              tfrs-run plan my.yaml
              tfrs-run plan my.yaml --set train.batch_size=1024 --no-estimate
              tfrs-run plan my.yaml --format yaml --output resolved.yaml
              tfrs-run plan my.yaml --format json | jq '."x-plan".model'

            Exit codes: 0 the spec can be run; 2 it is wrong, or wrong for its data; 5 the data \
            cannot be had.
            """)

    @Argument(help: "A spec file (YAML).", completion: .specs)
    var spec: String

    @OptionGroup var specOptions: SpecOptions

    @Option(
        help: ArgumentHelp(
            "text, yaml or json.",
            discussion: "yaml and json can be run, with every default written out.",
            valueName: "format"))
    var format: PlanFormat = .text

    @Option(
        help: ArgumentHelp(
            "Where to write the plan; without it, standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "The trial of a sweep to plan, by its name; without it, its base.",
            valueName: "name"), completion: .trials)
    var trial: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Estimate time and memory, which takes a few training steps.")
    var estimate = true

    @OptionGroup var arguments: JobArguments

    func run() throws {
        try InstructionSetChoice.apply()
        arguments.data.trust.confine(specs: [spec], others: [arguments.data.dataDir])
        arguments.holdToTime()
        let file = try SpecFiles.readFiles(
            [spec], options: specOptions, trust: arguments.data.trust)[0]
        if let objection = specOptions.objection(to: file) {
            StandardError.writeLine("tfrs-run: \(objection)")
            throw ExitStatus.usage
        }
        let spec = specOptions.seeded(try chosen(of: file))
        arguments.holdToMemory()
        let isFirst = TFRSRun.ranks.isFirst
        let reporter = ProgressReporter(isQuiet: arguments.quiet || !isFirst)
        let experiment = Experiment(catalog: TFRSRun.catalog, options: arguments.runOptions)
        let room = try (isFirst ? output : nil).map { path throws(ExitStatus) in
            try RunOutputs.room(for: path, "--output", beside: spec, file)
        }
        let summary: PlanSummary
        do {
            summary = try experiment.summarize(spec, estimates: estimate) { reporter.observe($0) }
        } catch {
            throw ExitStatus.telling(error)
        }
        reporter.planned(summary)
        let times =
            file.sweep != nil && trial == nil && estimate && format == .text
            ? SweepEstimate(of: file.settingSeed(specOptions.seed), experiment: experiment) : nil
        guard isFirst else { return }
        try write(summary, room, trials: trial == nil ? file.trialList(times) : nil)
    }

    private func chosen(of file: ExperimentFile) throws -> ExperimentSpec {
        let names = file.trials.map(\.trial.name)
        guard let trial else {
            guard file.sweep == nil || format == .text else {
                StandardError.write(
                    """
                    tfrs-run: \(file.path) is a sweep of \(names.count) trials; choose one by \
                    --trial, such as '\(names.first ?? "")'

                    """)
                throw ExitStatus.usage
            }
            if file.sweep != nil, !arguments.quiet {
                StandardError.writeLine(
                    "tfrs-run: \(file.path) is a sweep of \(names.count) trials; "
                        + "this is its base")
            }
            return file.base
        }
        guard let found = file.trials.first(where: { $0.trial.name == trial }) else {
            let meant = Suggestion.closest(to: trial, among: file.trials.map(\.trial.name))
            StandardError.writeLine(
                "tfrs-run: \(file.path) has no trial '\(trial)'; "
                    + (meant.map { "did you mean '\($0)'?" }
                        ?? "without --trial this command lists them"))
            throw ExitStatus.usage
        }
        return found.spec
    }

    private func write(
        _ summary: PlanSummary, _ room: ReservedFile?, trials: String?
    ) throws {
        let text =
            switch format {
            case .text: summary.text + (trials.map { "\n" + $0 } ?? "")
            case .yaml: summary.yaml
            case .json: try summary.json.jsonText(.pretty) + "\n"
            }
        guard let room else {
            switch format {
            case .text: try StandardOutput.writeText(text)
            case .yaml: try StandardOutput.write(text)
            case .json: try StandardOutput.write(json: text)
            }
            return
        }
        do {
            try room.write(text: text)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.runFailed
        }
    }
}

enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    case text, yaml, json
}
