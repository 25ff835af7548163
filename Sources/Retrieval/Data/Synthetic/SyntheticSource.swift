/// Generated interactions of MovieLens's shape, the same bits on every machine.
///
/// Users and items have latent factors gathered around genres; a user takes items by popularity
/// times affinity, without taking one twice, so popularity has a long tail, activity too, and
/// there is structure to learn. The tables have the columns of ``MovieLensSource``, and ages,
/// genders, occupations, titles and genres follow the factors, so that features are worth
/// something.
///
/// Only the four operations, square roots and integers are used, each of which IEEE 754 defines
/// to the last bit: nothing depends on a mathematical library.
public struct SyntheticSource: DataSource {
    /// Distinct users; at least 1.
    public var users: Int
    /// Distinct items; at least 1.
    public var items: Int
    /// Rows; no pair of a user and an item comes twice.
    public var interactions: Int
    /// Latent factors of a user or item.
    public var dimension: Int
    /// Exponent of the law by which an item's weight falls with its rank: 0 for none, up to 4.
    public var popularitySkew: Double
    /// The same for the users' numbers of interactions.
    public var activitySkew: Double
    /// Interactions of every user at least; nil for 20 as in MovieLens, or half the mean where
    /// that is less.
    public var minimumPerUser: Int?
    /// Seed of everything that is drawn: the same data for the same numbers.
    public var seed: UInt64
    /// The data set in whose place this one is used, for ``DataOrigin/standInFor``.
    public var standInFor: String?

    public init(
        users: Int = 943, items: Int = 1682, interactions: Int = 100_000, dimension: Int = 8,
        popularitySkew: Double = 1.5, activitySkew: Double = 1, minimumPerUser: Int? = nil,
        seed: UInt64 = 1, standInFor: String? = nil
    ) {
        self.users = users
        self.items = items
        self.interactions = interactions
        self.dimension = dimension
        self.popularitySkew = popularitySkew
        self.activitySkew = activitySkew
        self.minimumPerUser = minimumPerUser
        self.seed = seed
        self.standInFor = standInFor
    }

    /// - Throws: ``DataError/impossible(_:)`` where no such data exists.
    public func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        let minimum = try checkedMinimum()
        let world = SyntheticWorld(
            users: users, items: items, dimension: dimension, seed: seed)
        let activity = SyntheticActivity(
            users: users, items: items, interactions: interactions, minimum: minimum,
            skew: activitySkew, seed: seed)
        let picks = SyntheticPicks(
            world: world, activity: activity, popularitySkew: popularitySkew, seed: seed)
        return Dataset(
            interactions: picks.table(),
            queries: world.userTable(),
            candidates: world.itemTable(),
            origin: DataOrigin(source: "synthetic", standInFor: standInFor))
    }

    /// Checks the parameters and answers the minimum per user.
    private func checkedMinimum() throws(DataError) -> Int {
        let limit = Int(Int32.max)
        for (name, value, most) in [
            ("users", users, limit), ("items", items, limit),
            ("interactions", interactions, limit), ("factors", dimension, 1024),
        ] where value < 1 || value > most {
            throw .impossible("synthetic data need 1 to \(most) \(name), not \(value)")
        }
        for (name, value) in [
            ("popularity skew", popularitySkew), ("activity skew", activitySkew),
        ] where !(value >= 0 && value <= 4) {
            throw .impossible("the \(name) of synthetic data lies between 0 and 4, not at \(value)")
        }
        // Both are below 2³¹, so the product is below 2⁶².
        guard interactions <= users * items else {
            throw .impossible(
                "\(users) users and \(items) items make \(users * items) pairs, fewer than the "
                    + "\(interactions) interactions asked for")
        }
        let minimum = minimumPerUser ?? min(20, items, interactions / users / 2)
        guard minimum >= 0, minimum <= items else {
            throw .impossible(
                "a user cannot have at least \(minimum) interactions with \(items) items")
        }
        guard interactions / users >= minimum else {
            throw .impossible(
                "\(interactions) interactions cannot give each of \(users) users at least "
                    + "\(minimum)")
        }
        return minimum
    }
}
