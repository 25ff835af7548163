import Safeguards

/// How far a long piece of work has come: counted by whoever works, on whatever thread, and read by
/// whoever watches. No result depends on it.
public final class WorkMeter: Sendable {
    /// A part of the work, of which one follows the other.
    public struct Stage: Sendable {
        /// Which one it is, from 1.
        public fileprivate(set) var number: Int
        /// What is done, as in "ranking".
        public fileprivate(set) var name: String
        /// How much there is to do, in ``unit``; 0 while nobody knows.
        public fileprivate(set) var count = 0
        /// What is counted, as in "queries".
        public fileprivate(set) var unit = ""
        /// Work that one unit is, in steps of whoever works.
        fileprivate var stepsPerUnit = 1
        fileprivate var steps = 0

        /// How many units' worth of work is done.
        public var done: Double { min(Double(count), Double(steps) / Double(stepsPerUnit)) }
    }

    private let now = Guarded<Stage?>(nil)

    /// A meter of work that has not begun.
    public init() {}

    /// The part that goes on; nil before the first.
    public var stage: Stage? { now.withLock { $0 } }

    /// The next part begins.
    ///
    /// - Parameters:
    ///   - count: how much there is to do, where that is known already.
    ///   - unit: what is counted.
    public func begin(_ name: String, count: Int = 0, of unit: String = "") {
        now.withLock {
            $0 = Stage(number: ($0?.number ?? 0) + 1, name: name, count: count, unit: unit)
        }
    }

    /// How much the part comes to that goes on.
    ///
    /// - Parameter stepsPerUnit: in what steps one unit is done, at least 1.
    public func expect(_ count: Int, of unit: String, stepsPerUnit: Int = 1) {
        now.withLock {
            $0?.count = count
            $0?.unit = unit
            $0?.stepsPerUnit = max(1, stepsPerUnit)
        }
    }

    /// So many steps are done.
    public func advance(by steps: Int) {
        now.withLock { $0?.steps += steps }
    }
}
