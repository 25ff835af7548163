import Experiments
import Platform
import ResultsFormat
import Retrieval

/// Everything that one run of the benchmarks measured.
public struct BenchmarkReport: Sendable {
    /// The peak of one thread and of all, in floating-point operations a second.
    public var peaks: [(threads: Int, flops: Double)] = []
    public var cases: [CaseResult] = []
    public var processes: [ProcessResult] = []
    public var growth: RowGrowth?
    public var memory: [PeakMemory] = []

    public init() {}

    public var json: JSONValue {
        .members([
            ("cpu", .string(HostEnvironment.current(threads: 1).cpu)),
            ("instruction_set", .string(InstructionSet.activeName)),
            (
                "peaks",
                .array(
                    peaks.map {
                        .members([
                            ("threads", .integer($0.threads)),
                            ("gigaflops", .number($0.flops / 1e9)),
                        ])
                    })
            ),
            ("cases", .array(cases.map(\.json))),
            ("processes", .array(processes.map(\.json))),
            ("growth", growth?.json),
            ("memory", .array(memory.map(\.json))),
        ])
    }

    /// The report as a table in Markdown.
    public var table: String {
        var lines = peaks.map { peak in
            "Peak of \(peak.threads) thread(s), by the probe: \((peak.flops / 1e9).fixed(1)) GFLOP/s"
        }
        if !cases.isEmpty {
            lines += [
                "",
                """
                | case | shape | threads | time | GFLOP/s | of peak | computed | GB/s | items/s \
                | allocations | page faults |
                """,
                "|---|---|---|---|---|---|---|---|---|---|---|",
            ]
            lines += cases.map(row)
            lines += scaling + ratios
        }
        if !processes.isEmpty {
            lines += [
                "", "| spec | threads | whole process | start-up | epoch | evaluation | memory |",
                "|---|---|---|---|---|---|---|",
            ]
            lines += processes.map { result in
                """
                | \(result.spec) | \(result.threads) | \(time(result.wall.best)) \
                | \(time(result.startUp)) | \(time(result.epoch)) | \(time(result.evaluation)) \
                | \((Double(result.peakBytes) / 1e6).fixed(1)) MB |
                """
            }
        }
        if !memory.isEmpty {
            lines += ["", "| work | memory above data and parameters |", "|---|---|"]
            lines += memory.map { "| \($0.name) | \($0.megabytes.fixed(1)) MB |" }
        }
        if let growth { lines += ["", growth.table] }
        return lines.joined(separator: "\n")
    }

    private func row(_ result: CaseResult) -> String {
        let share = result.computedShare.map { (100 * $0).fixed(1) + "%" } ?? ""
        let cells: [String] = [
            result.name, result.shape.description, String(result.threads),
            time(result.timing.best),
            result.flops > 0 ? result.gigaflops.fixed(1) : "",
            result.flops > 0 ? (100 * result.fractionOfPeak).fixed(0) + "%" : "",
            share,
            result.bytes > 0 ? (result.bytes / result.timing.best / 1e9).fixed(1) : "",
            result.items > 0 ? (Double(result.items) / result.timing.best).fixed(0) : "",
            result.allocations.map(String.init) ?? "",
            result.pageFaults.map(String.init) ?? "",
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// How many times faster a case is on more threads than on one.
    private var scaling: [String] {
        let gains = cases.compactMap { result -> String? in
            guard result.threads > 1,
                let one = cases.first(where: { $0.name == result.name && $0.threads == 1 })
            else { return nil }
            let gain = (one.timing.best / result.timing.best).fixed(2)
            return "| \(result.name) | \(result.threads) | \(gain)x |"
        }
        return gains.isEmpty
            ? [] : ["", "| case | threads | against one |", "|---|---|---|"] + gains
    }

    /// How many times longer a case takes than the one that it is stated against.
    private var ratios: [String] {
        let rows = cases.compactMap { result -> String? in
            guard let reference = result.reference,
                let other = cases.first(where: {
                    $0.name == reference && $0.threads == result.threads
                })
            else { return nil }
            let ratio = (result.timing.best / other.timing.best).fixed(2)
            return "| \(result.name) | \(result.threads) | \(reference) | \(ratio)x |"
        }
        return rows.isEmpty
            ? [] : ["", "| case | threads | takes, of | |", "|---|---|---|---|"] + rows
    }

    private func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<1e-6: (seconds * 1e9).fixed(1) + " ns"
        case ..<1e-3: (seconds * 1e6).fixed(1) + " us"
        case ..<1: (seconds * 1e3).fixed(2) + " ms"
        default: seconds.isFinite ? seconds.fixed(2) + " s" : ""
        }
    }
}

extension JSONValue {
    /// An object without the members that have no value.
    static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(OrderedMap(members.compactMap { name, value in value.map { (name, $0) } }))
    }
}
