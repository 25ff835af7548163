import Foundation
import ResultsFormat

/// This program and another build of it, run in turns, so that what disturbs one disturbs both.
public struct Comparison {
    /// The other build divided by this one, of each round, by case: above 1, this one is faster.
    public private(set) var ratios: OrderedMap<[Double]> = [:]

    /// - Parameters:
    ///   - ours: path of this program.
    ///   - arguments: what both get beside the file for their report.
    /// - Throws: `ChildFailure`, or what reading a report throws.
    public init(ours: String, theirs: String, arguments: [String], rounds: Int) throws {
        for round in 0..<rounds {
            // Who goes first changes from round to round.
            let first = round % 2 == 0 ? ours : theirs
            let second = round % 2 == 0 ? theirs : ours
            let (a, b) = (try Self.run(first, arguments), try Self.run(second, arguments))
            let (mine, other) = round % 2 == 0 ? (a, b) : (b, a)
            for (name, seconds) in mine {
                guard let against = other.first(where: { $0.0 == name }) else { continue }
                ratios[name] = (ratios[name] ?? []) + [against.1 / seconds]
            }
        }
    }

    public var table: String {
        let rows = ratios.map { member in
            let sorted = member.value.sorted()
            func cell(_ value: Double) -> String { String(format: "%.3f", value) }
            return "| \(member.key) | \(cell(sorted[sorted.count / 2])) | \(cell(sorted[0])) "
                + "| \(cell(sorted[sorted.count - 1])) |"
        }
        return (["| case | other / this, median | least | most |", "|---|---|---|---|"] + rows)
            .joined(separator: "\n")
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> [(String, Double)]
    {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tfrs-bench-\(ProcessInfo.processInfo.processIdentifier)-report.json")
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try ChildProcess([program] + arguments + ["--quiet", "--json", file.path])
        guard case .array(let cases)? = try ResultsFile.readJSON(from: file.path)["cases"] else {
            return []
        }
        return cases.compactMap { result in
            guard case .string(let name)? = result["name"],
                case .integer(let threads)? = result["threads"],
                case .number(let seconds)? = result["seconds"]
            else { return nil }
            return ("\(name), \(threads) thread(s)", seconds)
        }
    }
}
