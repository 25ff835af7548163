import ArgumentParser
import Experiments
import ResultsFormat

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Evaluate a saved model by a spec: on other data, or by another protocol.",
        discussion: """
            The spec's towers and loss have to be the model's; its data, split, metrics and \
            evaluate: say on what and how. Nothing is trained. The results file is one as ever, so \
            that tfrs-run check and diff take it.

            EXAMPLES
              tfrs-run evaluate models/movielens experiments/movielens.yaml
              tfrs-run evaluate models/movielens my.yaml --set evaluate.exclude_seen=train

            Exit codes: 0 done; 1 the model is damaged; 2 the spec is wrong or does not fit the \
            model; 5 the data cannot be had.
            """)

    @OptionGroup var model: ModelArguments

    @Argument(help: "A spec file (YAML).", completion: .specs)
    var spec: String

    @OptionGroup var specOptions: SpecOptions

    @Option(
        help: ArgumentHelp(
            "Where to write the results; without it, results/NAME-INPUTS.evaluation.json.",
            valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var data: DataArguments

    @Flag(name: .shortAndLong, help: "Print no progress and no summary.")
    var quiet = false

    func run() throws {
        try InstructionSetChoice.apply()
        data.trust.confine(specs: [spec], others: [data.dataDir, model.model])
        let file = try SpecFiles.readFiles([spec], options: specOptions, trust: data.trust)[0]
        guard file.sweep == nil else {
            StandardError.writeLine("tfrs-run: evaluate takes one experiment; \(spec) is a sweep")
            throw ExitStatus.usage
        }
        let room = try output.map { path throws(ExitStatus) in
            try RunOutputs.room(for: path, "--output", beside: file.base, file)
        }
        let saved = try model.load()
        let reporter = ProgressReporter(isQuiet: quiet)
        var options = RunOptions(environment: data.environment)
        options.threads = model.threads ?? HostEnvironment.processorCount
        do {
            var base = specOptions.seeded(file.base)
            base.evaluate.perQuery = data.trust.untrusted ? nil : base.evaluate.perQuery
            let results = try Experiment(catalog: TFRSRun.catalog, options: options)
                .evaluate(saved, on: base) { reporter.observe($0) }
            let path = output ?? results.evaluationPath
            if let room {
                try room.write(json: results.document.json)
            } else {
                try results.write(to: path)
            }
            reporter.clear()
            try StandardOutput.writeLine(path)
            reporter.finish(results)
        } catch {
            throw ExitStatus.tellingOfModel(error)
        }
    }
}
