import ResultsFormat

/// What a sweep tells whoever watches it.
public enum SweepEvent: Sendable {
    /// An earlier run has finished this trial: it is not run again.
    case takenOver(TrialEntry)
    /// So many trials are to be run, so many at once; of successive halving those of one rung.
    case began(waiting: Int, slots: Int)
    /// These run, each for so many seconds, and others wait. Told every few milliseconds.
    case running([(name: String, seconds: Double)], waiting: Int)
    /// A trial ended after so many seconds; what trials are ranked by, as far as it is known.
    case ended(TrialEntry, seconds: Double, objective: SweepObjective?)
    /// Nothing runs any more, and the index is written.
    case finished(SweepIndex)
}

/// What a run of a sweep came to.
public enum SweepOutcome: Hashable, Sendable {
    /// All trials that were to be run have completed.
    case completed
    /// A trial failed, or was killed.
    case failed
    /// No trial completed, and one had no data.
    case withoutData
    /// The run was asked to stop: another one goes on from here.
    case interrupted
}

/// Why a sweep cannot be run.
public enum SweepRunError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder holds the index of a sweep with another name.
    case otherSweep(folder: String, found: String, name: String)

    public var description: String {
        switch self {
        case .otherSweep(let folder, let found, let name):
            "'\(folder)' holds the sweep '\(found)'; name another folder for '\(name)'"
        }
    }
}
