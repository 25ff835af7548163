import ResultsFormat
import Retrieval

extension SweepRun {
    /// A run whose trials run in this process, one after the other, each with all threads.
    ///
    /// ```swift
    /// let file = try SpecReader(catalog: .builtIn).readFile(path: "sweep.yaml")
    /// var run = SweepRun.inThisProcess(file, folder: "results/sweep", catalog: .builtIn)
    /// let outcome = try run.run()
    /// print(outcome, run.index.best?.name ?? "none is best")
    /// ```
    ///
    /// The files are those that the command line writes, and either goes on where the other ended,
    /// as far as both are the same program.
    ///
    /// - Parameters:
    ///   - file: one with a sweep.
    ///   - folder: where the index goes, and into `trials/` the trials' results.
    ///   - catalog: the components that specs may name.
    ///   - options: of which the number of jobs has no meaning here.
    ///   - stop: asked after every step of training, and between trials.
    ///   - observe: told of what goes on, on the caller's thread.
    public static func inThisProcess(
        _ file: ExperimentFile, folder: String, catalog: Catalog,
        options: SweepRunOptions = SweepRunOptions(), runOptions: RunOptions = RunOptions(),
        stop: StopRequest = StopRequest(), observe: @escaping (SweepEvent) -> Void = { _ in }
    ) -> SweepRun {
        var options = options
        options.jobs = 1
        return SweepRun(
            file, folder: folder, catalog: catalog, options: options, runOptions: runOptions,
            stop: stop, observe: observe
        ) { launch in
            InProcessTrial(launch, catalog: catalog, options: runOptions, stop: stop)
        }
    }
}

/// A trial that has run by the time it is made.
struct InProcessTrial: RunningTrial {
    let ending: TrialEnding?
    let seconds: Double

    init(_ launch: TrialLaunch, catalog: Catalog, options: RunOptions, stop: StopRequest) {
        let clock = Stopwatch()
        var options = options
        options.threads = launch.threads
        let experiment = Experiment(catalog: catalog, options: options, stop: stop)
        ending = Self.run(launch, experiment)
        seconds = clock.seconds
    }

    func tellToEnd() {}

    private static func run(_ launch: TrialLaunch, _ experiment: Experiment) -> TrialEnding {
        var spec = launch.spec
        if spec.evaluate.perQuery != nil {
            spec.evaluate.perQuery = ExperimentResults.perQueryPath(besideResults: launch.results)
        }
        do {
            let results = try experiment.run(spec)
            try results.write(to: launch.results)
            return switch results.record.status {
            case .completed: .completed
            case .failed(let reason, _, _): .failed(reason: reason)
            case .interrupted: .interrupted
            }
        } catch let error as DataError {
            return .withoutData(reason: "\(error)")
        } catch let error as SpecError {
            return .refused(reason: "\(error)")
        } catch {
            return .failed(reason: "\(error)")
        }
    }
}
