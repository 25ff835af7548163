/// How the training examples make batches.
public enum BatchGrouping: String, FieldChoice {
    /// In random order.
    case byExample = "by_example"
    /// Whole queries, such as users, in random order, each with all its examples.
    case byQuery = "by_query"
}

/// The training examples in the order of an epoch, cut into batches.
public struct Batches: Sendable {
    private let source: Examples
    private let size: Int
    /// The examples of each query; nil: examples go by themselves.
    private let queries: Groups?
    private let reshuffle: Bool
    private let seed: UInt64
    /// The number by which the order of ``examples`` was drawn; 0: none yet.
    private var drawn = 0
    /// In the order of the epoch that was begun last.
    public private(set) var examples: Examples
    /// Of ``examples``, those of each batch. By query, epochs may differ in how many there are.
    public private(set) var ranges: [Range<Int>] = []

    /// - Parameters:
    ///   - size: examples of a batch; the last may have fewer, and by query any.
    ///   - reshuffle: whether every epoch draws an order of its own.
    ///   - seed: the experiment's.
    public init(
        _ source: Examples, size: Int, grouping: BatchGrouping = .byExample, reshuffle: Bool,
        seed: UInt64
    ) {
        self.source = source
        self.size = size
        self.reshuffle = reshuffle
        self.seed = seed
        queries =
            grouping == .byQuery
            ? Groups(
                groupOf: source.queryEntities,
                count: Int(source.queryEntities.max() ?? -1) + 1) : nil
        examples = source
        ranges = Self.ranges(of: source.count, size: size)
        if queries != nil { begin(epoch: 1) }
    }

    /// Consecutive ranges of `size`; the last may be shorter.
    public static func ranges(of count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// Shuffles for an epoch, numbered from 1, whichever came before. Without `reshuffle` the
    /// first epoch's batches are everyone's.
    ///
    /// - Parameter lanes: which share the work.
    public mutating func begin(epoch: Int, lanes: Lanes = Lanes(threads: 1)) {
        let number = reshuffle ? epoch : 1
        guard drawn != number else { return }
        drawn = number
        var stream = RandomStream(seed: seed, stream: StreamNames.batches, index: number)
        guard let queries else {
            examples = source.selecting(stream.permutation(source.count), lanes: lanes)
            return
        }
        var order: [Int32] = []
        order.reserveCapacity(source.count)
        ranges = []
        var start = 0
        for query in stream.permutation(queries.count) {
            let own = queries[Int(query)]
            // A batch ends where another query would make it larger than it may be.
            if order.count > start && order.count - start + own.count > size {
                ranges.append(start..<order.count)
                start = order.count
            }
            order += own
            // Of a query that is larger than a batch, so many at a time.
            while order.count - start >= size {
                ranges.append(start..<start + size)
                start += size
            }
        }
        if order.count > start { ranges.append(start..<order.count) }
        examples = source.selecting(order, lanes: lanes)
    }

    /// The fewest examples that a batch of any epoch may have.
    public static func smallest(
        of examples: Examples, size: Int, _ grouping: BatchGrouping
    ) -> Int {
        guard grouping == .byQuery else {
            return ranges(of: examples.count, size: size).map(\.count).min() ?? 0
        }
        // Any query may be the last of an epoch.
        var counts: [Int32: Int] = [:]
        for query in examples.queryEntities { counts[query, default: 0] += 1 }
        return counts.values.map { $0 % size == 0 ? size : $0 % size }.min() ?? 0
    }
}
