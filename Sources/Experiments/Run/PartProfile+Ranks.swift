import ResultsFormat
import Retrieval

extension PartProfile {
    /// Where the positives were found, as far as ranks are known.
    ///
    /// - Parameter popularity: training interactions of each candidate key.
    init(_ ranked: RankedQueries, of part: EvaluatedPart, popularity: [Int]) {
        self.init()
        let before = ranked.before
        guard !before.isEmpty else { return }
        let depth = min(ranked.rankDepth ?? ranked.corpusCount, ranked.corpusCount)
        ranks = Self.shares(before, ranked.weights, depth)
        self.popularity = Self.bins(before, ranked.weights, part, popularity, depth)
    }

    private static func shares(
        _ before: [Double], _ weights: [Float], _ depth: Int
    ) -> [RankShare] {
        let order = before.indices.sorted { (before[$0], $0) < (before[$1], $1) }
        let total = weights.reduce(0) { $0 + Double($1) }
        guard total > 0, depth > 0 else { return [] }
        var shares: [RankShare] = []
        var (sum, place, limit) = (0.0, 0, 1)
        while true {
            while place < order.count, before[order[place]] + 1 <= Double(limit) {
                sum += Double(weights[order[place]])
                place += 1
            }
            shares.append(RankShare(rank: limit, share: min(1, sum / total)))
            guard limit < depth else { return shares }
            limit = min(depth, limit + max(1, limit / 8))
        }
    }

    /// Positives in groups by their training interactions, each about twice as many as before.
    private static func bins(
        _ before: [Double], _ weights: [Float], _ part: EvaluatedPart, _ popularity: [Int],
        _ depth: Int
    ) -> [PopularityBin] {
        let depths = [1, 10, 100].filter { $0 <= depth }
        guard !depths.isEmpty else { return [] }
        var sums: [Int: (examples: Int, weight: Double, found: [Double])] = [:]
        for place in before.indices {
            let count = popularity[Int(part.examples.candidateKeys[place])]
            // 0, 1, 2-3, 4-7, …
            let bin = count == 0 ? 0 : Int.bitWidth - count.leadingZeroBitCount
            var sum = sums[bin] ?? (0, 0, depths.map { _ in 0 })
            sum.examples += 1
            sum.weight += Double(weights[place])
            for (index, depth) in depths.enumerated() where before[place] + 1 <= Double(depth) {
                sum.found[index] += Double(weights[place])
            }
            sums[bin] = sum
        }
        return sums.sorted { $0.key < $1.key }.map { bin, sum in
            PopularityBin(
                from: bin == 0 ? 0 : 1 << (bin - 1), to: bin == 0 ? 0 : (1 << bin) - 1,
                examples: sum.examples,
                found: OrderedMap(
                    zip(depths, sum.found).map {
                        ("\($0)", sum.weight > 0 ? min(1, $1 / sum.weight) : 0)
                    }))
        }
    }
}
