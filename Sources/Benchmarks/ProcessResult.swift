import Platform
import ResultsFormat

/// What a whole run of the tool took: from its start to the written results.
public struct ProcessResult: Sendable {
    public var spec: String
    public var threads: Int
    /// Seconds of the whole process, of each run.
    public var wall: Timing
    public var peakBytes: Int
    /// Seconds from the start of the process to the first batch.
    public var startUp: Double
    /// Seconds of an epoch after the first.
    public var epoch: Double
    public var evaluation: Double

    /// Runs the tool on a spec several times.
    ///
    /// - Throws: ``BuildFailure``, or what reading the results throws.
    public init(tool: String, spec: String, threads: Int, runs: Int = 5) throws {
        let output = FileManager.default.temporaryDirectory
            .appendingPathComponent("tfrs-bench-\(ProcessEnvironment.identifier).json")
        defer { try? FileManager.default.removeItem(at: output) }
        self.spec = spec
        self.threads = threads
        wall = Timing(seconds: [])
        (peakBytes, startUp, epoch, evaluation) = (0, .infinity, .infinity, .infinity)
        for _ in 0..<runs {
            let child = try ChildProgram.run([
                tool, spec, "--quiet", "--threads", String(threads), "--output", output.path,
            ])
            let document = try ResultsFile.read(from: output.path)
            wall.seconds.append(child.seconds)
            peakBytes = max(peakBytes, child.peakBytes)
            let stages = document.timing.seconds
            // What the results' own clock did not see is the loading of the program.
            let load = child.seconds - document.timing.totalSeconds
            startUp = min(startUp, load + (stages["plan"] ?? 0))
            evaluation = min(evaluation, stages["evaluate"] ?? .infinity)
            for record in document.training?.epochs.dropFirst() ?? [] {
                epoch = min(epoch, record.seconds)
            }
        }
    }

    var json: JSONValue {
        func seconds(_ value: Double) -> JSONValue? { value.isFinite ? .number(value) : nil }
        return .members([
            ("spec", .string(spec)), ("threads", .integer(threads)),
            ("seconds", .number(wall.best)), ("median_seconds", .number(wall.median)),
            ("peak_memory_bytes", .integer(peakBytes)),
            ("start_up_seconds", seconds(startUp)), ("epoch_seconds", seconds(epoch)),
            ("evaluation_seconds", seconds(evaluation)),
        ])
    }
}
