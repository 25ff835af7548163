import ArgumentParser
import Experiments
import Platform

/// How sweeps are run; without meaning for a spec that has none.
struct SweepOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Trials of a sweep that run at once.",
            discussion: """
                Each is a process of its own. Without it, one for each processor; the threads are \
                shared among them.
                """, valueName: "count"))
    var jobs: Int?

    @Flag(help: "Start no more trials of a sweep once one has failed.")
    var failFast = false

    @Flag(help: "Run finished trials of a sweep again rather than take them over.")
    var rerun = false

    @Option(
        help: ArgumentHelp(
            "Run the second of four parts of a sweep, and so on; join them by tfrs-run collect.",
            valueName: "2/4"))
    var shard: SweepShard?

    mutating func validate() throws {
        if let jobs, jobs < 1 {
            throw ValidationError("--jobs requires at least 1; found \(jobs)")
        }
    }

    var options: SweepRunOptions {
        SweepRunOptions(jobs: jobs, failFast: failFast, rerun: rerun, shard: shard)
    }
}

extension SweepShard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// A number of bytes, as people write it.
struct ByteCount: ExpressibleByArgument, Hashable {
    var bytes: Int

    init?(argument: String) {
        let text = argument.uppercased()
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units = ["": 1.0, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12]
        guard let number = Double(digits), number > 0,
            let unit = units[String(text.dropFirst(digits.count).trimming(while: \.isWhitespace))],
            number * unit < 1e18, number * unit >= 1
        else { return nil }
        bytes = Int(number * unit)
    }
}
