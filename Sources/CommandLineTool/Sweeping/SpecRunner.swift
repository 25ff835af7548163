import Experiments
import Foundation
import ResultsFormat
import Retrieval

/// Runs what spec files declare: experiments in this process, sweeps in many.
struct SpecRunner {
    let arguments: RunArguments
    let sweepOptions: SweepOptions
    /// What was laid over the specs; trials are told of it.
    let specOptions: SpecOptions

    /// Refuses what does not fit together before anything runs.
    func check(_ files: [ExperimentFile]) throws(ExitStatus) {
        for file in files {
            var mistake = specOptions.objection(to: file)
            if sweepOptions.shard != nil {
                if file.sweep == nil {
                    mistake = "--shard divides sweeps, and \(file.path) has none"
                } else if file.sweep?.halving != nil {
                    mistake =
                        "--shard cannot divide the sweep in \(file.path): halving compares all "
                        + "trials"
                }
            }
            if let mistake {
                StandardError.write("tfrs-run: \(mistake)\n")
                throw .usage
            }
        }
    }

    /// Runs all files, one after the other.
    ///
    /// - Parameter written: told the path of each results file or index.
    func run(
        _ files: [ExperimentFile], output: String? = nil, written: (String) -> Void
    ) -> ExitStatus {
        var worst = ExitStatus.success
        for file in files {
            let status =
                if let sweep = file.sweep {
                    run(sweep, of: file, output: output, written: written)
                } else {
                    run(seeded(file.base), output: output, written: written)
                }
            worst = worst.combined(with: status)
            if case .interrupted = status { break }
        }
        return worst
    }

    /// Runs one trial of a sweep in this process.
    func run(
        trial name: String, of file: ExperimentFile, output: String?
    ) throws(ExitStatus) -> ExitStatus {
        guard let trial = file.trials.first(where: { $0.trial.name == name }) else {
            StandardError.write("tfrs-run: \(file.path) has no trial '\(name)'\n")
            throw .usage
        }
        var spec = seeded(trial.spec)
        if spec.evaluate.perQuery != nil, let output {
            spec.evaluate.perQuery = PerQueryFiles.path(besideResults: output)
        }
        return run(spec, output: output) { print($0) }
    }

    private func seeded(_ spec: ExperimentSpec) -> ExperimentSpec {
        specOptions.seeded(spec)
    }

    private func run(
        _ sweep: SweepSpec, of file: ExperimentFile, output: String?, written: (String) -> Void
    ) -> ExitStatus {
        var runner = SweepRunner(
            file: file.mapSpecs(seeded), sweep: sweep,
            folder: output ?? "results/\(file.base.fileName)",
            options: sweepOptions, runOptions: arguments.runOptions,
            trialArguments: arguments.data.trialArguments + specOptions.arguments,
            reporter: SweepReporter(isQuiet: arguments.quiet))
        do {
            let status = try runner.run()
            written(runner.indexPath)
            return status
        } catch {
            StandardError.write("tfrs-run: \(error)\n")
            return .runFailed
        }
    }

    private func run(
        _ spec: ExperimentSpec, output: String?, written: (String) -> Void
    ) -> ExitStatus {
        let reporter = ProgressReporter(isQuiet: arguments.quiet)
        let experiment = Experiment(
            catalog: TFRSRun.catalog, options: arguments.runOptions,
            stop: StopRequest { SignalWatch.received != nil || TrialProcess.isOrphan })
        do {
            let results = try experiment.run(spec) { reporter.observe($0) }
            let path = output ?? results.defaultPath
            try results.write(to: path)
            reporter.finish(results)
            written(path)
            switch results.record.status {
            case .completed: return SignalWatch.received.map(ExitStatus.interrupted) ?? .success
            case .failed: return .runFailed
            case .interrupted: return .interrupted(signal: SignalWatch.received ?? SIGINT)
            }
        } catch {
            return .telling(error)
        }
    }
}
