/// A trial that is to be started.
public struct TrialLaunch: Sendable {
    /// Its name, and what it sets.
    public let trial: SweepTrial
    /// What is to be run.
    public let spec: ExperimentSpec
    /// The file of the sweep, as the user named it.
    public let specPath: String
    /// The file for its results.
    public let results: String
    /// A file for whatever else it says; nobody has to write it.
    public let log: String
    /// Threads that it may use at once, at least 1: its share of the sweep's.
    public let threads: Int
    /// What ``SpecReader/readFile(path:trial:proposal:)`` has to be told of a trial that was
    /// proposed, its numbers between commas; nil of others.
    public let proposal: String?
}

/// A trial that was started, wherever it runs: in a process of its own, in this one, on another
/// machine.
public protocol RunningTrial {
    /// How it ended; nil while it runs. Asked every few milliseconds.
    var ending: TrialEnding? { get }

    /// Seconds since its start, or from its start to its end.
    var seconds: Double { get }

    /// Asks it to end tidily and soon. May be called many times.
    func tellToEnd()
}

/// How a trial ended. Reasons are sentences for people.
public enum TrialEnding: Hashable, Sendable {
    /// It did what it had to, and wrote its results.
    case completed
    /// It began and broke; results that it wrote tell more.
    case failed(reason: String)
    /// It did not begin: its spec is wrong, or does not fit the data.
    case refused(reason: String)
    /// It did not begin: its data cannot be had.
    case withoutData(reason: String)
    /// It ended because it was told to.
    case interrupted
    /// A signal ended it.
    case killed(signal: Int)
}
