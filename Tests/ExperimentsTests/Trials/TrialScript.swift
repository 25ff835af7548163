import Experiments
import ResultsFormat
import Retrieval
import Synchronization

/// How trials behave that run in this process, by their names.
struct TrialScript {
    /// How often a trial says that it still runs.
    var delays: [String: Int] = [:]
    /// Trials that end so and write nothing.
    var endings: [String: TrialEnding] = [:]
    /// Trials that cannot be started.
    var unstartable: Set<String> = []
    /// Trials that write no results, or those of another spec, and say that they completed.
    var silent: Set<String> = []
    var changed: Set<String> = []
    /// What happens before a trial runs.
    var before: [String: () throws -> Void] = [:]

    struct OutOfOrder: Error, CustomStringConvertible {
        var description: String { "out of order" }
    }

    func start(_ launch: TrialLaunch) throws -> any RunningTrial {
        let name = launch.trial.name
        if unstartable.contains(name) { throw OutOfOrder() }
        try before[name]?()
        if endings[name] == nil, !silent.contains(name) {
            let experiment = Experiment(
                catalog: .builtIn,
                options: RunOptions(threads: launch.threads, environment: isolated()))
            let spec = changed.contains(name) ? launch.spec.settingSeed(77) : launch.spec
            try experiment.run(spec).write(to: launch.results)
        }
        return ScriptedTrial(delays[name] ?? 0, endings[name] ?? .completed)
    }
}

/// A trial that ends after it was asked so many times, or at once when it is told to.
final class ScriptedTrial: RunningTrial {
    private var delay: Int
    private let end: TrialEnding
    private var wasTold = false

    init(_ delay: Int, _ end: TrialEnding) {
        self.delay = delay
        self.end = end
    }

    var ending: TrialEnding? {
        if wasTold { return .interrupted }
        guard delay > 0 else { return end }
        delay -= 1
        return nil
    }

    var seconds: Double { 0 }

    func tellToEnd() { wasTold = true }
}

/// What a sweep told.
final class Events {
    private(set) var takenOver: [String] = []
    private(set) var mostRunning = 0
    private var ended: [String] = []

    /// The trials that were run, in the order of their names.
    var launched: [String] { ended.sorted() }

    func note(_ event: SweepEvent) {
        switch event {
        case .takenOver(let entry): takenOver.append(entry.name)
        case .running(let trials, _): mostRunning = max(mostRunning, trials.count)
        case .ended(let entry, _, _): ended.append(entry.name)
        case .began, .finished: break
        }
    }
}

/// A request to stop that is made once so many trials have ended.
final class StopAfter: Sendable {
    private let left: Mutex<Int>

    init(trials: Int) { left = Mutex(trials) }

    var request: StopRequest { StopRequest { self.left.withLock { $0 <= 0 } } }

    func note(_ event: SweepEvent) {
        if case .ended = event { left.withLock { $0 -= 1 } }
    }
}
