import Platform

/// A trial in a process of its own, so that whatever ends it ends nothing else.
final class TrialProcess {
    private let process: ChildProcess
    private let logPath: String
    private var wasTold = false

    /// Starts this program anew.
    ///
    /// - Parameter log: a file for what the trial says.
    init(arguments: [String], log: String) throws(ChildFailure) {
        logPath = log
        var variables = ProcessEnvironment.variables
        variables[ParentSweep.variable] = "\(ProcessEnvironment.identifier)"
        process = try ChildProgram(
            ProcessEnvironment.executablePath, arguments, variables: variables, errorFile: log
        ).start()
    }

    /// How the process ended; nil while it runs.
    var ending: ChildProcess.Ending? { process.ending }

    var seconds: Double { process.seconds }

    /// Asks the trial, once, to end tidily.
    func tellToEnd() {
        guard !wasTold else { return }
        wasTold = true
        // Not SIGINT: where a terminal has sent that already, a second one would kill.
        process.send(SIGTERM)
    }

    /// The last error that the trial reported.
    var lastError: String? {
        let lines = ((try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "")
            .split(separator: "\n")
        let error = lines.last { $0.contains("error:") || $0.hasPrefix("tfrs-run: ") }
        return (error ?? lines.last).map { String($0.prefix(500)) }
    }
}
