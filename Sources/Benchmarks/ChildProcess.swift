#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A program run to its end: how long it took and how much memory it held at most.
public struct ChildProcess: Sendable {
    public var seconds: Double
    public var peakBytes: Int
    public var status: Int32

    /// - Throws: `ChildFailure` if the program cannot be started or does not end well.
    public init(_ arguments: [String]) throws(ChildFailure) {
        var strings = arguments.map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var child = pid_t()
        let clock = ContinuousClock()
        let start = clock.now
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        let error = posix_spawn(&child, arguments[0], &actions, nil, &strings, environ)
        guard error == 0 else {
            throw ChildFailure(
                description: "\(arguments[0]): \(String(cString: strerror(error)))")
        }
        var usage = rusage()
        var status: Int32 = 0
        while wait4(child, &status, 0, &usage) < 0 && errno == EINTR {}
        seconds = start.duration(to: clock.now) / .seconds(1)
        #if canImport(Darwin)
            peakBytes = Int(usage.ru_maxrss)
        #else
            peakBytes = Int(usage.ru_maxrss) * 1024
        #endif
        self.status = status
        guard status == 0 else {
            throw ChildFailure(
                description: "'\(arguments.joined(separator: " "))' ended with status \(status)")
        }
    }
}

public struct ChildFailure: Error, CustomStringConvertible {
    public var description: String
}
