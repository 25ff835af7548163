import Platform
import ResultsFormat
import Retrieval

/// Whole runs of the tool on some interactions and on ten times as many, from files: how time and
/// memory grow with the rows.
///
/// Users grow with the rows and items stay, so that every part of a run, reading, training for one
/// epoch and the ranking of the test part, has ten times the work. Batches are not deduplicated: of
/// ten times the users fewer would meet in a batch, and each row would be more work.
public struct RowGrowth: Sendable {
    public struct Run: Sendable {
        public var rows: Int
        public var seconds: Double
        public var peakBytes: Int
        /// Of the file that was read.
        public var dataBytes: Int
    }

    public private(set) var runs: [Run] = []

    private static let items = 10_000
    private static let rowsPerUser = 50

    /// - Parameter rows: of the smaller run.
    /// - Throws: ``BuildFailure``, or what writing a file throws.
    public init(tool: String, threads: Int, rows: Int = 100_000, rounds: Int = 3) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tfrs-bench-\(ProcessEnvironment.identifier)-rows")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for rows in [rows, 10 * rows] {
            let data = folder.appendingPathComponent("interactions.csv").path
            let spec = folder.appendingPathComponent("rows.yaml").path
            let dataBytes = try Self.write(rows, to: data)
            try AtomicFile.write(Array(Self.spec(data).utf8), to: spec)
            var run = Run(rows: rows, seconds: .infinity, peakBytes: 0, dataBytes: dataBytes)
            for _ in 0..<rounds {
                let child = try ChildProgram.run([
                    tool, spec, "--quiet", "--threads", String(threads), "--output",
                    folder.appendingPathComponent("results.json").path,
                ])
                run.seconds = min(run.seconds, child.seconds)
                run.peakBytes = max(run.peakBytes, child.peakBytes)
            }
            runs.append(run)
        }
    }

    /// How many times longer the larger run takes.
    public var timeRatio: Double { runs[1].seconds / runs[0].seconds }

    /// Bytes of memory that each more row takes.
    public var bytesPerRow: Double {
        Double(runs[1].peakBytes - runs[0].peakBytes) / Double(runs[1].rows - runs[0].rows)
    }

    /// Users and items of which some are far more frequent than others. Returns the file's size;
    /// the text is gone before a child starts with the peak memory of its parent.
    private static func write(_ rows: Int, to path: String) throws -> Int {
        var random = RandomStream(seed: 1, stream: "rows")
        var text = Array("user_id,item_id,timestamp\n".utf8)
        text.reserveCapacity(28 * rows)
        func draw(_ count: Int) -> Int {
            let unit = random.uniform()
            return min(count - 1, Int(unit * unit * Double(count)))
        }
        for row in 0..<rows {
            let user = draw(rows / rowsPerUser)
            text += "u\(user),i\(draw(items)),\(1_600_000_000 + row)\n".utf8
        }
        try AtomicFile.write(text, to: path)
        return text.count
    }

    private static func spec(_ data: String) -> String {
        """
        name: rows
        seed: 42
        data:
          source: csv
          interactions: {path: "\(data)", columns: [{name: timestamp, type: integer}]}
          query: user_id
          candidate: item_id
          split: {strategy: random, train: 0.9, test: 0.1}
        towers:
          query:
            features: [{type: string_lookup, column: user_id, embedding: {output_dim: 32}}]
          candidate:
            features: [{type: string_lookup, column: item_id, embedding: {output_dim: 32}}]
        train: {epochs: 1, batch_size: 4096, deduplicate: off}
        """
    }

    var json: JSONValue {
        .members([
            ("time_ratio", .number(timeRatio)), ("bytes_per_row", .number(bytesPerRow)),
            (
                "runs",
                .array(
                    runs.map {
                        .members([
                            ("rows", .integer($0.rows)), ("seconds", .number($0.seconds)),
                            ("peak_memory_bytes", .integer($0.peakBytes)),
                            ("data_bytes", .integer($0.dataBytes)),
                        ])
                    })
            ),
        ])
    }

    /// Markdown, as ``BenchmarkReport/table``.
    var table: String {
        let rows = runs.map {
            "| \($0.rows) | \($0.seconds.fixed(2)) s | \((Double($0.peakBytes) / 1e6).fixed(1)) MB |"
        }
        return
            (["| rows | whole process | memory |", "|---|---|---|"] + rows
            + [
                "",
                "Ten times the rows take \(timeRatio.fixed(2)) times as long, and "
                    + "\(bytesPerRow.fixed(0)) bytes of memory for each more row.",
            ]).joined(separator: "\n")
    }
}
