import Safeguards

/// A started program.
package final class ChildProcess {
    /// How a program ended.
    package enum Ending: Hashable, Sendable {
        case exited(status: Int)
        case signalled(Int)
    }

    package let identifier: pid_t
    private let start: ContinuousClock.Instant
    /// What it took, once it has ended: the most physical memory it held, and its time.
    package private(set) var peakBytes = 0
    private var end: ContinuousClock.Instant?
    private var known: Ending?

    init(identifier: pid_t, start: ContinuousClock.Instant) {
        self.identifier = identifier
        self.start = start
    }

    /// Seconds since its start, or from its start to its end as far as this process saw it.
    package var seconds: Double { ((end ?? .now) - start) / .seconds(1) }

    /// How it ended; nil while it runs.
    package var ending: Ending? { wait(WNOHANG) }

    /// Waits for its end.
    package func wait() -> Ending {
        while true {
            if let ending = wait(0) { return ending }
        }
    }

    /// Waits for its end, asking `shouldContinue` every few milliseconds, later every 50.
    ///
    /// - Returns: nil where it was ended because `shouldContinue` said so.
    package func wait(while shouldContinue: () -> Bool) -> Ending? {
        var pause: UInt32 = 1000
        while true {
            if let ending { return ending }
            guard shouldContinue() else {
                stop()
                return nil
            }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
    }

    /// Sends a signal, unless it is known to have ended: its number may be another's by then.
    package func send(_ signal: Int32) {
        if known == nil { kill(identifier, signal) }
    }

    /// Asks the program to end, then, after a second, ends it.
    private func stop() {
        send(SIGTERM)
        for _ in 0..<100 {
            if ending != nil { return }
            usleep(10_000)
        }
        send(SIGKILL)
        _ = wait()
    }

    private func wait(_ options: Int32) -> Ending? {
        if let known { return known }
        var usage = rusage()
        var status: Int32 = 0
        let ended = wait4(identifier, &status, options, &usage)
        if ended == 0 || (ended < 0 && errno == EINTR) { return nil }
        end = .now
        Unfinished.forget(child: identifier)
        // Of a child that someone else has waited for nothing is known any more.
        guard ended == identifier else {
            known = .exited(status: 255)
            return known
        }
        #if canImport(Darwin)
            peakBytes = Int(usage.ru_maxrss)
        #else
            peakBytes = Int(usage.ru_maxrss) * 1024
        #endif
        // The macros WIFEXITED and its kin are not imported.
        let signal = status & 0x7F
        known = signal == 0 ? .exited(status: Int(status >> 8) & 0xFF) : .signalled(Int(signal))
        return known
    }
}
