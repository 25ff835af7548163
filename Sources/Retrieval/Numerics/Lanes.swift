import Safeguards

/// Runs pieces of work on a bounded number of threads.
///
/// Work is cut into pieces by the size of the problem, never by the number of threads, and each
/// piece writes to a place of its own: which thread runs a piece cannot show in the results.
public struct Lanes: Sendable {
    /// Threads that may run at once, at least 1.
    public let threads: Int

    /// Pieces into which row-wise work is cut: enough to balance a few cores, few enough that one
    /// partial gradient for each of them stays small.
    public static let count = 8

    public init(threads: Int) {
        self.threads = max(1, threads)
    }

    /// Calls `body` once for each index below `count`; returns when all calls have.
    public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        let workers = min(threads, count)
        guard workers > 1 else {
            for index in 0..<count { body(index) }
            return
        }
        if WorkerPool.shared.run(count, threads: workers, body) { return }
        // Somebody else's job runs, or this is a piece of one.
        for index in 0..<count { body(index) }
    }

    /// What `body` makes of each index below `count`, in order.
    package func map<Value: Sendable>(
        _ count: Int, _ body: @Sendable (Int) -> Value
    ) -> [Value] {
        let made = Guarded([Value?](repeating: nil, count: count))
        forEach(count) { index in
            let value = body(index)
            made.withLock { $0[index] = value }
        }
        return made.withLock { $0.map { $0! } }
    }

    /// What lanes come to together: a balanced binary tree over their numbers, in which 0 and 1, 2
    /// and 3, … are added first, then each two of these sums, and so on.
    ///
    /// So a run of lanes that begins at a multiple of its length, a power of two, makes a sum of
    /// its own, whoever works on it.
    ///
    /// - Parameters:
    ///   - parts: of each lane; nil where it had nothing to do.
    ///   - add: adds the second to the first.
    package static func treeSum<Part>(
        _ parts: consuming [Part?], _ add: (inout Part, Part) -> Void
    ) -> Part? {
        var sums = parts
        var step = 1
        while step < sums.count {
            for left in stride(from: 0, to: sums.count - step, by: 2 * step) {
                guard let right = sums[left + step] else { continue }
                guard var sum = sums[left] else {
                    sums[left] = right
                    continue
                }
                sums[left] = nil
                add(&sum, right)
                sums[left] = sum
            }
            step *= 2
        }
        return sums.first ?? nil
    }

    /// The rows of lane `index` when `rows` rows are cut into ``count`` lanes.
    static func rows(of index: Int, in rows: Int) -> Range<Int> {
        (rows * index / count)..<(rows * (index + 1) / count)
    }
}
