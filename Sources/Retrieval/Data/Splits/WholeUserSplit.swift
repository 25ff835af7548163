/// Puts all interactions of a user into one part: the users are drawn, and those who test are
/// strangers to the model.
public struct WholeUserSplit: Splitter {
    /// Of the users.
    public var test: SplitSize
    /// How many users validate; nil: there is no such part.
    public var validation: SplitSize?
    /// Nil: the experiment's.
    public var seed: UInt64?

    public init(test: SplitSize, validation: SplitSize? = nil, seed: UInt64? = nil) {
        self.test = test
        self.validation = validation
        self.seed = seed
    }

    public var hasValidation: Bool? { validation != nil }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        let users = try interactions.tokens(context.query)
        let counts = users.countsByCode()
        let known = counts.indices.filter { counts[$0] > 0 }
        let testCount = test.count(of: known.count)
        let validationCount = validation?.count(of: known.count) ?? 0
        guard testCount + validationCount < known.count else {
            throw .badSplit(
                .nothingLeft(
                    part: "training",
                    split: "\(testCount + validationCount) of \(known.count) users are held out"))
        }
        var stream = RandomStream(seed: seed ?? context.seed, stream: StreamNames.wholeUsers)
        var levels = [UInt8](repeating: 0, count: counts.count)
        for (place, index) in stream.permutation(known.count).enumerated() {
            let isHeldOut = place < testCount + validationCount
            levels[known[Int(index)]] = place < testCount ? 2 : isHeldOut ? 1 : 0
        }
        var parts = SplitParts()
        for (row, code) in users.codes.enumerated() {
            switch levels[Int(code)] {
            case 0: parts.train.append(Int32(row))
            case 1: parts.validation.append(Int32(row))
            default: parts.test.append(Int32(row))
            }
        }
        return try parts.finish(
            hasValidation: validation != nil, "\(known.count) users are drawn from")
    }
}

extension WholeUserSplit: CatalogComponent {
    static let testField = Field<SplitSize>(
        "test", default: .fraction(0.2), "Users who test: a count, or a fraction.")
    static let validationField = Field<SplitSize?>(
        "validation", default: nil, "The same for validation; null: none.")
    static let seedField = Field<Int?>(
        "seed", optional: .atLeast(0), "Seed of the draw; null: the experiment's.")

    public static let entry = ComponentEntry<any Splitter>(
        "users", summary: "All interactions of a user in one part; the users are drawn.",
        source: "Liang et al., 2018, doi:10.1145/3178876.3186150",
        fields: [testField.description, validationField.description, seedField.description]
    ) { values in
        WholeUserSplit(
            test: values[testField], validation: values[validationField],
            seed: values[seedField].map(UInt64.init))
    }
}
