/// Who takes what in a generated data set.
///
/// A user takes items one by one, each with a probability proportional to popularity times
/// suitability among those not yet taken. Two ways to draw have this distribution: a tree of all
/// items' weights, which costs a pass over the items, and trial by popularity with acceptance by
/// suitability, which costs some tries per item. Each user is drawn for by the cheaper one, so the
/// work grows with the interactions and not with users times items.
struct SyntheticPicks {
    private let world: SyntheticWorld
    private let counts: [Int]
    private let seed: UInt64
    /// By item; the most popular has 1.
    private var popularity: [Double]
    /// Running totals of the popularity, scaled to integers.
    private var cumulative: [Int] = []

    init(world: SyntheticWorld, activity: SyntheticActivity, popularitySkew: Double, seed: UInt64) {
        self.world = world
        self.counts = activity.counts
        self.seed = seed
        var stream = RandomStream(seed: seed, stream: StreamNames.syntheticPopularity)
        let order = stream.permutation(world.items)
        let weights = PowerLaw.weights(count: world.items, exponent: popularitySkew)
        popularity = [Double](repeating: 0, count: world.items)
        for (rank, item) in order.enumerated() { popularity[Int(item)] = weights[rank] }
        var total = 0
        for weight in popularity {
            total += Self.scaled(weight)
            cumulative.append(total)
        }
    }

    /// The columns of MovieLens's interactions, in order of time.
    func table() -> Table {
        var users: [Int32] = []
        var items: [Int32] = []
        var ratings: [Float] = []
        // By item: the last user who took it.
        var takenBy = [Int32](repeating: -1, count: world.items)
        for user in 0..<world.users {
            var stream = RandomStream(seed: seed, stream: StreamNames.syntheticPicks, index: user)
            for item in take(counts[user], by: user, &takenBy, &stream) {
                users.append(Int32(user))
                items.append(item)
                ratings.append(rating(user: user, item: Int(item), &stream))
            }
        }
        var stream = RandomStream(seed: seed, stream: StreamNames.syntheticOrder)
        let order = stream.permutation(users.count)
        return Table(
            name: "interactions",
            columns: [
                "user_id": .tokens(Self.ids(users, order, world.users)),
                "item_id": .tokens(Self.ids(items, order, world.items)),
                "rating": .numbers(order.map { Double(ratings[Int($0)]) }),
                "timestamp": .integers(timestamps(users.count)),
            ])
    }

    private func take(
        _ wanted: Int, by user: Int, _ takenBy: inout [Int32], _ stream: inout RandomStream
    ) -> [Int32] {
        var taken: [Int32] = []
        taken.reserveCapacity(wanted)
        if world.items > 256 * wanted {
            var tries = 64 * wanted
            while taken.count < wanted, tries > 0 {
                tries -= 1
                let item = popularItem(&stream)
                guard takenBy[item] != Int32(user),
                    stream.uniform() < Self.suitability(world.affinity(user: user, item: item))
                else { continue }
                takenBy[item] = Int32(user)
                taken.append(Int32(item))
            }
        }
        guard taken.count < wanted else { return taken }
        let affinities = world.affinities(of: user)
        var tree = WeightTree(count: world.items) { item in
            takenBy[item] == Int32(user)
                ? 0 : Self.scaled(popularity[item] * Self.suitability(affinities[item]))
        }
        while taken.count < wanted {
            let item = tree.draw(&stream)
            takenBy[item] = Int32(user)
            taken.append(Int32(item))
        }
        return taken
    }

    /// In (0, 1): ((1 + affinity) / 2)⁶, which lets a user's own kind of items stand out.
    private static func suitability(_ affinity: Double) -> Double {
        let half = (1 + affinity) * 0.5
        let square = half * half
        return square * square * square
    }

    private func popularItem(_ stream: inout RandomStream) -> Int {
        let target = stream.below(cumulative[cumulative.count - 1])
        return cumulative.partitionPoint { $0 > target }
    }

    /// 1 to 5, higher where the item suits the user.
    private func rating(user: Int, item: Int, _ stream: inout RandomStream) -> Float {
        let liking = 2.8 + 1.8 * world.affinity(user: user, item: item) + 0.9 * stream.normal()
        return Float(Int(min(max(liking, 1), 5) + 0.5))
    }

    /// Seconds since 1970, never falling, over about the 214 days that MovieLens 100K covers.
    private func timestamps(_ count: Int) -> [Int64] {
        var stream = RandomStream(seed: seed, stream: StreamNames.syntheticTime)
        let gap = 2 * 18_489_600 / count + 1
        var now: Int64 = 874_724_710
        return (0..<count).map { _ in
            now += Int64(stream.below(gap))
            return now
        }
    }

    /// A weight in [0, 1] as an integer of at least 1; 2³¹ of them stay below 2⁶³.
    private static func scaled(_ weight: Double) -> Int {
        Int(weight * 0x1p31) + 1
    }

    /// The ids "1", "2", … in the given order of rows, encoded by first appearance.
    private static func ids(_ numbers: [Int32], _ order: [Int32], _ count: Int) -> TokenColumn {
        var codeOf = [Int32](repeating: -1, count: count)
        var column = TokenColumn(codes: [], dictionary: [])
        column.codes.reserveCapacity(order.count)
        for row in order {
            let number = Int(numbers[Int(row)])
            if codeOf[number] < 0 {
                codeOf[number] = Int32(column.dictionary.count)
                column.dictionary.append("\(number + 1)")
            }
            column.codes.append(codeOf[number])
        }
        return column
    }
}
