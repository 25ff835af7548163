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
            discussion: """
                'auto' takes the part from the scheduler, in an array of jobs of Slurm, GitLab or \
                AWS Batch; 'auto/4' where it only tells the place, as Kubernetes does.
                """, valueName: "2/4|auto"),
        transform: SweepShard.init(argument:))
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

extension SweepShard {
    /// `2/4`, or `auto` and `auto/4`, for which the scheduler's variables are looked at.
    fileprivate init(argument: String) throws {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        if parts.first == "auto", parts.count == 1 || parts.count == 2 {
            let count = parts.count == 2 ? Int(parts[1]) : nil
            if parts.count == 2, !(count.map(SweepShard.counts.contains) ?? false) {
                throw ValidationError(
                    "'auto/COUNT' requires a number of parts; found '\(parts[1])'")
            }
            do {
                try self.init(arrayJobIn: ProcessEnvironment.variables, count: count)
            } catch {
                throw ValidationError("\(error)")
            }
        } else if let shard = SweepShard(argument) {
            self = shard
        } else {
            throw ValidationError("it requires a part of so many, such as 2/4, or 'auto'")
        }
    }
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
