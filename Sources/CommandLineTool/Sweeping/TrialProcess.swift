import Foundation
import Safeguards

/// A trial in a process of its own, so that whatever ends it ends nothing else.
final class TrialProcess {
    enum Exit: Equatable {
        case code(Int32)
        case signal(Int32)
    }

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
            [ParentSweep.variable: "\(ProcessInfo.processInfo.processIdentifier)"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
        try process.run()
        Unfinished.note(child: process.processIdentifier)
    }

    /// How the process ended; nil while it runs.
    var exit: Exit? {
        guard !process.isRunning else { return nil }
        Unfinished.forget(child: process.processIdentifier)
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
}
