import Experiments
import Platform
import Retrieval

/// How the process ends. The numbers are API: scripts and CI depend on them.
public enum ExitStatus: Error, Hashable, Sendable {
    /// 0: everything was done.
    case success
    /// 1: a run failed: it diverged, it passed a limit, or its results could not be written.
    case runFailed
    /// 2: a spec or the command line is wrong; nothing was run.
    case usage
    /// 3: a metric got worse than its rule allows.
    case regression
    /// 4: nothing was compared, or not all that had to be.
    case notComparable
    /// 5: the data cannot be had.
    case dataUnavailable
    /// 128 + n: signal n ended the command; what a run had finished is in its results file.
    case interrupted(signal: Int32)

    public var code: Int32 {
        switch self {
        case .success: 0
        case .runFailed: 1
        case .usage: 2
        case .regression: 3
        case .notComparable: 4
        case .dataUnavailable: 5
        case .interrupted(let signal): 128 + signal
        }
    }
}

extension ExitStatus {
    /// The one that the process exits with where several apply: an interruption before a broken
    /// run, that before a wrong spec, then data that cannot be had, a regression, what cannot be
    /// compared, and success.
    func combined(with other: ExitStatus) -> ExitStatus {
        severity >= other.severity ? self : other
    }

    private var severity: Int {
        switch self {
        case .interrupted: 6
        case .runFailed: 5
        case .usage: 4
        case .dataUnavailable: 3
        case .regression: 2
        case .notComparable: 1
        case .success: 0
        }
    }
}

func exitProcess(_ status: ExitStatus) -> Never {
    exit(status.code)
}

extension ExitStatus {
    /// Tells on standard error why a spec could not be planned or run; answers what that means.
    static func telling(_ error: any Error) -> ExitStatus {
        if let error = error as? SpecError {
            StandardError.write(error)
            return .usage
        }
        // What is wrong, and below it where it was declared and what to do, in lines of their own.
        StandardError.write("tfrs-run: \(error)\n")
        return error is DataError ? .dataUnavailable : .runFailed
    }
}
