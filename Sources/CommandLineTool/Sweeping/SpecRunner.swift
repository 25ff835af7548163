import Experiments
import Platform
import ResultsFormat
import Retrieval

/// Runs what spec files declare: experiments in this process, sweeps in many.
struct SpecRunner {
    let arguments: RunArguments
    let sweepOptions: SweepOptions
    /// What was laid over the specs; trials are told of it.
    let specOptions: SpecOptions
    /// Whether a sweep ends in its ranking; a check ranks nothing.
    var showsRanking = true

    /// Told the path of each results file or index that was written.
    typealias Written = @Sendable (String) throws(ExitStatus) -> Void

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
            if let most = arguments.trialLimit, file.trials.count > most {
                mistake =
                    "the sweep in \(file.path) has \(file.trials.count) trials; --max-trials "
                    + "allows \(most)"
            }
            if let mistake {
                StandardError.writeLine("tfrs-run: \(mistake)")
                throw .usage
            }
        }
    }

    /// Runs all files, one after the other.
    ///
    /// - Parameter written: told the path of each results file or index.
    func run(
        _ files: [ExperimentFile], output: String? = nil, written: @escaping Written
    ) -> ExitStatus {
        var worst = ExitStatus.success
        for file in files {
            let status =
                if file.sweep != nil {
                    runSweep(of: file, output: output, written: written)
                } else {
                    run(seeded(file.base), of: file, output: output, written: written)
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
            StandardError.writeLine("tfrs-run: \(file.path) has no trial '\(name)'")
            throw .usage
        }
        var spec = seeded(trial.spec)
        if spec.evaluate.perQuery != nil, let output {
            spec.evaluate.perQuery = ExperimentResults.perQueryPath(besideResults: output)
        }
        return run(spec, of: file, output: output) { path throws(ExitStatus) in
            try StandardOutput.writeLine(path)
        }
    }

    private func seeded(_ spec: ExperimentSpec) -> ExperimentSpec {
        specOptions.seeded(spec)
    }

    private func runSweep(
        of file: ExperimentFile, output: String?, written: @escaping Written
    ) -> ExitStatus {
        let reporter = SweepReporter(isQuiet: arguments.quiet, showsRanking: showsRanking)
        let trialArguments = arguments.trialArguments + specOptions.arguments
        var run = SweepRun(
            file.mapSpecs(seeded), folder: output ?? "results/\(file.base.fileName)",
            catalog: TFRSRun.catalog, options: sweepOptions.options,
            runOptions: arguments.runOptions, stop: StopRequest { SignalWatch.mustEnd },
            observe: reporter.observe
        ) {
            try TrialProcess($0, arguments: trialArguments)
        }
        do {
            let status = Self.status(of: try run.run())
            if case .interrupted = status {
                reporter.note("the same command again goes on from here")
            }
            try written(run.indexPath)
            return status
        } catch let status as ExitStatus {
            return status
        } catch let error as SweepRunError {
            StandardError.writeLine("tfrs-run: \(error) by --output")
            return .usage
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            return .runFailed
        }
    }

    private static func status(of outcome: SweepOutcome) -> ExitStatus {
        switch outcome {
        case .completed: .success
        case .failed: .runFailed
        case .withoutData: .dataUnavailable
        case .interrupted:
            SignalWatch.exceeded != nil
                ? .runFailed : .interrupted(signal: SignalWatch.received ?? SIGINT)
        }
    }

    private func run(
        _ spec: ExperimentSpec, of file: ExperimentFile, output: String?,
        written: @escaping Written
    ) -> ExitStatus {
        var spec = spec
        if arguments.data.trust.untrusted, spec.evaluate.perQuery != nil {
            spec.evaluate.perQuery = ExperimentResults.perQueryPath(
                besideResults: output ?? "results/\(spec.fileName)")
        }
        arguments.holdToMemory()
        let reporter = ProgressReporter(isQuiet: arguments.quiet)
        let experiment = Experiment(
            catalog: TFRSRun.catalog, options: arguments.runOptions,
            stop: StopRequest { SignalWatch.mustEnd || ParentSweep.isGone })
        do {
            let outputs = try RunOutputs(of: spec, file: file, output: output)
            defer {
                SignalWatch.keep(nil)
                outputs.discard()
            }
            let results = try experiment.run(spec) {
                reporter.observe($0)
            } admit: { plan, seconds in
                try RunEstimate.admit(
                    plan, planSeconds: seconds, options: arguments.runOptions)
            } keep: { interim in
                SignalWatch.keep {
                    guard let results = try? interim.results() else { return }
                    _ = try? Self.write(results, outputs, written)
                    StandardError.write(SummaryTable.text(of: results))
                }
            }
            try Self.write(results, outputs, written)
            reporter.finish(results)
            return Self.status(of: results)
        } catch let status as ExitStatus {
            return status
        } catch {
            return .telling(error)
        }
    }

    private static func write(
        _ results: ExperimentResults, _ outputs: RunOutputs, _ written: Written
    ) throws {
        let path = try results.write(
            to: outputs.results, perQuery: outputs.perQuery, usualName: outputs.usesUsualName)
        if let path { try written(path) }
    }

    private static func status(of results: ExperimentResults) -> ExitStatus {
        if let signal = SignalWatch.received, results.record.status != .completed {
            return .interrupted(signal: signal)
        }
        switch results.record.status {
        case .completed: return SignalWatch.received.map(ExitStatus.interrupted) ?? .success
        case .failed: return .runFailed
        case .interrupted:
            return SignalWatch.exceeded != nil ? .runFailed : .interrupted(signal: SIGINT)
        }
    }
}
