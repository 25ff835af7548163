/// How much of the trials' variance settings explain: sums of squares between groups of like
/// settings over the whole sum. A plain analysis of variance, one factor or two at a time.
enum SweepVariance {
    /// The share of the variance that lies between groups; nil where nothing varies. Trials without
    /// a group are left out.
    static func share(of values: [Double], between groups: [Int?]) -> Double? {
        let pairs = zip(values, groups).compactMap { value, group in group.map { (value, $0) } }
        guard pairs.count > 2 else { return nil }
        let mean = pairs.reduce(0) { $0 + $1.0 } / Double(pairs.count)
        let whole = pairs.reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) }
        guard whole > 0, whole.isFinite else { return nil }
        var sums: [Int: (sum: Double, count: Int)] = [:]
        for (value, group) in pairs {
            sums[group, default: (0, 0)].sum += value - mean
            sums[group, default: (0, 0)].count += 1
        }
        // In the order of the groups, so that the sum is the same each time.
        let between = sums.sorted { $0.key < $1.key }.reduce(0) {
            $0 + $1.value.sum * $1.value.sum / Double($1.value.count)
        }
        return min(1, between / whole)
    }

    /// What two settings explain together beyond each alone.
    static func interaction(of values: [Double], _ first: [Int?], _ second: [Int?]) -> Double? {
        let both = zip(first, second).map { a, b -> Int? in
            guard let a, let b else { return nil }
            return a * 1024 + b
        }
        guard let together = share(of: values, between: both),
            let one = share(of: values, between: first),
            let other = share(of: values, between: second)
        else { return nil }
        return max(0, together - one - other)
    }
}
