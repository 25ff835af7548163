import ResultsFormat

/// How often keys occur in training.
enum TrainingCounts {
    static func of(_ keys: [Int32], keyCount: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: keyCount)
        for key in keys { counts[Int(key)] += 1 }
        return counts
    }

    /// At most a dozen ranges of numbers, each about twice as far as the one before.
    ///
    /// - Parameter lengths: in ascending order.
    static func bins(of lengths: [Int]) -> [HistoryBin] {
        guard let last = lengths.last else { return [] }
        var bins: [HistoryBin] = []
        var (place, from) = (0, 0)
        while from <= last {
            let to = from < 2 ? from : bins.count >= 13 ? last : from * 2 - 1
            var count = 0
            while place < lengths.count, lengths[place] <= to {
                place += 1
                count += 1
            }
            bins.append(HistoryBin(from: from, to: to, queries: count))
            from = to + 1
        }
        return bins
    }
}
