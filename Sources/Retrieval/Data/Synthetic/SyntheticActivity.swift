/// How many interactions each user of a generated data set has.
struct SyntheticActivity {
    /// By user; they add up to the interactions asked for.
    let counts: [Int]

    /// Gives every user `minimum`, then shares the rest out by a power law over a random order of
    /// the users; nobody gets more than there are items.
    ///
    /// The caller has checked that `users · minimum ≤ interactions ≤ users · items`.
    init(
        users: Int, items: Int, interactions: Int, minimum: Int, skew: Double, seed: UInt64
    ) {
        var stream = RandomStream(seed: seed, stream: StreamNames.syntheticActivity)
        let order = stream.permutation(users)
        let weights = PowerLaw.weights(count: users, exponent: skew)
        var byRank = [Int](repeating: minimum, count: users)
        var rest = interactions - users * minimum
        while rest > 0 {
            var open = 0.0
            for rank in byRank.indices where byRank[rank] < items { open += weights[rank] }
            let share = Double(rest) / open
            let before = rest
            for rank in byRank.indices where byRank[rank] < items && rest > 0 {
                let more = min(Int(share * weights[rank]), items - byRank[rank], rest)
                byRank[rank] += more
                rest -= more
            }
            // What rounding leaves is less than one each: hand it out from the first rank on.
            if rest == before {
                for rank in byRank.indices where byRank[rank] < items && rest > 0 {
                    byRank[rank] += 1
                    rest -= 1
                }
            }
        }
        var counts = [Int](repeating: 0, count: users)
        for (rank, user) in order.enumerated() { counts[Int(user)] = byRank[rank] }
        self.counts = counts
    }
}
