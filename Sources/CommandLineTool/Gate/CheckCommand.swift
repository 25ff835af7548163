import ArgumentParser
import Experiments
import Platform
import Reporting
import ResultsFormat
import Safeguards

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare results with an accepted baseline; the exit code is the verdict.",
        discussion: """
            What is given are results files, a sweep's index, folders of them, or spec files \
            (.yaml), which are run first. Rules stand in a spec's 'gate:'; without them every \
            metric that says which way it is better may get worse by one percent. A difference \
            that equals its tolerance passes, rounding apart. What was not judged is listed, with \
            the reason.

            A metric fails where its mean is worse by more than its tolerance and a test says that \
            this is no chance: a paired test per query where runs recorded values per query, over \
            seeds and queries where there are several seeds.

            Exit codes: 0 pass; 3 a metric regressed; 4 something is not comparable (other data, \
            split, evaluation protocol or metric definition; a metric, trial or experiment of the \
            baseline missing, unless --partial; a file that does not agree with itself) or nothing \
            was evaluated; 1 a run broke; 2 the command line, a spec or a file is wrong; 5 \
            the data cannot be had. Of several the first in the order 1, 2, 5, 3, 4 counts; the \
            report lists all.
            """)

    @Argument(help: "Results, or specs to run.", completion: .specs)
    var inputs: [String]

    @Option(
        help: ArgumentHelp("What to compare with.", valueName: "file or folder"),
        completion: .results)
    var baseline: String

    @Option(
        help: ArgumentHelp(
            "Results of a run in the same job, for time_ratio and memory_ratio.",
            valueName: "file or folder"), completion: .results)
    var reference: String?

    @Option(
        help: ArgumentHelp("Write the report as JSON.", valueName: "file"),
        completion: .file())
    var json: String?

    @Option(
        help: ArgumentHelp("Write the report as JUnit XML.", valueName: "file"),
        completion: .file())
    var junit: String?

    @Option(
        help: ArgumentHelp(
            "Write the report as Markdown.",
            discussion: "It is also appended to $GITHUB_STEP_SUMMARY where that is set.",
            valueName: "file"), completion: .file())
    var markdown: String?

    @Option(
        help: ArgumentHelp("Write the report as a page.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Flag(help: "List identical and unchanged metrics too.")
    var verbose = false

    @Flag(
        help: """
            Let experiments, configurations and repetitions of the baseline be absent from the \
            results: they are listed, and pass. --shard implies it.
            """)
    var partial = false

    @OptionGroup var specOptions: SpecOptions

    @OptionGroup
    var arguments: RunArguments

    @OptionGroup(title: "Sweeps")
    var sweepOptions: SweepOptions

    func run() throws {
        try refuseShard()
        try InstructionSetChoice.apply()
        let specPaths = inputs.filter(Self.isSpec)
        arguments.data.trust.confine(
            specs: specPaths,
            others: [baseline, reference, arguments.data.dataDir]
                + inputs.filter { !Self.isSpec($0) })
        arguments.job.holdToTime()
        let files = try SpecFiles.readFiles(
            specPaths, options: specOptions, trust: arguments.data.trust)
        let runner = SpecRunner(
            arguments: arguments, sweepOptions: sweepOptions, specOptions: specOptions,
            showsRanking: false)
        try runner.check(files)
        // Before anything runs: a baseline that cannot be read is better known now.
        let accepted = try GateFiles.readBaseline(baseline)
        let others = try reference.map { try GateFiles.read([$0]) }

        let reports = try Reports(self, files)
        var paths = inputs.filter { !Self.isSpec($0) }
        var status = ExitStatus.success
        if !files.isEmpty {
            let written = WrittenPaths()
            status = runner.run(files) { path throws(ExitStatus) in written.append(path) }
            if case .interrupted = status { throw status }
            paths += written.all
        }
        let results = try GateFiles.read(paths)
        var verdict: GateReport
        do {
            let lines = SpecLines(files, results: results)
            var held = lines.naming(results)
            for file in files {
                held.hold(
                    file.base.name, toGateOf: try file.base.record(catalog: TFRSRun.catalog).spec)
            }
            verdict = try GateCheck(
                results: held, baseline: accepted, reference: others,
                isPartial: partial || sweepOptions.shard != nil, catalog: TFRSRun.catalog,
                line: lines.line
            ).report()
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.usage
        }
        verdict.acceptCommand = ShellWords.text(
            ["tfrs-run", "accept"] + paths + ["--baseline", baseline])
        try reports.write(verdict)
        let outcome = status.combined(with: verdict.outcome.status)
        if outcome != .success { throw outcome }
    }

    /// The trials of one part give no verdict.
    private func refuseShard() throws(ExitStatus) {
        guard let shard = sweepOptions.shard else { return }
        StandardError.write(
            """
            tfrs-run: a verdict takes all trials, and --shard runs a part of them. Run each part \
            by 'tfrs-run SPEC --shard \(shard.description) --output PART', join the parts by \
            'tfrs-run collect PART...', and check the index that this writes.

            """)
        throw .usage
    }

    private static func isSpec(_ path: String) -> Bool {
        path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    }
}

/// The results that runs wrote, which the check may read.
private final class WrittenPaths: Sendable {
    private let paths = Guarded<[String]>([])

    var all: [String] { paths.withLock { $0 } }

    func append(_ path: String) {
        paths.withLock { $0.append(path) }
        // Of a sweep the results of its trials stand in folders below.
        Confinement.allow(InputFiles.folder(of: path))
    }
}

/// Where the report goes, with room kept before anything runs.
private struct Reports {
    private let command: CheckCommand
    private let json: ReservedFile?
    private let junit: ReservedFile?
    private let markdown: ReservedFile?
    private let page: ReservedFile?

    init(_ command: CheckCommand, _ files: [ExperimentFile]) throws(ExitStatus) {
        self.command = command
        let inputs =
            command.inputs + [command.baseline] + [command.reference].compactMap(\.self)
            + files.flatMap { $0.base.inputPaths(catalog: TFRSRun.catalog) }
        var check = OutputCheck(inputs: inputs)
        for (path, name) in [
            (command.json, "--json"), (command.junit, "--junit"), (command.markdown, "--markdown"),
            (command.report, "--report"),
        ] {
            if let path { try check.add(path, as: name) }
        }
        func room(_ path: String?) throws(ExitStatus) -> ReservedFile? {
            guard let path else { return nil }
            return try OutputCheck.reserve(path)
        }
        json = try room(command.json)
        junit = try room(command.junit)
        markdown = try room(command.markdown)
        page = try room(command.report)
    }

    /// Everything is written before the process ends, and what cannot be written breaks the check.
    func write(_ report: GateReport) throws {
        try StandardOutput.writeText(report.table(isVerbose: command.verbose))
        let environment = ProcessEnvironment.variables
        if environment["GITHUB_ACTIONS"] == "true" {
            try StandardOutput.write(report.gitHubAnnotations())
        }
        do {
            try json?.write(json: report.json)
            try junit?.write(text: report.junit())
            try markdown?.write(text: report.markdown())
            try page?.write(
                text: Report.page(of: [.gate(path: command.baseline, report.json)]).html)
            if let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty {
                try GateFiles.append(report.markdown(), to: path)
            }
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.runFailed
        }
    }
}

extension GateReport.Outcome {
    var status: ExitStatus {
        switch self {
        case .broken: .runFailed
        case .regression: .regression
        case .notComparable: .notComparable
        case .pass: .success
        }
    }
}

/// Where the rules of experiments stand.
private struct SpecLines {
    private var specs: [String: (path: String, spec: ExperimentSpec)] = [:]

    /// - Parameter results: of sweeps, whose indexes name their specs.
    init(_ files: [ExperimentFile], results: RunSet) {
        for file in files { specs[file.base.name] = (file.path, file.base) }
        let reader = SpecReader(catalog: TFRSRun.catalog)
        for member in results.experiments where specs[member.key] == nil {
            guard let path = member.value.specPath, let spec = try? reader.read(path: path) else {
                continue
            }
            specs[member.key] = (path, spec)
        }
    }

    func line(_ experiment: String, _ path: String) -> Int? {
        specs[experiment]?.spec.line(of: path)
    }

    /// The results with the paths of the specs that were run.
    func naming(_ results: RunSet) -> RunSet {
        var results = results
        for (name, known) in specs { results.name(name, specPath: known.path) }
        return results
    }
}
