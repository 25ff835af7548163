/// What counts as one query of a metric.
public enum QueryUnit: String, FieldChoice {
    /// Each interaction, with its own positive and its sample weight.
    case interaction
    /// All interactions of a query together, every query with the same weight (macro average).
    case query
}

/// Queries with the ranks of what is relevant to them.
public struct RankedUnits: Sendable {
    /// Positives of unit u stand at `offsets[u]..<offsets[u + 1]`, best first.
    public let offsets: [Int]
    /// Candidates before each positive, by the tie policy.
    public let before: [Double]
    /// The same with half of the ties, whatever the policy.
    public let middle: [Double]
    /// The interaction of each positive.
    public let interactions: [Int32]
    /// The weight of each unit in a mean.
    public let weights: [Double]
    /// How many candidates each unit could find.
    public let candidateCounts: [Int32]
    /// The query of each unit.
    public let queries: [Int32]

    public var count: Int { weights.count }

    init(
        each before: [Double], middle: [Double], weights: [Float], candidateCounts: [Int32],
        queries: [Int32]
    ) {
        offsets = Array(0...before.count)
        self.before = before
        self.middle = middle
        interactions = Array(0..<Int32(before.count))
        self.weights = weights.map(Double.init)
        self.candidateCounts = candidateCounts
        self.queries = queries
    }

    init(
        grouping before: [Double], middle: [Double], candidateCounts: [Int32], queries: [Int32]
    ) {
        let count = Int(queries.max() ?? -1) + 1
        let groups = RowExamples(
            rowOf: queries, rows: count, positives: queries, weights: nil)
        var members: [Int32] = []
        members.reserveCapacity(before.count)
        for query in 0..<count {
            members += groups.batchIndex[groups.offsets[query]..<groups.offsets[query + 1]].sorted {
                (before[Int($0)], $0) < (before[Int($1)], $1)
            }
        }
        offsets = groups.offsets
        self.before = members.map { before[Int($0)] }
        self.middle = members.map { middle[Int($0)] }
        interactions = members
        weights = [Double](repeating: 1, count: count)
        self.candidateCounts = (0..<count).map { query in
            groups.offsets[query] == groups.offsets[query + 1]
                ? 0 : candidateCounts[Int(members[groups.offsets[query]])]
        }
        self.queries = Array(0..<Int32(count))
    }

    public subscript(index: Int) -> RankedUnit { RankedUnit(units: self, index: index) }
}

/// One query with the ranks of what is relevant to it, best first.
public struct RankedUnit: Sendable {
    fileprivate let units: RankedUnits
    public let index: Int

    private var range: Range<Int> { units.offsets[index]..<units.offsets[index + 1] }

    /// Candidates before each relevant one; infinite for one without a place.
    public var before: ArraySlice<Double> { units.before[range] }
    /// The same with half of the ties.
    public var middle: ArraySlice<Double> { units.middle[range] }
    /// The interactions that made them relevant.
    public var interactions: ArraySlice<Int32> { units.interactions[range] }
    public var relevantCount: Int { range.count }
    public var candidateCount: Int { Int(units.candidateCounts[index]) }

    /// How many of the relevant ones are among the first `k`.
    public func hits(_ k: Int) -> Int {
        before.prefix { $0 < Double(k) }.count
    }
}
