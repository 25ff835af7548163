/// Keeps the first or the last interactions of every user.
public struct PerUser: InteractionFilter {
    /// Which of a user's interactions stay.
    public enum End: Sendable {
        /// The earliest or the latest.
        case first, last
    }

    /// Which end of a user's history stays.
    public var end: End
    public var count: Int
    /// A column of integers or numbers; nil: the order in which the interactions stand. Equal
    /// values keep that order too.
    public var order: String?

    public init(_ end: End, count: Int, order: String? = "timestamp") {
        self.end = end
        self.count = count
        self.order = order
    }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let groups = Ragged(
            rowsOf: try interactions.tokens(context.query),
            order: try RowOrder.ascending(interactions, by: order))
        var kept: [Int32] = []
        for group in 0..<groups.count {
            let rows = groups[group]
            kept += end == .first ? rows.prefix(count) : rows.suffix(count)
        }
        return kept.sorted()
    }
}

extension PerUser {
    static let countField = Field<Int>(
        "count", default: nil, .atLeast(1), unit: "interactions", "How many of each user stay.")
    static let orderField = Field<String?>(
        "order_by", default: "timestamp",
        "A column of times or numbers; null: the order in which the interactions stand."
    ).alsoKnown(as: "column").namingTimes()

    /// `first_per_user`.
    public static let firstEntry = entry("first_per_user", .first, "first")
    /// `last_per_user`.
    public static let lastEntry = entry("last_per_user", .last, "last")

    private static func entry(
        _ name: String, _ end: End, _ word: String
    ) -> ComponentEntry<any InteractionFilter> {
        ComponentEntry(
            name, summary: "Keeps the \(word) interactions of every user.", source: "tfrs-run",
            fields: [countField.description, orderField.description]
        ) { values in
            PerUser(end, count: values[countField], order: values[orderField])
        }
    }
}
