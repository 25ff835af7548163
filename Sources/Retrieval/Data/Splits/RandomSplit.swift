/// The size of one part of a split.
public enum SplitSize: Hashable, Sendable {
    /// So many rows; at least 1.
    case rows(Int)
    /// Above 0 and at most 1, of all rows.
    case fraction(Double)
}

/// Takes the parts one after the other from a random order of the rows, as the TFRS tutorials do
/// by `shuffle`, `take` and `skip`: first the training rows, then the test rows, then the
/// validation rows, so that a validation part can be added to two sizes without moving the others.
///
/// As with scikit-learn's `train_test_split`, a size that is not given is what the other parts
/// leave; without either, a fifth of the rows tests. Where both are given, rows left over belong
/// to no part.
///
/// The order is `RandomStream(seed:stream:)` with the stream "split", of the experiment's seed or
/// of the split's own, which holds the parts still while the experiment's seed varies. Fractions
/// are cut at the rounded running total, so that parts which add up to 1 use every row.
public struct RandomSplit: Splitter {
    /// nil for what the other parts leave.
    public var train: SplitSize?
    /// nil for a fifth or, where `train` is given, for what the other parts leave.
    public var test: SplitSize?
    /// How many interactions validate; nil: there is no such part.
    public var validation: SplitSize?
    /// What the order is drawn from; nil for the experiment's seed.
    public var seed: UInt64?

    public init(
        train: SplitSize? = nil, test: SplitSize? = nil, validation: SplitSize? = nil,
        seed: UInt64? = nil
    ) {
        self.train = train
        self.test = test
        self.validation = validation
        self.seed = seed
    }

    /// - Throws: ``DataError/badSplit(_:)`` for a size out of range, a part without rows, or parts
    ///   that are together larger than the data.
    public var hasValidation: Bool? { validation != nil }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        let ends = try ends(in: interactions.rowCount)
        var stream = RandomStream(seed: seed ?? context.seed, stream: StreamNames.split)
        let order = stream.permutation(interactions.rowCount)
        return DataSplit(
            train: Array(order[..<ends[0]]),
            validation: validation == nil ? nil : Array(order[ends[1]..<ends[2]]),
            test: Array(order[ends[0]..<ends[1]]))
    }

    /// The parts in the order in which they are taken; the one without a size takes what is left.
    private var parts: [(name: String, size: SplitSize?)] {
        let test = test ?? (train == nil ? .fraction(0.2) : nil)
        var parts = [("train", train), ("test", test)]
        if let validation { parts.append(("validation", validation)) }
        return parts
    }

    /// Where each part ends in the random order.
    private func ends(in available: Int) throws(DataError) -> [Int] {
        var asked = SplitShare()
        for case (let name, let size?) in parts { asked = try asked.adding(size, of: name) }
        guard asked.rows(of: available) <= Double(available) else { throw tooLarge(available) }
        var ends: [Int] = []
        var taken = SplitShare()
        for (name, size) in parts {
            if let size {
                taken = try taken.adding(size, of: name)
            } else {
                // What all others ask for, less what those before have taken, stays for those
                // after.
                taken.rows += Double(available) - asked.rows
                taken.fraction -= asked.fraction
            }
            let end = Int(taken.rows(of: available))
            guard end > ends.last ?? 0 else { throw empty(name, size, available) }
            ends.append(end)
        }
        return ends
    }

    private func empty(_ name: String, _ size: SplitSize?, _ available: Int) -> DataError {
        guard let size else {
            return .badSplit(
                .nothingLeft(part: name, split: "\(sizes) leaves none of \(available) rows"))
        }
        return .badSplit(.emptyPart(part: name, size: size.words, available: available))
    }

    private func tooLarge(_ available: Int) -> DataError {
        var total: Int? = 0
        for case (_, let size?) in parts {
            guard case .rows(let count) = size, let sum = total else {
                total = nil
                continue
            }
            let (next, overflowed) = sum.addingReportingOverflow(count)
            total = overflowed ? nil : next
        }
        return .badSplit(
            .tooLarge(
                parts: sizes, asked: total.map { "\($0) rows" } ?? "more than all rows",
                available: available))
    }

    /// The sizes that are given, such as "train 8, test 4".
    private var sizes: String {
        parts.compactMap { name, size in size.map { "\(name) \($0.words)" } }
            .joined(separator: ", ")
    }
}

/// What some parts have together.
private struct SplitShare {
    var rows = 0.0
    /// Of all rows, beside those counted.
    var fraction = 0.0

    func adding(_ size: SplitSize, of part: String) throws(DataError) -> SplitShare {
        switch size {
        case .rows(let count) where count >= 1:
            SplitShare(rows: rows + Double(count), fraction: fraction)
        case .fraction(let share) where share > 0 && share <= 1:
            SplitShare(rows: rows, fraction: fraction + share)
        default: throw .badSplit(.sizeOutOfRange(part: part, size: size.words))
        }
    }

    /// Both are far below 2⁵³ wherever the parts fit, so counts stay exact.
    func rows(of available: Int) -> Double {
        (rows + fraction * Double(available)).rounded()
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
