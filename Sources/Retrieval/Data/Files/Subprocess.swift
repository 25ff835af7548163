import Safeguards

/// Runs a program to its end without a shell. Foundation's `Process` would bring all of Foundation
/// into a tool that otherwise starts in milliseconds.
package struct Subprocess {
    package enum Outcome: Hashable {
        case exited(status: Int)
        case signalled(Int)
        /// Stopped because `shouldContinue` said so.
        case stopped
    }

    /// Absolute path.
    var executable: String
    var arguments: [String]
    var variables: [String: String]
    /// A file that receives what the program writes to its standard error. Its standard input is
    /// empty and its standard output goes nowhere.
    var errorFile: String

    package init(
        executable: String, arguments: [String], variables: [String: String], errorFile: String
    ) {
        self.executable = executable
        self.arguments = arguments
        self.variables = variables
        self.errorFile = errorFile
    }

    /// Starts the program and waits for it, asking `shouldContinue` every few milliseconds, later
    /// every 50.
    package func run(shouldContinue: () -> Bool) throws(FileFailure) -> Outcome {
        let child = try start()
        Unfinished.note(child: child)
        defer { Unfinished.forget(child: child) }
        var status: Int32 = 0
        var pause: UInt32 = 1000
        while true {
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child { break }
            if ended < 0, errno != EINTR { throw FileFailure(path: executable) }
            guard shouldContinue() else {
                stop(child)
                return .stopped
            }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
        // The macros WIFEXITED and its kin are not imported.
        let signal = status & 0x7F
        return signal == 0 ? .exited(status: Int(status >> 8) & 0xFF) : .signalled(Int(signal))
    }

    private func start() throws(FileFailure) -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 2, errorFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let environment = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var argumentPointers = ([executable] + arguments).map { strdup($0) } + [nil]
        var variablePointers = environment.map { strdup($0) } + [nil]
        defer {
            for pointer in argumentPointers + variablePointers { free(pointer) }
        }
        var child = pid_t()
        let code = posix_spawn(
            &child, executable, &actions, nil, &argumentPointers, &variablePointers)
        guard code == 0 else {
            throw FileFailure(path: executable, reason: String(cString: strerror(code)))
        }
        return child
    }

    /// Asks the program to end, then, after a second, ends it.
    private func stop(_ child: pid_t) {
        var status: Int32 = 0
        kill(child, SIGTERM)
        for _ in 0..<100 {
            if waitpid(child, &status, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(child, SIGKILL)
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
    }

    /// The program of that name in the folders of `PATH`; nil where there is none.
    static func find(_ name: String, in environment: DataEnvironment) -> String? {
        for folder in (environment.variable("PATH") ?? "").split(separator: ":") {
            let path = DataEnvironment.join(environment.resolve(String(folder)), name)
            if FileSystem.kind(of: path) == .file, access(path, X_OK) == 0 { return path }
        }
        return nil
    }
}
