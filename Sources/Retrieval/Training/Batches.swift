/// The training examples in the order of an epoch, cut into batches.
public struct Batches: Sendable {
    private let source: Examples
    private let reshuffle: Bool
    private let seed: UInt64
    /// The number by which the order of ``examples`` was drawn; 0: none yet.
    private var drawn = 0
    /// In the order of the epoch that was begun last.
    public private(set) var examples: Examples
    /// Of ``examples``, those of each batch.
    public let ranges: [Range<Int>]

    /// - Parameters:
    ///   - size: examples of a batch; the last may have fewer.
    ///   - reshuffle: whether every epoch draws an order of its own.
    ///   - seed: the experiment's.
    public init(_ source: Examples, size: Int, reshuffle: Bool, seed: UInt64) {
        self.source = source
        self.reshuffle = reshuffle
        self.seed = seed
        examples = source
        ranges = Self.ranges(of: source.count, size: size)
    }

    /// Consecutive ranges of `size`; the last may be shorter.
    public static func ranges(of count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// Shuffles for an epoch, numbered from 1, whichever came before. Without `reshuffle` the
    /// first epoch's batches are everyone's.
    public mutating func begin(epoch: Int) {
        let number = reshuffle ? epoch : 1
        guard drawn != number else { return }
        drawn = number
        var stream = RandomStream(seed: seed, stream: "batches", index: number)
        examples = source.selecting(stream.permutation(source.count))
    }
}
