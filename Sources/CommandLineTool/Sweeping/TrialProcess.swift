import Foundation

/// A trial in a process of its own, so that whatever ends it ends nothing else.
final class TrialProcess {
    enum Exit: Equatable {
        case code(Int32)
        case signal(Int32)
    }

    /// The variable by which a trial knows its sweep's process: where that is gone, so is the
    /// reason to go on.
    static let parentVariable = "TFRS_SWEEP_PROCESS"

    private let process = Process()
    private let logPath: String
    private let start = ContinuousClock.now
    private var wasTold = false

    /// Starts this program anew.
    ///
    /// - Parameter log: a file for what the trial says.
    init(arguments: [String], log: String) throws {
        logPath = log
        process.executableURL = URL(filePath: Self.executablePath)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            [Self.parentVariable: "\(ProcessInfo.processInfo.processIdentifier)"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
        try process.run()
    }

    /// How the process ended; nil while it runs.
    var exit: Exit? {
        guard !process.isRunning else { return nil }
        return process.terminationReason == .exit
            ? .code(process.terminationStatus) : .signal(process.terminationStatus)
    }

    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Asks the trial, once, to end tidily.
    func tellToEnd() {
        guard !wasTold else { return }
        wasTold = true
        // Not SIGINT: where a terminal has sent that already, a second one would kill.
        kill(process.processIdentifier, SIGTERM)
    }

    /// The last error that the trial reported.
    var lastError: String? {
        let lines = ((try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "")
            .split(separator: "\n")
        let error = lines.last { $0.contains("error:") || $0.hasPrefix("tfrs-run: ") }
        return (error ?? lines.last).map { String($0.prefix(500)) }
    }

    /// Where this program is.
    static var executablePath: String {
        #if os(Linux)
            if let path = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe")
            {
                return path
            }
        #endif
        return Bundle.main.executablePath ?? CommandLine.arguments[0]
    }

    /// Whether the sweep that started this process is gone.
    static var isOrphan: Bool { parent.map { $0 != getppid() } ?? false }

    private static let parent = ProcessInfo.processInfo.environment[parentVariable].flatMap {
        pid_t($0)
    }
}
