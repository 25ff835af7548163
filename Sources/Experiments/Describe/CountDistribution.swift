/// How interactions fall on things: so many for each query, or for each candidate.
public struct CountDistribution: Hashable, Sendable {
    /// Ascending, each at least 1.
    private let counts: [Int]
    private let total: Int

    /// - Parameter counts: how many each has; those that have none are left out.
    public init(_ counts: some Sequence<Int>) {
        self.counts = counts.filter { $0 > 0 }.sorted()
        total = self.counts.reduce(0, +)
    }

    /// Things that have any.
    public var count: Int { counts.count }
    /// The least count; 0 of none.
    public var least: Int { counts.first ?? 0 }
    /// The largest count; 0 of none.
    public var most: Int { counts.last ?? 0 }
    /// The mean count; 0 of none.
    public var mean: Double { counts.isEmpty ? 0 : Double(total) / Double(count) }

    /// The value below which a share of the things lies, between neighbours in proportion (as
    /// `numpy.quantile` does by default).
    public func quantile(_ share: Double) -> Double {
        guard let last = counts.indices.last else { return 0 }
        let place = share * Double(last)
        let below = min(Int(place), last)
        let above = min(below + 1, last)
        let (low, high) = (Double(counts[below]), Double(counts[above]))
        return low + (high - low) * (place - Double(below))
    }

    /// The Gini coefficient: 0 where all have as many, near 1 where one has nearly all.
    ///
    /// With counts x₁ ≤ … ≤ xₙ: Σᵢ (2i − n − 1)·xᵢ / (n·Σᵢ xᵢ).
    public var gini: Double {
        guard total > 0 else { return 0 }
        var sum = 0.0
        for (index, value) in counts.enumerated() {
            sum += Double(2 * (index + 1) - count - 1) * Double(value)
        }
        return sum / (Double(count) * Double(total))
    }

    /// The share of all interactions that the most frequent things have: so many in a hundred of
    /// the things, rounded up.
    public func shareOfTop(percent: Int) -> Double {
        guard total > 0 else { return 0 }
        let top = (count * percent + 99) / 100
        return Double(counts.suffix(top).reduce(0, +)) / Double(total)
    }

    /// How many distinct things a batch mentions on average that is drawn at random, without
    /// replacement, from all the interactions.
    ///
    /// A thing with c of N interactions is missing from a batch of B with the probability
    /// C(N − c, B) / C(N, B) = Πⱼ (N − B − j) / (N − j), j = 0 … c − 1.
    public func expectedDistinct(inBatchOf size: Int) -> Double {
        let batch = min(size, total)
        var expected = 0.0
        var missing = 1.0
        var factors = 0
        for value in counts {
            while factors < value {
                missing *= Double(max(0, total - batch - factors)) / Double(total - factors)
                factors += 1
            }
            expected += 1 - missing
        }
        return expected
    }
}
