import CAllocationCounter
import CKernels
import Retrieval

/// How long some work took, over several runs.
public struct Timing: Hashable, Sendable {
    /// Seconds of each run, in order.
    public var seconds: [Double]

    /// The best run: what the code can do when nothing else disturbs it.
    public var best: Double { seconds.min() ?? .nan }

    public var median: Double { seconds.sorted()[seconds.count / 2] }

    /// Runs the work for about `seconds`, at least three times, after one run to warm up. Short
    /// work is run many times between two looks at the clock.
    public static func measure(seconds budget: Double, _ body: () -> Void) -> Timing {
        let clock = ContinuousClock()
        func time(_ repeats: Int) -> Double {
            let start = clock.now
            for _ in 0..<repeats { body() }
            return start.duration(to: clock.now) / .seconds(1)
        }
        let first = time(1)
        let repeats = max(1, Int(1e-3 / max(first, 1e-9)))
        var timing = Timing(seconds: [])
        var spent = 0.0
        while timing.seconds.count < 3 || (spent < budget && timing.seconds.count < 10_000) {
            let run = time(repeats)
            spent += run
            timing.seconds.append(run / Double(repeats))
        }
        return timing
    }

    /// Of the reading of a file, in words: its name, threads, milliseconds, rows a second, and what
    /// bytes a second.
    func ofFile(_ path: String, threads: Int, rows: Int, bytes: Int, of what: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let milliseconds = (best * 10_000).rounded() / 10
        let millions = (Double(rows) / best / 1e5).rounded() / 10
        let megabytes = Int((Double(bytes) / best / 1e6).rounded())
        return "\(name), \(threads) thread(s): \(milliseconds) ms, \(millions) million rows a "
            + "second, \(megabytes) MB/s of \(what)"
    }
}

/// What this processor can do at most.
public enum Peak {
    /// Floating-point operations a second, by chains of multiply-adds in the registers of this
    /// many threads, in the best of several runs.
    public static func flops(threads: Int) -> Double {
        let iterations = 400_000
        let operations = Double(threads) * Double(iterations) * tk_fma_probe(1)
        let clock = ContinuousClock()
        var best = 0.0
        for _ in 0..<20 {
            let start = clock.now
            Lanes(threads: threads).forEach(threads) { _ in _ = tk_fma_probe(iterations) }
            best = max(best, operations / (start.duration(to: clock.now) / .seconds(1)))
        }
        return best
    }
}

/// Allocations of one run of some work.
public enum Allocations {
    /// Nil where they cannot be counted.
    public static func count(_ body: () -> Void) -> Int? {
        guard ac_is_counting() else { return nil }
        body()
        let before = ac_allocation_count()
        body()
        return Int(ac_allocation_count() - before)
    }

    /// Those of the calling thread alone, whatever other threads do meanwhile, and without a run
    /// to warm up.
    package static func countOnThisThread(_ body: () -> Void) -> Int? {
        guard ac_is_counting() else { return nil }
        let before = ac_thread_allocation_count()
        body()
        return Int(ac_thread_allocation_count() - before)
    }
}

/// Pages that the system provides while some work runs: memory that the process did not have, or
/// had given back.
public enum PageFaults {
    /// Of one run.
    public static func count(_ body: () -> Void) -> Int {
        let before = ac_fault_count()
        body()
        return Int(ac_fault_count() - before)
    }

    /// Those of the calling thread alone, whatever other threads do meanwhile.
    package static func countOnThisThread(_ body: () -> Void) -> Int {
        let before = ac_thread_fault_count()
        body()
        return Int(ac_thread_fault_count() - before)
    }
}
