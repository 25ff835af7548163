import Safeguards

/// A program to be started without a shell: no word of its arguments is ever interpreted. Its
/// standard input is empty.
package struct ChildProgram {
    /// Absolute path.
    package var executable: String
    package var arguments: [String]
    package var variables: [String: String]
    /// Files for what it writes to its standard output and its standard error, made anew; nil
    /// throws that away.
    package var outputFile: String?
    package var errorFile: String?

    /// - Parameter variables: the program's environment; this process's own by default.
    package init(
        _ executable: String, _ arguments: [String],
        variables: [String: String] = ProcessEnvironment.variables, outputFile: String? = nil,
        errorFile: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.variables = variables
        self.outputFile = outputFile
        self.errorFile = errorFile
    }

    /// Starts it; whoever starts it asks the answer for its end, or leaves a zombie behind.
    package func start() throws(ChildFailure) -> ChildProcess {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (stream, file) in [(STDOUT_FILENO, outputFile), (STDERR_FILENO, errorFile)] {
            posix_spawn_file_actions_addopen(
                &actions, stream, file ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        }
        let environment = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var argumentPointers = ([executable] + arguments).map { strdup($0) } + [nil]
        var variablePointers = environment.map { strdup($0) } + [nil]
        defer {
            for pointer in argumentPointers + variablePointers { free(pointer) }
        }
        var child = pid_t()
        let start = ContinuousClock.now
        let code = posix_spawn(
            &child, executable, &actions, nil, &argumentPointers, &variablePointers)
        guard code == 0 else {
            throw ChildFailure(program: executable, reason: String(cString: strerror(code)))
        }
        // Where this process is ended early, its children end with it.
        Unfinished.note(child: child)
        return ChildProcess(identifier: child, start: start)
    }

    /// The program of that name in the folders of a `PATH`; nil where there is none.
    package static func find(_ name: String, in path: String) -> String? {
        for folder in path.split(separator: ":") {
            let file = folder + "/" + name
            if FileKind(of: file) == .file, access(file, X_OK) == 0 { return file }
        }
        return nil
    }
}

/// A program that could not be started, or was not the child it had to be, in the system's words.
package struct ChildFailure: Error, Hashable, CustomStringConvertible {
    package var program: String
    package var reason: String

    package init(program: String, reason: String) {
        self.program = program
        self.reason = reason
    }

    package var description: String { "\(program): \(reason)" }
}
