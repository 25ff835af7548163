import ResultsFormat
import YAMLTree

/// One trial of a sweep: the base with settings laid over it.
public struct SweepTrial: Sendable {
    /// Unique in the sweep, the same in whatever order its parts are written:
    /// `batch_size=64,learning_rate=0.1,seed=2`. Also a file name.
    public let name: String
    /// The name without seed and fold; empty where nothing else varies.
    public let configuration: String
    /// The settings by path, but for seed and fold.
    public let settings: OrderedMap<JSONValue>
    /// The trial's seed; nil: the spec's.
    public let seed: Int?
    /// The trial's fold; nil: the spec's.
    public let fold: Int?
    /// The epochs of the rung of successive halving that this is; nil without halving.
    public let rungEpochs: Int?
    /// The merged tree.
    let tree: YAMLNode
}

/// Which trials of a sweep one of several machines runs: `2/4`.
public struct SweepShard: Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    public let number: Int
    public let count: Int

    /// Into how many parts a sweep may be divided.
    public static let counts = 1...100_000

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
            Self.counts.contains(count), (1...count).contains(number)
        else { return nil }
        self.number = number
        self.count = count
    }

    public var description: String { "\(number)/\(count)" }

    /// Every `count`-th trial in the order of the names, so that the shards of one sweep are
    /// disjoint, complete and equally large to within one.
    public func select<Trial>(_ trials: [Trial]) -> [Trial] {
        trials.enumerated().filter { $0.offset % count == number - 1 }.map(\.element)
    }
}
