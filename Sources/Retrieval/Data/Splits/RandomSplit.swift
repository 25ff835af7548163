/// The size of one part of a split.
public enum SplitSize: Hashable, Sendable {
    case rows(Int)
    /// Above 0 and at most 1, of all rows.
    case fraction(Double)
}

/// Takes the parts one after the other from a random order of the rows, as the TFRS tutorials do
/// by `shuffle`, `take` and `skip`: first the training rows, then the test rows, then the
/// validation rows, so that a validation part can be added without moving the others. Rows left
/// over belong to none.
///
/// The order is `RandomStream(seed:stream:)` with the stream "split", of the experiment's seed or
/// of the split's own, which holds the parts still while the experiment's seed varies. Fractions are cut at the
/// rounded running total, so that parts which add up to 1 use every row.
public struct RandomSplit: Splitter {
    public var train: SplitSize
    public var test: SplitSize
    public var validation: SplitSize?
    /// What the order is drawn from; nil for the experiment's seed.
    public var seed: UInt64?

    public init(
        train: SplitSize, test: SplitSize, validation: SplitSize? = nil, seed: UInt64? = nil
    ) {
        self.train = train
        self.test = test
        self.validation = validation
        self.seed = seed
    }

    /// - Throws: ``DataError/badSplit(_:)`` for a size out of range, a part without rows, or parts
    ///   that are together larger than the data.
    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        let ends = try ends(in: interactions.rowCount)
        var stream = RandomStream(seed: seed ?? context.seed, stream: "split")
        let order = stream.permutation(interactions.rowCount)
        return DataSplit(
            train: Array(order[..<ends[0]]),
            validation: validation == nil ? nil : Array(order[ends[1]..<ends[2]]),
            test: Array(order[ends[0]..<ends[1]]))
    }

    /// Where each part ends in the random order.
    private func ends(in available: Int) throws(DataError) -> [Int] {
        var parts = [("train", train), ("test", test)]
        if let validation { parts.append(("validation", validation)) }
        var ends: [Int] = []
        var rows = 0.0
        var fractions = 0.0
        for (name, size) in parts {
            switch size {
            case .rows(let count) where count >= 1: rows += Double(count)
            case .fraction(let fraction) where fraction > 0 && fraction <= 1:
                fractions += fraction
            default: throw .badSplit(.sizeOutOfRange(part: name, size: size.words))
            }
            // Both sums are far below 2⁵³ wherever the parts fit, so counts stay exact.
            let end = (rows + fractions * Double(available)).rounded()
            guard end <= Double(available) else { throw tooLarge(parts, available) }
            guard Int(end) > ends.last ?? 0 else {
                throw .badSplit(
                    .emptyPart(part: name, size: size.words, available: available))
            }
            ends.append(Int(end))
        }
        return ends
    }

    private func tooLarge(_ parts: [(String, SplitSize)], _ available: Int) -> DataError {
        var total: Int? = 0
        for (_, size) in parts {
            guard case .rows(let count) = size, let sum = total else {
                total = nil
                continue
            }
            let (next, overflowed) = sum.addingReportingOverflow(count)
            total = overflowed ? nil : next
        }
        return .badSplit(
            .tooLarge(
                parts: parts.map { "\($0) \($1.words)" }.joined(separator: ", "),
                asked: total.map { "\($0) rows" } ?? "more than all rows", available: available))
    }
}

extension SplitSize {
    var words: String {
        switch self {
        case .rows(let count): "\(count)"
        case .fraction(let fraction): "\(fraction)"
        }
    }
}
