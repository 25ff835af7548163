import Foundation
import ResultsFormat
import SchemaValidation
import TestSupport
import Testing

/// The built tool, run as a process of its own in a world of its own: a new folder, and nothing of
/// the environment of whoever runs the tests.
struct Tool {
    let folder: String

    /// Runs `body` with a folder that is there for its time.
    static func run<Result>(_ body: (Tool) throws -> Result) throws -> Result {
        try withTemporaryFolder { folder in
            for name in ["home", "cache", "bin", "work"] {
                try FileManager.default.createDirectory(
                    atPath: folder + "/" + name, withIntermediateDirectories: true)
            }
            return try body(Tool(folder: folder))
        }
    }

    /// Where the commands run.
    var work: String { folder + "/work" }

    /// What the tool sees. No download tool is on the PATH, so none can be used.
    private var environment: [String: String] {
        ["HOME": folder + "/home", "XDG_CACHE_HOME": folder + "/cache", "PATH": folder + "/bin"]
    }

    private static let products: URL = {
        #if os(macOS)
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
            return (bundle ?? .main).bundleURL.deletingLastPathComponent()
        #else
            return (Bundle.main.executableURL ?? Bundle.main.bundleURL)
                .deletingLastPathComponent()
        #endif
    }()

    /// Which of the built executables is run; or any, by its path.
    var executable = "tfrs-run"

    static func path(of executable: String) -> String {
        products.appending(path: executable).path(percentEncoded: false)
    }

    /// Writes a file into the working folder, or one below it.
    func write(_ text: String, to name: String) throws {
        let path = work + "/" + name
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    func contents(of name: String) throws -> String {
        try String(contentsOfFile: work + "/" + name, encoding: .utf8)
    }

    /// The names in the working folder or one below it.
    func names(in name: String = "") -> [String] {
        let path = work + (name.isEmpty ? "" : "/" + name)
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// A results file, which the schema allows. Where `TFRS_VERDICTS_DIR` asks for it, it is left
    /// to an independent validator as well.
    func document(_ name: String) throws -> ResultsDocument {
        let json = try json(name)
        #expect(JSONSchema(ResultsSchema.document).violations(of: json) == [])
        if let folder = ProcessInfo.processInfo.environment["TFRS_VERDICTS_DIR"] {
            try contents(of: name).write(
                toFile: "\(folder)/\(UUID().uuidString).results.json", atomically: true,
                encoding: .utf8)
        }
        return try ResultsDocument(json: json)
    }

    func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: try contents(of: name))
    }

    /// How a command ended and what it said.
    struct Outcome {
        /// The exit code; nil where a signal that it did not catch ended the process.
        var code: Int32?
        var output: String
        var errors: String
    }

    /// Runs a command to its end, at most some minutes: the machine may be busy.
    func callAsFunction(
        _ arguments: String..., environment more: [String: String] = [:]
    ) throws -> Outcome {
        try start(arguments, environment: more).wait()
    }

    /// - Parameter input: a file for the standard input; nil: it is empty.
    func start(
        _ arguments: [String], environment more: [String: String] = [:], input: String? = nil
    ) throws -> RunningCommand {
        let process = Process()
        process.executableURL =
            executable.hasPrefix("/")
            ? URL(filePath: executable) : Self.products.appending(path: executable)
        process.arguments = arguments
        process.environment = environment.merging(more) { $1 }
        process.currentDirectoryURL = URL(filePath: work)
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: URL(filePath: work + "/" + $0)) }
            ?? FileHandle.nullDevice
        let prefix = folder + "/" + UUID().uuidString
        return try RunningCommand(process, output: prefix + ".out", errors: prefix + ".err")
    }
}

/// A command that may still be running.
struct RunningCommand {
    private let process: Process
    private let outputPath: String
    private let errorsPath: String

    fileprivate init(_ process: Process, output: String, errors: String) throws {
        self.process = process
        outputPath = output
        errorsPath = errors
        for path in [output, errors] {
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
        }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        try process.run()
    }

    var errors: String { (try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? "" }

    var identifier: Int32 { process.processIdentifier }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits until standard error holds a text.
    func waitForErrors(_ text: String) throws {
        try poll("'\(text)' on standard error") { errors.contains(text) || !process.isRunning }
    }

    func wait() throws -> Tool.Outcome {
        try poll("the end of the command") { !process.isRunning }
        return Tool.Outcome(
            code: process.terminationReason == .exit ? process.terminationStatus : nil,
            output: try String(contentsOfFile: outputPath, encoding: .utf8), errors: errors)
    }

    var isRunning: Bool { process.isRunning }

    /// Waits for something, looking often.
    func poll(_ what: String, until isTrue: () -> Bool) throws {
        let end = ContinuousClock.now + .seconds(300)
        while !isTrue() {
            guard ContinuousClock.now < end else {
                send(SIGKILL)
                throw Timeout(what: what, errors: errors)
            }
            usleep(5000)
        }
    }

    struct Timeout: Error {
        var what: String
        var errors: String
    }
}
