import ArgumentParser
import Benchmarks
import Platform
import ResultsFormat
import Retrieval

@main
struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tfrs-bench",
        abstract: "Time the kernels, training steps, evaluation and whole runs of tfrs-run.",
        discussion: """
            Every case is compared with its plain version before it is timed. Times are the best \
            of several runs; rates stand beside the peak of this processor, which a probe finds. \
            The instruction set is the best there is unless TFRS_ISA says another.
            """)

    @Option(help: "Only cases whose names contain this; repeat for more.")
    var filter: [String] = []

    @Option(help: "Run steps and evaluations on one thread and on this many.")
    var threads = 2

    @Option(help: "Seconds for each case.")
    var seconds = 1.0

    @Option(help: "Write the report as JSON to this file.")
    var json: String?

    @Option(help: "A tfrs-run to time as a whole process, on each --spec.")
    var tool: String?

    @Option(help: "A spec for --tool; repeat for more.")
    var spec: [String] = []

    @Flag(help: "Run --tool on 100,000 interactions and on ten times as many.")
    var growth = false

    @Option(help: "A Parquet file whose columns are decoded, and nothing else; repeat for more.")
    var parquet: [String] = []

    @Option(help: "A file of delimited text that is read, and nothing else; repeat for more.")
    var text: [String] = []

    @Option(help: "A column of --text with its type: rating=float; repeat for more.")
    var column: [String] = []

    @Option(help: "Another build of this program to compare with, in turns.")
    var compare: String?

    @Option(help: "Rounds of --compare.")
    var rounds = 5

    @Flag(help: "Compare the cases with their plain versions; time nothing.")
    var check = false

    @Flag(help: "Print the names of the cases.")
    var list = false

    @Flag(help: "Print no table.")
    var quiet = false

    private var cases: [BenchmarkCase] {
        BenchmarkCase.all.filter { test in
            filter.isEmpty || filter.contains { test.name.contains($0) }
        }
    }

    func validate() throws {
        guard threads >= 1 else { throw ValidationError("--threads requires at least 1") }
        guard seconds > 0 else { throw ValidationError("--seconds requires more than 0") }
        guard rounds >= 1 else { throw ValidationError("--rounds requires at least 1") }
        guard spec.isEmpty || tool != nil else {
            throw ValidationError("--spec requires --tool, the tfrs-run that runs it")
        }
        guard !growth || tool != nil else {
            throw ValidationError("--growth requires --tool, the tfrs-run that runs it")
        }
    }

    func run() throws {
        // As tfrs-run does.
        FreedMemory.keep()
        if let name = ProcessEnvironment.variable(InstructionSet.variable) {
            try InstructionSet.request(name)
        }
        if list {
            for test in cases { print(test.name) }
        } else if check {
            for test in cases {
                try test.checkSmallShapes(rounds: 40)
                say("\(test.name): agrees")
            }
            if filter.isEmpty {
                try StepAllocations.checkAll { say("allocations of a step, \($0): few") }
            }
        } else if !parquet.isEmpty || !text.isEmpty {
            for path in parquet {
                print(try ParquetDecoding(path: path, threads: threads, seconds: seconds))
            }
            let columns = try declaredColumns()
            for path in text {
                print(
                    try TextReading(
                        path: path, columns: columns, threads: threads, seconds: seconds))
            }
        } else if let compare {
            print(try comparison(with: compare).table)
        } else {
            try measure()
        }
    }

    /// The columns of `--column`.
    private func declaredColumns() throws -> [ColumnDeclaration] {
        try column.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = ColumnDeclaration.Kind(rawValue: parts[1]) else {
                throw ValidationError("--column requires NAME=TYPE; found '\(text)'")
            }
            return ColumnDeclaration(parts[0], kind)
        }
    }

    private func comparison(with other: String) throws -> Comparison {
        try Comparison(
            ours: ProcessEnvironment.executablePath, theirs: other,
            arguments: filter.flatMap { ["--filter", $0] }
                + ["--threads", String(threads), "--seconds", String(seconds)],
            rounds: rounds)
    }

    private func measure() throws {
        var report = BenchmarkReport()
        let counts = threads == 1 ? [1] : [1, threads]
        report.peaks = counts.map { ($0, Peak.flops(threads: $0)) }
        // Whole runs come first: a child starts with the peak memory of its parent, and the cases
        // below hold large tables.
        if let tool {
            for spec in spec {
                for count in counts {
                    say("\(spec), \(count) thread(s)")
                    report.processes.append(
                        try ProcessResult(tool: tool, spec: spec, threads: count))
                }
            }
        }
        if let tool, growth {
            say("ten times the rows, \(threads) thread(s)")
            report.growth = try RowGrowth(tool: tool, threads: threads)
        }
        if filter.isEmpty || filter.contains(where: { "memory/".contains($0) }) {
            say("memory, \(threads) thread(s)")
            report.memory = PeakMemory.all(threads: threads)
        }
        for test in cases {
            for peak in report.peaks where test.group != .kernel || peak.threads == 1 {
                say("\(test.name), \(peak.threads) thread(s)")
                report.cases.append(
                    try CaseResult(
                        test, threads: peak.threads, peak: peak.flops, seconds: seconds))
            }
        }
        if !quiet { print(report.table) }
        if let json {
            try AtomicFile.write(Array((try report.json.jsonText() + "\n").utf8), to: json)
        }
    }

    private func say(_ line: String) {
        guard !quiet else { return }
        Array((line + "\n").utf8).withUnsafeBytes {
            _ = FileDescriptor.writeSome(STDERR_FILENO, $0)
        }
    }
}
