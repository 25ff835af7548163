/// Which rows of the interactions train the model, and which it is judged by.
public struct DataSplit: Hashable, Sendable {
    /// Row numbers, 0-based, in the order in which training takes them up.
    public let train: [Int32]
    /// Nil where the split names no validation part.
    public let validation: [Int32]?
    /// Row numbers, 0-based; in the order of the data, or of a file that names them.
    public let test: [Int32]
    /// SHA-256 in lower-case hexadecimal over the parts, their rows in order.
    public let digest: String
    /// What is surely worth knowing of how they came about.
    public let notes: [String]

    public init(
        train: [Int32], validation: [Int32]? = nil, test: [Int32], notes: [String] = []
    ) {
        self.notes = notes
        self.train = train
        self.validation = validation
        self.test = test
        var digest = ContentDigest(domain: "tfrs-run/split/1")
        for (name, rows) in [("train", train), ("validation", validation), ("test", test)] {
            guard let rows else { continue }
            digest.update(name)
            digest.update(rows)
        }
        self.digest = digest.finalize()
    }
}

extension Dataset {
    /// SHA-256 in lower-case hexadecimal over the content and the split: runs whose fingerprints
    /// are equal trained and were judged on the same rows of the same data.
    public func fingerprint(of split: DataSplit) -> String {
        var digest = ContentDigest(domain: "tfrs-run/data/1")
        digest.update(origin.contentDigest)
        digest.update(split.digest)
        return digest.finalize()
    }
}

/// A way to divide interactions into parts.
public protocol Splitter: Sendable {
    /// - Throws: ``DataError`` where a part would have no rows, among other things: the parts of
    ///   a split are never empty.
    func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit

    /// Whether the split has a validation part; nil where only the data tell, as a splitter says
    /// that does not know.
    var hasValidation: Bool? { get }
}

extension ComponentKind where Product == any Splitter {
    public static var split: ComponentKind {
        ComponentKind(noun: "split", pluralNoun: "splits")
    }
}

extension Splitter {
    public var hasValidation: Bool? { nil }

    public func split(
        _ interactions: Table, seed: UInt64 = 42, in environment: DataEnvironment = .process
    ) throws(DataError) -> DataSplit {
        try split(
            interactions, in: InteractionContext(seed: seed, environment: environment))
    }
}

/// The parts of a split while rows are dealt out.
struct SplitParts {
    var train: [Int32] = []
    var validation: [Int32] = []
    var test: [Int32] = []

    /// Cuts rows in order: the first train, the last test, validation between them.
    mutating func cut(_ rows: ArraySlice<Int32>, validation: Int, test: Int) {
        let testStart = rows.endIndex - test
        let validationStart = testStart - validation
        train += rows[..<validationStart]
        self.validation += rows[validationStart..<testStart]
        self.test += rows[testStart...]
    }

    /// - Parameter how: the split in words, for the error where a part is empty.
    func finish(
        hasValidation: Bool, _ how: String, notes: [String] = []
    ) throws(DataError) -> DataSplit {
        let parts =
            [("training", train), ("test", test)]
            + (hasValidation ? [("validation", validation)] : [])
        for (name, rows) in parts where rows.isEmpty {
            throw .badSplit(.nothingLeft(part: name, split: how))
        }
        return DataSplit(
            train: RowOrder.sorted(train),
            validation: hasValidation ? RowOrder.sorted(validation) : nil,
            test: RowOrder.sorted(test), notes: notes)
    }
}

extension SplitSize {
    /// So many of `available` rows, all of them at most; a fraction is rounded to the nearest count, half away from 0.
    func count(of available: Int) -> Int {
        switch self {
        case .rows(let count): min(count, available)
        case .fraction(let fraction): Int((fraction * Double(available)).rounded())
        }
    }
}
