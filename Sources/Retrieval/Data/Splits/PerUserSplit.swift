/// Divides the interactions of every user by the same sizes.
///
/// Of each user's interactions in order, the last are test, those before them validation, the
/// rest training. A user for whom no training interaction would be left stays in training
/// altogether, so that no user is judged whom the model never saw; the split's note says how many.
public struct PerUserSplit: Splitter {
    /// What a user's interactions are ordered by.
    public enum Order: Hashable, Sendable {
        /// The stream "split/per_user" draws an order for each user.
        case random
        /// Ascending values of a column; nil: as the interactions stand.
        case column(String?)
    }

    /// What a user's interactions are counted and moved in.
    public enum Unit: Hashable, Sendable {
        /// Single interactions.
        case interactions
        /// All of one value of the order together.
        case moments
        /// All of one value of a column together, such as a basket, in the order of its first.
        case column(String)
    }

    /// How many of each user's interactions test: a count, or a share.
    public var test: SplitSize
    /// How many of them validate; nil: there is no such part.
    public var validation: SplitSize?
    /// What a user's interactions are ordered by.
    public var order: Order
    /// What a user's interactions are counted and moved in.
    public var unit = Unit.interactions
    /// Nil: the experiment's.
    public var seed: UInt64?

    public init(
        test: SplitSize, validation: SplitSize? = nil, order: Order = .random,
        unit: Unit = .interactions, seed: UInt64? = nil
    ) {
        self.unit = unit
        self.test = test
        self.validation = validation
        self.order = order
        self.seed = seed
    }

    public var hasValidation: Bool? { validation != nil }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        let rows =
            switch order {
            case .random: shuffled(interactions.rowCount, context)
            case .column(let column): try RowOrder.ascending(interactions, by: column)
            }
        let groups = Ragged(rowsOf: try interactions.tokens(context.query), order: rows)
        let unitOfRow = try units(interactions)
        var parts = SplitParts()
        for group in 0..<groups.count {
            let (own, ends) = gathered(groups[group], unitOfRow)
            let testCount = test.count(of: ends.count)
            let validationCount = validation?.count(of: ends.count) ?? 0
            let trainCount = ends.count - testCount - validationCount
            guard trainCount > 0 else {
                parts.cut(own, validation: 0, test: 0)
                continue
            }
            let trainEnd = ends[trainCount - 1]
            let testStart = ends[ends.count - testCount - 1]
            parts.cut(own, validation: testStart - trainEnd, test: own.count - testStart)
        }
        return try parts.finish(
            hasValidation: validation != nil,
            "no user has enough interactions to give some away and keep one to train on")
    }

    /// What tells the units of rows apart; nil: each row is one.
    private func units(_ interactions: Table) throws(DataError) -> [Int64]? {
        switch unit {
        case .interactions: return nil
        case .moments:
            guard case .column(let column?) = order else {
                throw .impossible("whole moments require 'order_by', a column of times")
            }
            return try OrderKeys(interactions, column).values
        case .column(let name):
            guard case .tokens(let tokens) = try interactions.column(name) else {
                return try OrderKeys(interactions, name).values
            }
            return tokens.codes.map { Int64($0) }
        }
    }

    /// A user's rows, those of one unit together in the order of the unit's first, and where each
    /// unit ends.
    private func gathered(
        _ rows: ArraySlice<Int32>, _ unitOfRow: [Int64]?
    ) -> (rows: ArraySlice<Int32>, ends: [Int]) {
        guard let unitOfRow else { return (rows, Array(1..<(rows.count + 1))) }
        var members: [[Int32]] = []
        var placeOf: [Int64: Int] = [:]
        for row in rows {
            let unit = unitOfRow[Int(row)]
            let place = placeOf[unit] ?? members.count
            if place == members.count {
                placeOf[unit] = place
                members.append([])
            }
            members[place].append(row)
        }
        var ends: [Int] = []
        for unit in members { ends.append((ends.last ?? 0) + unit.count) }
        return (members.flatMap { $0 }[...], ends)
    }

    /// One order of all rows; within a user it is an order drawn like any other.
    private func shuffled(_ count: Int, _ context: InteractionContext) -> [Int32] {
        var stream = RandomStream(seed: seed ?? context.seed, stream: StreamNames.perUser)
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
        "A column of times or numbers; null: the order in which the interactions stand."
    ).alsoKnown(as: "column").namingTimes()
    static let wholeField = Field<String?>(
        "whole", default: nil,
        """
        What stays together and is counted in the place of interactions: moment, all of one time; \
        or a column, such as a basket's id, all of one value; null: nothing.
        """
    ).alsoKnown(as: "basket", "basket_column")

    public static let entry = ComponentEntry<any Splitter>(
        "leave_n_last_out",
        summary: "Every user's last interactions test, those before them validate.",
        source: "Rendle et al., 2010, doi:10.1145/1772690.1772773",
        fields: [
            countField.description, validationField.description, orderField.description,
            wholeField.description,
        ]
    ) { values in
        PerUserSplit(
            test: .rows(values[countField]),
            validation: values[validationField].map { .rows($0) },
            order: .column(values[orderField]),
            unit: values[wholeField].map { $0 == "moment" ? .moments : .column($0) }
                ?? .interactions)
    }
}
