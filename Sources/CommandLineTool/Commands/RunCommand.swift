import ArgumentParser
import Experiments
import Foundation
import Retrieval

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train and evaluate, and write a JSON results file for each spec (the default).",
        discussion: """
            Data are looked for in: the spec's data.path or --data-dir; $TFRS_DATA_HOME; data/ in \
            the working directory; the user's cache. MovieLens is downloaded into the cache if it \
            is in none of them.

            The environment variable TFRS_ISA (plain, avx2 or avx512) forces an instruction set.
            """)

    @Argument(help: "Spec files (YAML).")
    var specs: [String]

    @OptionGroup var settings: SettingOptions

    @Option(
        help: ArgumentHelp(
            "Where to write the results.",
            discussion: """
                Without it: results/NAME-INPUTS.json, where INPUTS is derived from the spec, the \
                seed and the data, so that the same experiment has the same file.
                """, valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("The folder that holds the data.", valueName: "folder"))
    var dataDir: String?

    @Flag(help: "Fail (exit code 5) rather than run on a generated stand-in for missing data.")
    var requireData = false

    @Option(
        help: ArgumentHelp(
            "Replace the spec's seed.", discussion: "The results record it.",
            valueName: "number"))
    var seed: Int?

    @Option(
        help: ArgumentHelp(
            "Threads that may run at once.",
            discussion: """
                Without it, one for each processor. The results' digest does not depend on it.
                """, valueName: "count"))
    var threads: Int?

    @Flag(name: .shortAndLong, help: "Print no progress and no summary.")
    var quiet = false

    func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads requires at least 1; found \(threads)")
        }
        if let seed, seed < 0 {
            throw ValidationError("--seed requires at least 0; found \(seed)")
        }
        if output != nil && specs.count > 1 {
            throw ValidationError("--output names one file, but there are \(specs.count) specs")
        }
    }

    func run() throws {
        try InstructionSetChoice.apply()
        var specs = try SpecFiles.read(specs, settings: settings.settings)
        if let seed { specs = specs.map { $0.settingSeed(seed) } }
        SignalWatch.install()

        var worst = ExitStatus.success
        for spec in specs {
            let status = run(spec)
            if case .interrupted = status { throw status }
            if worst == .success || status == .runFailed { worst = status }
        }
        if worst != .success { throw worst }
    }

    private func run(_ spec: ExperimentSpec) -> ExitStatus {
        var environment = DataEnvironment.process
        environment.dataDirectory = dataDir
        environment.allowsStandIns = !requireData
        let options = RunOptions(
            threads: threads ?? HostEnvironment.processorCount, environment: environment)
        let reporter = ProgressReporter(isQuiet: quiet)
        let experiment = Experiment(
            catalog: TFRSRun.catalog, options: options,
            stop: StopRequest { SignalWatch.received != nil })
        do {
            let results = try experiment.run(spec) { reporter.observe($0) }
            let path = output ?? results.defaultPath
            try results.write(to: path)
            reporter.finish(results)
            print(path)
            switch results.record.status {
            case .completed: return SignalWatch.received.map(ExitStatus.interrupted) ?? .success
            case .failed: return .runFailed
            case .interrupted: return .interrupted(signal: SignalWatch.received ?? SIGINT)
            }
        } catch let error as SpecError {
            StandardError.write(error)
            return .usage
        } catch let error as DataError {
            StandardError.write("tfrs-run: \(error)\n")
            return .dataUnavailable
        } catch {
            StandardError.write("tfrs-run: \(error)\n")
            return .runFailed
        }
    }
}
