/// Keeps the users and items that have enough interactions among what is kept: users and items
/// with too few are left out in turn until all that are left have enough.
///
/// The result is the largest such part of the data, so it does not depend on who goes first
/// (Seidman, 1983, doi:10.1016/0378-8733(83)90028-X, on the bipartite graph).
public struct KCore: InteractionFilter {
    /// Interactions that a user must have at least.
    public var perUser: Int
    /// Interactions that an item must have at least.
    public var perItem: Int

    public init(perUser: Int = 5, perItem: Int = 5) {
        self.perUser = perUser
        self.perItem = perItem
    }

    public var removesEntities: Bool { true }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let users = try interactions.tokens(context.query)
        let items = try interactions.tokens(context.candidate)
        var rows = [Int32](0..<Int32(interactions.rowCount))
        var userCounts = users.countsByCode()
        var itemCounts = items.countsByCode()
        while true {
            let before = rows.count
            // A round by the counts as they stand, then one by what it left.
            rows = rows.filter {
                let user = Int(users.codes[Int($0)])
                let item = Int(items.codes[Int($0)])
                let stays = userCounts[user] >= perUser && itemCounts[item] >= perItem
                if !stays {
                    userCounts[user] -= 1
                    itemCounts[item] -= 1
                }
                return stays
            }
            if rows.count == before { return rows }
        }
    }
}

extension KCore: CatalogComponent {
    static let perUserField = Field<Int>(
        "per_user", default: 5, .atLeast(1), unit: "interactions",
        "The fewest that a user may have.")
    static let perItemField = Field<Int>(
        "per_item", default: 5, .atLeast(1), unit: "interactions",
        "The fewest that an item may have.")

    public static let entry = ComponentEntry<any InteractionFilter>(
        "k_core",
        summary: "Leaves out rare users and items until all that are left have enough.",
        source: "Seidman, 1983, doi:10.1016/0378-8733(83)90028-X",
        fields: [perUserField.description, perItemField.description]
    ) { values in
        KCore(perUser: values[perUserField], perItem: values[perItemField])
    }
}
