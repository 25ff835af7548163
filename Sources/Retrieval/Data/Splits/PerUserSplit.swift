/// Divides the interactions of every user by the same sizes.
///
/// Of each user's interactions in order, the last are test, those before them validation, the
/// rest training. A user for whom no training interaction would be left stays in training
/// altogether, so that no user is judged whom the model never saw; the split's note says how many.
public struct PerUserSplit: Splitter {
    public enum Order: Hashable, Sendable {
        /// The stream "split/per_user" draws an order for each user.
        case random
        /// Ascending values of a column; nil: as the interactions stand.
        case column(String?)
    }

    public var test: SplitSize
    public var validation: SplitSize?
    public var order: Order
    /// Nil: the experiment's.
    public var seed: UInt64?

    public init(
        test: SplitSize, validation: SplitSize? = nil, order: Order = .random,
        seed: UInt64? = nil
    ) {
        self.test = test
        self.validation = validation
        self.order = order
        self.seed = seed
    }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        let rows =
            switch order {
            case .random: shuffled(interactions.rowCount, context)
            case .column(let column): try RowOrder.ascending(interactions, by: column)
            }
        let groups = RowGroups(try interactions.tokens(context.query), order: rows)
        var parts = SplitParts()
        for group in 0..<groups.count {
            let own = groups[group]
            let testCount = test.count(of: own.count)
            let validationCount = validation?.count(of: own.count) ?? 0
            let fits = testCount + validationCount < own.count
            parts.cut(
                own, validation: fits ? validationCount : 0, test: fits ? testCount : 0)
        }
        return try parts.finish(
            hasValidation: validation != nil,
            "no user has enough interactions to give some away and keep one to train on")
    }

    /// One order of all rows; within a user it is an order drawn like any other.
    private func shuffled(_ count: Int, _ context: InteractionContext) -> [Int32] {
        var stream = RandomStream(seed: seed ?? context.seed, stream: "split/per_user")
        return stream.permutation(count)
    }
}

extension PerUserSplit: CatalogComponent {
    static let testField = Field<SplitSize>(
        "test", default: .fraction(0.2),
        "Test interactions of each user: a count, or a fraction of theirs, rounded.")
    static let validationField = Field<SplitSize?>(
        "validation", default: nil, "The same for validation; null: none.")
    static let orderField = Field<String?>(
        "order_by", default: nil,
        """
        A column of times or numbers by which a user's last interactions are taken; null: they \
        are drawn at random.
        """)
    static let seedField = Field<Int?>(
        "seed", optional: .atLeast(0), "Seed of a random order; null: the experiment's.")

    public static let entry = ComponentEntry<any Splitter>(
        "per_user", summary: "A share of every user's interactions.", source: "tfrs-run",
        fields: [
            testField.description, validationField.description, orderField.description,
            seedField.description,
        ]
    ) { values in
        PerUserSplit(
            test: values[testField], validation: values[validationField],
            order: values[orderField].map { .column($0) } ?? .random,
            seed: values[seedField].map(UInt64.init))
    }
}

/// Each user's last interactions are test, those before them validation: how sequential
/// recommenders are judged.
public enum LeaveNLastOut {
    static let countField = Field<Int>(
        "test", default: 1, .atLeast(1), unit: "interactions", "How many of each user's last test.")
    static let validationField = Field<Int?>(
        "validation", optional: .atLeast(1), unit: "interactions",
        "How many of those before them validate; null: none.")
    static let orderField = Field<String?>(
        "order_by", default: "timestamp",
        "A column of times or numbers; null: the order in which the interactions stand.")

    public static let entry = ComponentEntry<any Splitter>(
        "leave_n_last_out",
        summary: "Every user's last interactions test, those before them validate.",
        source: "Rendle et al., 2010, doi:10.1145/1772690.1772773",
        fields: [countField.description, validationField.description, orderField.description]
    ) { values in
        PerUserSplit(
            test: .rows(values[countField]),
            validation: values[validationField].map { .rows($0) },
            order: .column(values[orderField]))
    }
}
