import Platform
import Safeguards
import Synchronization

/// Remembers that the user or the system asked the process to end, so that a run can end tidily,
/// and ends the process itself where that takes longer than somebody waits.
///
/// A thread of its own waits for the signal: whatever the process is at, reading, planning, a query
/// of a database or an evaluation, it is over within a second. What had been finished by then is
/// written by what ``keep(_:)`` was given last. A second signal ends the process at once.
enum SignalWatch {
    private static let signal = Atomic<Int32>(0)
    private static let isWatched = Atomic<Bool>(false)
    /// Where the handler writes and the thread reads.
    private static let writingEnd = Atomic<Int32>(-1)
    private static let readingEnd = Atomic<Int32>(-1)
    private static let salvage = Guarded<(@Sendable () -> Void)?>(nil)

    /// Milliseconds for the process to end by itself. A trial of a sweep has fewer, so that its
    /// sweep sees how it ends.
    private static var patience: Int32 { ParentSweep.isThere ? 450 : 700 }
    /// Milliseconds for what is left to be written.
    private static let lastWords = 250

    /// The signal that arrived, if any.
    static var received: Int32? {
        let value = signal.load(ordering: .relaxed)
        return value == 0 ? nil : value
    }

    /// What is to be written if the process has to be ended.
    static func keep(_ write: (@Sendable () -> Void)?) {
        salvage.withLock { $0 = write }
    }

    static func install() {
        // A pipe that is closed and a file that is too long are errors of writing like any other.
        for number in [SIGPIPE, SIGXFSZ] { handle(number, SIG_IGN) }
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            readingEnd.store(ends[0], ordering: .relaxed)
            writingEnd.store(ends[1], ordering: .relaxed)
            _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
            // Where the system allows no thread, runs end tidily or not at all.
            isWatched.store(DetachedThread.start { watch() }, ordering: .relaxed)
        }
        // Whoever started the process may have left the signals blocked.
        let signals = [SIGINT, SIGTERM, SIGHUP]
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals { sigaddset(&set, number) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        for number in signals where number != SIGHUP || !isIgnored(number) {
            handle(number) { SignalWatch.note($0) }
        }
    }

    /// `nohup` starts programs that are to outlive the terminal.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        #if canImport(Darwin)
            return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
        #else
            return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        #endif
    }

    private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void)
    {
        var action = sigaction()
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = handler
        #else
            action.__sigaction_handler.sa_handler = handler
        #endif
        sigaction(number, &action, nil)
    }

    /// What a handler may do, and no more.
    private static func note(_ number: Int32) {
        let code = errno
        let isFirst = signal.compareExchange(
            expected: 0, desired: number, ordering: .relaxed
        ).exchanged
        if !isFirst, !isWatched.load(ordering: .relaxed) { _exit(128 + number) }
        var byte: UInt8 = 1
        _ = Self.send(writingEnd.load(ordering: .relaxed), &byte)
        errno = code
    }

    private static func send(_ descriptor: Int32, _ byte: inout UInt8) -> Int {
        write(descriptor, &byte, 1)
    }

    // MARK: Limits

    /// What the command line allows a run to spend.
    struct Limits {
        var seconds: Double?
        var memory: Int?
        var start = ContinuousClock.now
    }

    /// A limit that was passed, in words.
    struct Exceeded {
        var words: String
        var isMemory: Bool
    }

    private static let limits = Guarded<Limits?>(nil)
    private static let passed = Guarded<Exceeded?>(nil)

    /// From now on the process is held to these limits.
    static func hold(to new: Limits) {
        guard new.seconds != nil || new.memory != nil else { return }
        limits.withLock { old in
            var new = new
            // Time runs from the beginning.
            if let start = old?.start { new.start = start }
            old = new
        }
        var byte: UInt8 = 0
        _ = send(writingEnd.load(ordering: .relaxed), &byte)
    }

    /// The limit that the process has passed, if any.
    static var exceeded: Exceeded? { passed.withLock { $0 } }

    /// Whether a run is to end, for a signal or a limit.
    static var mustEnd: Bool { received != nil || exceeded != nil }

    private static func checkLimits() {
        guard let limits = limits.withLock({ $0 }) else { return }
        var found: Exceeded?
        let seconds = (ContinuousClock.now - limits.start) / .seconds(1)
        if let most = limits.seconds, seconds > most {
            found = Exceeded(
                words: "stopped after \(Text.fixed(seconds, 1)) s: --time-limit allows "
                    + "\(Text.fixed(most, 1)) s", isMemory: false)
        }
        if let most = limits.memory, let used = MachineLimits.residentMemory, used > most {
            found = Exceeded(
                words: "stopped at \(used >> 20) MiB of memory: --memory-limit allows "
                    + "\(most >> 20) MiB", isMemory: true)
        }
        guard let found else { return }
        passed.withLock { $0 = found }
        StandardError.writeLine("tfrs-run: \(found.words)")
    }

    // MARK: The thread

    private static func watch() -> Never {
        while received == nil, exceeded == nil {
            _ = hears(within: limits.withLock { $0 } == nil ? -1 : 50)
            checkLimits()
        }
        // The process may end by itself, or be asked again; memory does not wait.
        if exceeded?.isMemory != true { _ = hears(within: patience) }
        finish(received.map { 128 + $0 } ?? ExitStatus.runFailed.code)
    }

    /// Waits for a signal.
    private static func hears(within milliseconds: Int32) -> Bool {
        var entry = pollfd(
            fd: readingEnd.load(ordering: .relaxed), events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&entry, 1, milliseconds)
            if count == 0 { return false }
            guard count > 0 else { continue }
            var byte: UInt8 = 0
            if receive(entry.fd, &byte) == 1 { return true }
        }
    }

    private static func receive(_ descriptor: Int32, _ byte: inout UInt8) -> Int {
        read(descriptor, &byte, 1)
    }

    /// Writes what is to be kept, clears what is not, and ends the process.
    static func finish(_ code: Int32) -> Never {
        exitCode.store(code, ordering: .relaxed)
        // Should that take long, on a slow disk or a lock that somebody has.
        handle(SIGALRM) { _ in _exit(SignalWatch.exitCode.load(ordering: .relaxed)) }
        var timer = itimerval()
        timer.it_value.tv_usec = suseconds_t(lastWords * 1000)
        #if canImport(Glibc)
            setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
        #else
            setitimer(ITIMER_REAL, &timer, nil)
        #endif
        salvage.withLockIfAvailable { $0?() }
        Unfinished.clear()
        _exit(code)
    }

    private static let exitCode = Atomic<Int32>(0)
}
