import Experiments
import Platform

/// A trial in a process of its own, so that whatever ends it ends nothing else.
final class TrialProcess: RunningTrial {
    private let process: ChildProcess
    private let logPath: String
    private var wasTold = false

    /// Starts this program anew for a trial.
    ///
    /// - Parameter arguments: what else it has to be told.
    init(_ launch: TrialLaunch, arguments: [String]) throws(ChildFailure) {
        logPath = launch.log
        // A link that stood there would lead the log to another file.
        unlink(launch.log)
        var variables = ProcessEnvironment.variables
        variables[ParentSweep.variable] = "\(ProcessEnvironment.identifier)"
        var words = [
            "run", launch.specPath, "--trial", launch.trial.name, "--output", launch.results,
            "--threads", "\(launch.threads)", "--quiet",
        ]
        if let proposal = launch.proposal { words += ["--proposal", proposal] }
        process = try ChildProgram(
            ProcessEnvironment.executablePath, words + arguments, variables: variables,
            errorFile: launch.log
        ).start()
    }

    /// What the program's exit code says; see ``ExitStatus``.
    var ending: TrialEnding? {
        switch process.ending {
        case nil: nil
        case .exited(status: 0): .completed
        case .exited(status: let code) where code > 128: .interrupted
        case .exited(status: let code): broken(Int32(code))
        case .signalled(let signal): .killed(signal: signal)
        }
    }

    var seconds: Double { process.seconds }

    func tellToEnd() {
        guard !wasTold else { return }
        wasTold = true
        // Not SIGINT: where a terminal has sent that already, a second one would kill.
        process.send(SIGTERM)
    }

    private func broken(_ code: Int32) -> TrialEnding {
        let reason = lastError ?? "it ended with exit code \(code)"
        return switch code {
        case ExitStatus.runFailed.code: .failed(reason: reason)
        case ExitStatus.dataUnavailable.code: .withoutData(reason: reason)
        default: .refused(reason: reason)
        }
    }

    /// The last error that the trial reported.
    private var lastError: String? {
        let lines = ((try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "")
            .split(separator: "\n")
        let error = lines.last { $0.contains("error:") || $0.hasPrefix("tfrs-run: ") }
        return (error ?? lines.last).map { String($0.prefix(500)) }
    }
}
