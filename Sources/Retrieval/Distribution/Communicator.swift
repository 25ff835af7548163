import Platform

/// The processes that run one experiment together, each a *rank* of them, as MPI has it.
///
/// All ranks run the same program on the same spec and data, and come to the same calls in the same
/// order; what differs is which lanes of a batch they score, which queries of an evaluation they
/// rank and which rows of the tables they hold. The digest is that of one process, for sums over
/// ranks go on the tree that sums over lanes go on.
///
/// An implementation has to know how two ranks exchange bytes. Everything else is made of that.
public protocol Communicator: Sendable {
    /// Which one this is, from 0.
    var rank: Int { get }

    /// How many there are: 1, 2, 4 or 8. See ``RankCount``.
    var size: Int { get }

    /// Sends some bytes to another rank and receives as many from it as there is room for; it has
    /// to call at the same time, with numbers of bytes that fit.
    ///
    /// A rank that is gone ends the job: who would wait for it never returns.
    func exchange(
        with partner: Int, sending: UnsafeRawBufferPointer,
        receiving: UnsafeMutableRawBufferPointer)

    /// How many bytes this rank has sent so far.
    var bytesSent: Int { get }

    /// Says that this rank ends, with its exit code, and waits for the others to do so too.
    ///
    /// - Returns: the codes of all ranks; nil where this one has failed and others, who have not,
    ///   wait for it: then it has to ``abort(code:)``.
    func leave(code: Int32) -> [Int32]?

    /// Ends all ranks at once, with an exit code that is not 0.
    func abort(code: Int32) -> Never
}

/// One process alone, which is the rule.
public struct SingleProcess: Communicator {
    public init() {}
    public var rank: Int { 0 }
    public var size: Int { 1 }
    public var bytesSent: Int { 0 }

    public func exchange(
        with partner: Int, sending: UnsafeRawBufferPointer,
        receiving: UnsafeMutableRawBufferPointer
    ) {
        preconditionFailure("one process alone has no partner")
    }

    public func leave(code: Int32) -> [Int32]? { [code] }
    public func abort(code: Int32) -> Never { exit(code) }
}

/// How many ranks an experiment may be spread over.
public enum RankCount {
    /// A rank's lanes have to be a finished subtree of the tree over all ``Lanes/count`` lanes, and
    /// there is no work for more ranks than there are lanes.
    public static let allowed = [1, 2, 4, 8]

    /// What is wrong with a number of ranks; nil where nothing is.
    public static func objection(to size: Int) -> String? {
        allowed.contains(size)
            ? nil
            : "an experiment may be spread over 1, 2, 4 or 8 ranks, whose lanes make subtrees of one "
                + "sum; found \(size)"
    }
}

extension Communicator {
    /// Whether there is nobody else.
    public var isAlone: Bool { size == 1 }

    /// Whether this is the one that writes and prints.
    public var isFirst: Bool { rank == 0 }

    /// The lanes of this rank, of as many as there are at all; lanes that a small problem does not
    /// have are nobody's.
    func lanes(of count: Int) -> Range<Int> { lanes(of: count, at: rank) }

    /// The same of any rank.
    func lanes(of count: Int, at rank: Int) -> Range<Int> {
        let share = laneShare(of: count)
        return min(count, rank * share)..<min(count, (rank + 1) * share)
    }

    /// How many lanes a rank has, so that they are a subtree: as many as any other where that can be.
    private func laneShare(of count: Int) -> Int {
        count >= size && count.nonzeroBitCount == 1 ? count / size : Lanes.count / size
    }

    /// How many ranks, from the first on, have any of the lanes.
    func ranksWithLanes(of count: Int) -> Int {
        let share = laneShare(of: count)
        return (count + share - 1) / share
    }
}
