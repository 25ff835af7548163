/// Cuts a random order of all interactions into folds of nearly equal size and tests on one of
/// them: fold f of n holds the positions from ⌊f·rows/n⌋ on, to ⌊(f+1)·rows/n⌋. Over the folds
/// every interaction tests once.
///
/// The order is drawn from the stream "split/k_fold"; it is the same for every fold.
public struct KFoldSplit: Splitter {
    /// How many parts the order is cut into; at least 2.
    public var folds: Int
    /// From 0.
    public var fold: Int
    /// Taken from the end of what does not test.
    public var validation: SplitSize?
    /// Nil: the experiment's.
    public var seed: UInt64?

    public init(folds: Int = 5, fold: Int = 0, validation: SplitSize? = nil, seed: UInt64? = nil) {
        self.folds = folds
        self.fold = fold
        self.validation = validation
        self.seed = seed
    }

    public var hasValidation: Bool? { validation != nil }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        try check()
        var stream = RandomStream(seed: seed ?? context.seed, stream: StreamNames.kFold)
        let order = stream.permutation(interactions.rowCount)
        let test = (order.count * fold / folds)..<(order.count * (fold + 1) / folds)
        let rest = order[..<test.lowerBound] + order[test.upperBound...]
        let count = validation?.count(of: rest.count) ?? 0
        var parts = SplitParts()
        parts.test = Array(order[test])
        parts.cut(ArraySlice(rest), validation: min(count, rest.count), test: 0)
        return try parts.finish(
            hasValidation: validation != nil,
            "\(interactions.rowCount) interactions in \(folds) folds")
    }
}

extension KFoldSplit: SelfChecking {
    public func check() throws(DataError) {
        guard fold < folds else {
            throw .impossible("'fold' requires a number below 'folds', \(folds); found \(fold)")
        }
    }
}

extension KFoldSplit: CatalogComponent {
    static let foldsField = Field<Int>(
        "folds", default: 5, .between(2, and: 1_000_000), "How many folds.")
    static let foldField = Field<Int>(
        "fold", default: 0, .atLeast(0), "Which of them tests, from 0.")
    static let validationField = Field<SplitSize?>(
        "validation", default: nil,
        "Validation interactions out of the others: a count, or a fraction; null: none.")
    static let seedField = Field<Int?>(
        "seed", optional: .atLeast(0), "Seed of the order; null: the experiment's.")

    public static let entry = ComponentEntry<any Splitter>(
        "k_fold", summary: "One of several parts of equal size tests, the others train.",
        source: "tfrs-run",
        fields: [
            foldsField.description, foldField.description, validationField.description,
            seedField.description,
        ]
    ) { values in
        KFoldSplit(
            folds: values[foldsField], fold: values[foldField],
            validation: values[validationField], seed: values[seedField].map(UInt64.init))
    }
}
