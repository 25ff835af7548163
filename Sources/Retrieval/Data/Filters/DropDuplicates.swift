/// Keeps one interaction of each user and item.
public struct DropDuplicates: InteractionFilter {
    /// Which of several interactions of one query with one candidate stays.
    public enum Keep: String, FieldChoice {
        /// The first or the last in the data's order.
        case first, last
    }

    /// Which of equal interactions stays.
    public var keep: Keep
    /// A column of integers or numbers; nil: the order in which the interactions stand.
    public var order: String?

    public init(keep: Keep = .first, order: String? = nil) {
        self.keep = keep
        self.order = order
    }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let users = try interactions.tokens(context.query).codes
        let items = try interactions.tokens(context.candidate)
        var order = try RowOrder.ascending(interactions, by: order)
        if keep == .last { order.reverse() }
        let groups = Ragged(rowsOf: try interactions.tokens(context.query), order: order)
        // The group in which each item was met last, so that nothing is cleared between groups.
        var metBy = [Int32](repeating: -1, count: items.dictionary.count)
        var isKept = [Bool](repeating: false, count: users.count)
        for group in 0..<groups.count {
            for row in groups[group] {
                let item = Int(items.codes[Int(row)])
                guard metBy[item] != Int32(group) else { continue }
                metBy[item] = Int32(group)
                isKept[Int(row)] = true
            }
        }
        return isKept.indices.filter { isKept[$0] }.map { Int32($0) }
    }
}

extension DropDuplicates: CatalogComponent {
    static let keepField = Field<Keep>(
        "keep", default: .first, "Which interaction of a user with an item stays.")
    static let orderField = Field<String?>(
        "order_by", default: nil,
        "A column of times or numbers; null: the order in which the interactions stand.")

    public static let entry = ComponentEntry<any InteractionFilter>(
        "drop_duplicates", summary: "Keeps one interaction of each user and item.",
        source: "tfrs-run", fields: [keepField.description, orderField.description]
    ) { values in
        DropDuplicates(keep: values[keepField], order: values[orderField])
    }
}
