#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How the process ends. The numbers are API: scripts and CI depend on them.
public enum ExitStatus: Error, Hashable, Sendable {
    /// 0: everything was done.
    case success
    /// 1: a run failed: it diverged, or its results could not be written.
    case runFailed
    /// 2: a spec or the command line is wrong; nothing was run.
    case usage
    /// 5: the data cannot be had.
    case dataUnavailable
    /// 128 + n: signal n ended the run; what it had is in its results file.
    case interrupted(signal: Int32)

    public var code: Int32 {
        switch self {
        case .success: 0
        case .runFailed: 1
        case .usage: 2
        case .dataUnavailable: 5
        case .interrupted(let signal): 128 + signal
        }
    }
}

func exitProcess(_ status: ExitStatus) -> Never {
    exit(status.code)
}
