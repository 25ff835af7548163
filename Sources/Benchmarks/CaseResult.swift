import ResultsFormat
import Retrieval

/// What a case took.
public struct CaseResult: Sendable {
    public var name: String
    public var shape: Shape
    public var threads: Int
    /// The case that this one is stated against.
    public var reference: String?
    public var timing: Timing
    /// Of one run.
    public var flops: Double
    public var bytes: Double
    public var items: Int
    /// Floating-point operations a second that these threads can do at most.
    public var peak: Double
    public var allocations: Int?
    /// Pages that the system provided in one run.
    public var pageFaults: Int?
    /// The share of the operations that were computed, where some can be left out.
    public var computedShare: Double?

    public var gigaflops: Double { flops / timing.best / 1e9 }
    public var fractionOfPeak: Double { flops / timing.best / peak }

    /// Times a case, after it was checked on small shapes.
    ///
    /// - Throws: `CheckFailure`.
    public init(
        _ test: BenchmarkCase, threads: Int, peak: Double, seconds: Double
    ) throws(CheckFailure) {
        try test.checkSmallShapes()
        var random = RandomStream(seed: 1, stream: test.name)
        let work = test.make(test.shape, &random, Lanes(threads: threads))
        name = test.name
        shape = test.shape
        reference = test.reference
        self.threads = threads
        timing = Timing.measure(seconds: seconds, work.run)
        (flops, bytes, items) = (work.flops, work.bytes, work.items)
        self.peak = peak
        computedShare = work.computedShare?()
        allocations = test.group == .kernel ? nil : Allocations.count(work.run)
        pageFaults = test.group == .kernel ? nil : PageFaults.count(work.run)
    }

    var json: JSONValue {
        .members([
            ("name", .string(name)), ("shape", .string(shape.description)),
            ("threads", .integer(threads)), ("seconds", .number(timing.best)),
            ("median_seconds", .number(timing.median)),
            ("runs", .integer(timing.seconds.count)),
            ("gigaflops", flops > 0 ? .number(gigaflops) : nil),
            ("fraction_of_peak", flops > 0 ? .number(fractionOfPeak) : nil),
            ("computed_share", computedShare.map { .number($0) }),
            ("gigabytes_per_second", bytes > 0 ? .number(bytes / timing.best / 1e9) : nil),
            ("items_per_second", items > 0 ? .number(Double(items) / timing.best) : nil),
            ("allocations", allocations.map { .integer($0) }),
            ("page_faults", pageFaults.map { .integer($0) }),
        ])
    }
}

/// A case that differs from its plain version.
public struct CheckFailure: Error, CustomStringConvertible {
    public var description: String
}

extension BenchmarkCase {
    /// Compares the work with its plain version on a few small shapes, and on more threads too.
    public func checkSmallShapes(rounds: Int = 8) throws(CheckFailure) {
        var random = RandomStream(seed: 2, stream: name)
        for round in 0..<rounds {
            let shape = smallShape(&random)
            guard let found = check(shape, seed: UInt64(round), threads: 1 + round % 2) else {
                continue
            }
            throw CheckFailure(description: "\(name) on \(shape): \(found)")
        }
    }
}
