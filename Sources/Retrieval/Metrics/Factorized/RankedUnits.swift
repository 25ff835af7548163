/// What counts as one query of a metric.
public enum QueryUnit: String, FieldChoice {
    /// Each interaction, with its own positive and its sample weight.
    case interaction
    /// All interactions of a query together, every query with the same weight (macro average).
    case query
}

/// Lists of candidates with the places of what is relevant to them.
///
/// Per interaction each has a list of its own. Per query there is one for each list that the model
/// makes for the query, with the set of what is relevant to it; those of one query follow one
/// another.
///
/// Every ``RankedUnit`` holds the units that it is of: a class, so that this is one reference to
/// count and not one for each array.
public final class RankedUnits: Sendable {
    /// Relevant candidates of unit u stand at `offsets[u]..<offsets[u + 1]`, best first and those
    /// without a place last.
    let offsets: [Int]
    /// How many candidates score above each relevant one; ``noPlace`` for one without a place.
    let greater: [Int32]
    /// How many others score the same.
    let ties: [Int32]
    /// How many of those stand before it, where that is known; nil: the tie policy says it.
    let tiesAhead: [Int32]?
    let tiePolicy: TiePolicy
    /// The interactions that made each relevant, the first of them first; nil: one each.
    let repeatOffsets: [Int]?
    /// Interactions, in the order of the relevant candidates.
    let interactions: [Int32]
    /// The weight of each unit in a mean.
    public let weights: [Double]
    /// How many candidates each unit could find.
    public let candidateCounts: [Int32]
    /// The query of each unit, ascending where units are lists.
    public let queries: [Int32]

    /// In the place of a rank: the candidate has none.
    static let noPlace = Int32.max

    init(
        offsets: [Int], greater: [Int32], ties: [Int32], tiesAhead: [Int32]?,
        tiePolicy: TiePolicy, repeatOffsets: [Int]?, interactions: [Int32], weights: [Double],
        candidateCounts: [Int32], queries: [Int32]
    ) {
        self.offsets = offsets
        self.greater = greater
        self.ties = ties
        self.tiesAhead = tiesAhead
        self.tiePolicy = tiePolicy
        self.repeatOffsets = repeatOffsets
        self.interactions = interactions
        self.weights = weights
        self.candidateCounts = candidateCounts
        self.queries = queries
    }

    public var count: Int { queries.count }

    /// One unit, from 0.
    public subscript(index: Int) -> RankedUnit { RankedUnit(units: self, index: index) }
}

/// A list with the places of what is relevant to it.
public struct RankedUnit: Sendable {
    fileprivate let units: RankedUnits
    public let index: Int

    fileprivate var range: Range<Int> { units.offsets[index]..<units.offsets[index + 1] }

    /// How many candidates are relevant, with or without a place.
    public var relevantCount: Int { units.offsets[index + 1] - units.offsets[index] }
    /// How many candidates could be found, the relevant ones included.
    public var candidateCount: Int { Int(units.candidateCounts[index]) }

    /// The interaction that made a relevant candidate so, the first of several.
    public func interaction(of member: Int) -> Int { interactions(of: member).first.map(Int.init)! }

    /// The interactions that made a relevant candidate so: several where they repeat it.
    public func interactions(of member: Int) -> ArraySlice<Int32> {
        let place = range.lowerBound + member
        guard let repeats = units.repeatOffsets else { return units.interactions[place...place] }
        return units.interactions[repeats[place]..<repeats[place + 1]]
    }

    /// Where the relevant candidates stand, best first; those without a place are in no group.
    public var groups: TiedGroups { TiedGroups(unit: self, tiePolicy: units.tiePolicy) }

    /// The group of the best.
    public var firstGroup: TiedGroup? {
        var groups = groups
        return groups.next()
    }

    /// The same as all candidates of their scores, whatever the tie policy.
    var scoreGroups: TiedGroups { TiedGroups(unit: self, tiePolicy: nil) }

    /// How many relevant candidates are among the first `k`.
    public func hits(_ k: Int) -> Double {
        var sum = 0.0
        for group in groups {
            guard group.start < Double(k) else { break }
            sum += group.hits(k)
        }
        return sum
    }

    /// How likely something relevant is among the first `k`.
    public func hitProbability(_ k: Int) -> Double {
        var hit = 0.0
        for group in groups {
            guard group.start < Double(k), hit < 1 else { break }
            hit += (1 - hit) * group.hitProbability(k)
        }
        return hit
    }
}

/// The groups of equal scores of a list that hold something relevant, best first.
public struct TiedGroups: Sequence, IteratorProtocol {
    private let unit: RankedUnit
    private let tiePolicy: TiePolicy?
    private var position: Int

    /// - Parameter tiePolicy: nil: the groups as their scores make them.
    fileprivate init(unit: RankedUnit, tiePolicy: TiePolicy?) {
        self.unit = unit
        self.tiePolicy = tiePolicy
        position = unit.range.lowerBound
    }

    public mutating func next() -> TiedGroup? {
        let (units, range) = (unit.units, unit.range)
        guard position < range.upperBound, units.greater[position] != RankedUnits.noPlace else {
            return nil
        }
        let first = position
        let member = first - range.lowerBound
        position += 1
        if tiePolicy != nil, let ahead = units.tiesAhead {
            return TiedGroup(
                start: Double(units.greater[first]) + Double(ahead[first]), size: 1,
                members: member..<(member + 1))
        }
        while position < range.upperBound, units.greater[position] == units.greater[first] {
            position += 1
        }
        let relevant = position - first
        let group = TiedGroup(
            start: Double(units.greater[first]),
            size: Swift.max(Int(units.ties[first]) + 1, relevant),
            members: member..<(member + relevant))
        return tiePolicy?.places(of: group) ?? group
    }
}
