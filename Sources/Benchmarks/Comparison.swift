import Platform
import ResultsFormat

/// This program and another build of it, run in turns, so that what disturbs one disturbs both.
public struct Comparison: Sendable {
    /// The other build divided by this one, of each round, by case: above 1, this one is faster.
    public private(set) var ratios: OrderedMap<[Double]> = [:]
    /// Cases that only one of the two has.
    public private(set) var onlyOurs: [String] = []
    public private(set) var onlyTheirs: [String] = []

    /// - Parameters:
    ///   - ours: path of this program.
    ///   - arguments: what both get beside the file for their report.
    /// - Throws: ``BuildFailure`` where a build does not run, or leaves no report or one without
    ///   cases.
    public init(ours: String, theirs: String, arguments: [String], rounds: Int) throws {
        for round in 0..<rounds {
            // Who goes first changes from round to round.
            let first = round % 2 == 0 ? ours : theirs
            let second = round % 2 == 0 ? theirs : ours
            let (a, b) = (try Self.run(first, arguments), try Self.run(second, arguments))
            let (mine, other) = round % 2 == 0 ? (a, b) : (b, a)
            for result in mine {
                guard let against = other[result.key] else { continue }
                ratios[result.key] = (ratios[result.key] ?? []) + [against / result.value]
            }
            onlyOurs = mine.map(\.key).filter { other[$0] == nil }
            onlyTheirs = other.map(\.key).filter { mine[$0] == nil }
        }
    }

    public var table: String {
        let rows = ratios.map { member in
            let sorted = member.value.sorted()
            let figures = [sorted[sorted.count / 2], sorted[0], sorted[sorted.count - 1]]
            return "| \(member.key) | "
                + figures.map { $0.fixed(3) }.joined(separator: " | ") + " |"
        }
        let missing = [("this", onlyOurs), ("the other", onlyTheirs)].compactMap { build, cases in
            cases.isEmpty ? nil : "\nOnly in \(build) build: \(cases.joined(separator: "; "))"
        }
        let head = ["| case | other / this, median | least | most |", "|---|---|---|---|"]
        return (head + rows + missing).joined(separator: "\n")
    }

    /// The seconds of each case.
    private static func run(_ program: String, _ arguments: [String]) throws -> OrderedMap<Double> {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tfrs-bench-\(UUID().uuidString)-report.json")
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try ChildProgram.run([program] + arguments + ["--quiet", "--json", file.path])
        let found = try? ResultsFile.readJSON(from: file.path)["cases"]
        guard case .array(let cases)? = found, !cases.isEmpty else {
            throw BuildFailure(
                description: "\(program) reports no case: is it a tfrs-bench, and does a --filter "
                    + "leave it any?")
        }
        var seconds: OrderedMap<Double> = [:]
        for result in cases {
            guard case .string(let name)? = result["name"],
                case .integer(let threads)? = result["threads"],
                case .number(let best)? = result["seconds"]
            else {
                throw BuildFailure(
                    description: "\(program) reports a case without name, threads or seconds")
            }
            seconds["\(name), \(threads) thread(s)"] = best
        }
        return seconds
    }
}
