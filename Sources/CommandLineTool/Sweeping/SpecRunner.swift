import Experiments
import Platform
import Reporting
import ResultsFormat
import Retrieval
import Safeguards

/// Runs what spec files declare: experiments in this process, sweeps in many.
struct SpecRunner {
    let arguments: RunArguments
    let sweepOptions: SweepOptions
    /// What was laid over the specs; trials are told of it.
    let specOptions: SpecOptions
    /// Whether a sweep ends in its ranking; a check ranks nothing.
    var showsRanking = true
    /// Where the command line wants logs for TensorBoard, whatever the spec says.
    var tensorboard: String?

    /// Told the path of each results file or index that was written.
    typealias Written = @Sendable (String) throws(ExitStatus) -> Void

    /// Refuses what does not fit together before anything runs.
    func check(_ files: [ExperimentFile]) throws(ExitStatus) {
        for file in files {
            var mistake = specOptions.objection(to: file)
            if file.sweep != nil, !TFRSRun.ranks.isAlone {
                mistake =
                    "\(file.path) is a sweep, whose trials are processes of their own: --shard "
                    + "spreads it, and MPI one experiment"
            }
            if sweepOptions.shard != nil {
                if file.sweep == nil {
                    mistake = "--shard divides sweeps, and \(file.path) has none"
                } else if file.sweep?.halving != nil || file.search != nil {
                    let kind = file.search == nil ? "halving" : "tpe"
                    mistake =
                        "--shard cannot divide the sweep in \(file.path): \(kind) compares all "
                        + "trials"
                }
            }
            if let most = arguments.trialLimit, file.trialLimit > most {
                mistake =
                    "the sweep in \(file.path) has \(file.trialLimit) trials; --max-trials "
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
                    run(logged(seeded(file.base)), of: file, output: output, written: written)
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
            let hint =
                file.sweep == nil
                ? "; it is one experiment and no sweep"
                : file.search == nil
                    ? "; 'tfrs-run plan \(file.path)' lists them"
                    : "; one that was proposed runs again from its results file"
            StandardError.writeLine("tfrs-run: \(file.path) has no trial '\(name)'\(hint)")
            throw .usage
        }
        var spec = seeded(trial.spec)
        // The page is of the whole sweep; a log is of a trial.
        spec.output.report = nil
        spec.output.tensorboard = logFolder(of: spec).map {
            "\($0)/\(file.base.fileName)/\(trial.trial.name)"
        }
        if spec.evaluate.perQuery != nil, let output {
            spec.evaluate.perQuery = ExperimentResults.perQueryPath(besideResults: output)
        }
        // Trials do not write over each other's models and checkpoints.
        if let model = spec.output.model { spec.output.model = model + "/" + name }
        if let folder = spec.checkpoint?.directory {
            spec.checkpoint?.directory = folder + "/" + name
        }
        return run(spec, of: file, output: output, settings: trial.trial.settings) {
            path throws(ExitStatus) in
            try StandardOutput.writeLine(path)
        }
    }

    private func logFolder(of spec: ExperimentSpec) -> String? {
        tensorboard ?? (arguments.data.trust.untrusted ? nil : spec.output.tensorboard)
    }

    /// With the folder that a run of its own logs to.
    private func logged(_ spec: ExperimentSpec) -> ExperimentSpec {
        var spec = spec
        spec.output.tensorboard = logFolder(of: spec).map { "\($0)/\(spec.fileName)" }
        return spec
    }

    private func seeded(_ spec: ExperimentSpec) -> ExperimentSpec {
        arguments.keeping.applied(to: specOptions.seeded(spec))
    }

    private func runSweep(
        of file: ExperimentFile, output: String?, written: @escaping Written
    ) -> ExitStatus {
        let reporter = SweepReporter(
            isQuiet: arguments.quiet, showsRanking: showsRanking,
            trialLimit: file.search?.trialLimit)
        let trialArguments =
            arguments.trialArguments + specOptions.arguments
            + (tensorboard.map { ["--tensorboard", $0] } ?? [])
        let folder = output ?? "results/\(file.base.fileName)"
        do {
            try OutputCheck.refuseLinks(
                (output == nil ? ["results", folder] : []) + [folder + "/trials"])
        } catch {
            return error
        }
        var run = SweepRun(
            file.settingSeed(specOptions.seed), folder: folder,
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
            if let page = page(of: file.base, output: run.indexPath) {
                try ReportFiles.writePage(of: run.indexPath, to: page)
            }
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
        settings: OrderedMap<JSONValue> = [:], written: @escaping Written
    ) -> ExitStatus {
        var spec = spec
        if arguments.data.trust.untrusted {
            confineOutputs(of: &spec, to: output ?? "results/\(spec.fileName)")
        }
        spec.output.report = page(of: spec, output: output ?? "results/\(spec.fileName)")
        arguments.job.holdToMemory()
        let reporter = ProgressReporter(isQuiet: arguments.quiet || !TFRSRun.ranks.isFirst)
        var options = arguments.runOptions
        options.output = output
        let experiment = Experiment(
            catalog: TFRSRun.catalog, options: options,
            stop: StopRequest { SignalWatch.mustEnd || ParentSweep.isGone })
        do {
            // The first rank writes.
            let outputs =
                options.ranks.isFirst ? try RunOutputs(of: spec, file: file, output: output) : nil
            defer {
                SignalWatch.keep(nil)
                outputs?.discard()
            }
            let results = try experiment.run(spec) {
                reporter.observe($0)
            } admit: { plan, seconds in
                try RunEstimate.admit(
                    plan, planSeconds: seconds, options: arguments.runOptions)
            } keep: { interim in
                guard let outputs else { return }
                SignalWatch.keep {
                    guard let results = try? interim.results() else { return }
                    _ = try? Self.write(results, outputs, written)
                    StandardError.write(SummaryTable.text(of: results))
                }
            }
            reporter.clear()
            if let outputs {
                try Self.write(results, outputs, written)
                try log(results, of: spec, settings)
            }
            reporter.finish(results)
            return Self.status(of: results)
        } catch let status as ExitStatus {
            return status
        } catch {
            reporter.clear()
            return .telling(error)
        }
    }

    /// A stranger's spec writes nothing but beside the results.
    private func confineOutputs(of spec: inout ExperimentSpec, to output: String) {
        if spec.evaluate.perQuery != nil {
            spec.evaluate.perQuery = ExperimentResults.perQueryPath(besideResults: output)
        }
        spec.checkpoint?.directory = nil
        if spec.output.model != nil, arguments.keeping.saveModel == nil {
            spec.output.model = ExperimentResults.path(".model", besideResults: output)
        }
    }

    private static func write(
        _ results: ExperimentResults, _ outputs: RunOutputs, _ written: Written
    ) throws {
        let path = try results.write(
            to: outputs.results, perQuery: outputs.perQuery, usualName: outputs.usesUsualName)
        guard let path else { return }
        try written(path)
        guard let report = outputs.report else { return }
        Confinement.allow(path)
        try report.write(text: Report.page(of: ReportFiles.read([path])).html)
    }

    /// Logs a run for TensorBoard, where that is asked for.
    ///
    /// - Parameter settings: that a sweep gave its trial.
    private func log(
        _ results: ExperimentResults, of spec: ExperimentSpec, _ settings: OrderedMap<JSONValue>
    ) throws(AtomicFileError) {
        guard let folder = spec.output.tensorboard else { return }
        let document = results.document
        try AtomicFile.write(
            TensorBoardLog.bytes(
                of: document, time: Date.now.timeIntervalSince1970, settings: settings),
            to: folder + "/" + TensorBoardLog.fileName(of: document), createDirectories: true)
    }

    /// Where the page goes that a spec asks for: of a stranger's spec beside the results.
    private func page(of spec: ExperimentSpec, output: String) -> String? {
        guard let path = spec.output.report else { return nil }
        guard arguments.data.trust.untrusted else { return path }
        return ExperimentResults.path(".html", besideResults: output)
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
