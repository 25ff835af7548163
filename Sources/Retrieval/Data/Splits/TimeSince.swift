/// How long before each interaction its user's last one was: what a step of a history may have
/// beside its item, under the name ``column``.
///
/// Users' rhythms differ by orders of magnitude, so times are told apart by their powers of two:
/// the value is `⌊log₂(1 + Δ)⌋`, Δ being in seconds, or in the unit of a column of numbers; -1 where
/// there is nothing before. Only interactions count that the row's part of the split may know, as
/// in ``Histories``.
public enum TimeSince {
    /// What a history calls it. A column of the data that has the name comes before it.
    public static let column = "time_since"

    /// The value of each interaction.
    ///
    /// - Parameters:
    ///   - query: the column of the interactions that names the user.
    ///   - orderBy: a column of times or numbers.
    public static func values(
        of interactions: Table, query: String, orderBy: String, split: DataSplit
    ) throws(DataError) -> [Int64] {
        let times = try interactions.doubles(orderBy)
        let groups = Ragged(
            rowsOf: try interactions.tokens(query),
            order: try RowOrder.ascending(interactions, by: orderBy))
        let levels = split.levels(ofRows: interactions.rowCount)
        var values = [Int64](repeating: -1, count: interactions.rowCount)
        for group in 0..<groups.count {
            // The last time of each level so far.
            var last: [Double?] = [nil, nil, nil]
            for row in groups[group] {
                let row = Int(row)
                let known = last[...Int(levels[row])].compactMap(\.self)
                if let previous = known.max() { values[row] = power(times[row] - previous) }
                last[Int(levels[row])] = times[row]
            }
        }
        return values
    }

    private static func power(_ difference: Double) -> Int64 {
        difference >= 0 && difference.isFinite ? Int64((1 + difference).exponent) : -1
    }
}

extension DataSplit {
    /// How much each row of the interactions may see: the parts up to its own, 0 for training rows
    /// and those of no part, 1 for validation, 2 for test.
    func levels(ofRows rowCount: Int) -> [UInt8] {
        var levels = [UInt8](repeating: 0, count: rowCount)
        for row in validation ?? [] { levels[Int(row)] = 1 }
        for row in test { levels[Int(row)] = 2 }
        return levels
    }
}
