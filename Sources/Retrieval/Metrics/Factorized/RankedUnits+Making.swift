/// What is known of each interaction's positive, from which units are made.
struct RankedPositives {
    /// How many candidates score above it, and how many others the same.
    var greater: [Int32]
    var ties: [Int32]
    /// How many of those stand before it, where the tie policy goes by the corpus's order.
    var tiesAhead: [Int32]?
    /// Whether it has a known place.
    var isPlaced: [Bool]
    /// How many candidates its list has, itself included.
    var candidateCounts: [Int32]
    /// Its score where it is no candidate of its list and stands beside them; NaN elsewhere. nil:
    /// all are candidates.
    var outsideScores: [Float]?

    var count: Int { greater.count }

    /// The number of candidates above it; ``RankedUnits/noPlace`` without a place.
    func rank(_ interaction: Int) -> Int32 {
        isPlaced[interaction] ? greater[interaction] : RankedUnits.noPlace
    }

    func isOutside(_ interaction: Int) -> Bool {
        outsideScores.map { !$0[interaction].isNaN } ?? false
    }
}

/// Which interactions share a list.
struct SharedLists {
    var queries: [Int32]
    var rows: [Int32]
    /// Numbers by which candidates are told apart.
    var candidates: [Int32]
    /// Whether every positive has candidates of its own, drawn for it, and so a list of its own.
    var areDrawn: Bool
}

extension RankedUnits {
    /// Each interaction for itself.
    convenience init(
        each positives: RankedPositives, weights: [Float], queries: [Int32], tiePolicy: TiePolicy
    ) {
        self.init(
            offsets: Array(0...positives.count),
            greater: (0..<positives.count).map(positives.rank), ties: positives.ties,
            tiesAhead: positives.tiesAhead, tiePolicy: tiePolicy, repeatOffsets: nil,
            interactions: Array(0..<Int32(positives.count)), weights: weights.map(Double.init),
            candidateCounts: positives.candidateCounts, queries: queries)
    }

    /// The lists of each query: one for each of its rows, or for each of its positives where these
    /// have candidates of their own. What a list repeats is relevant to it once.
    convenience init(lists: SharedLists, _ positives: RankedPositives, tiePolicy: TiePolicy) {
        var making = ListMaking(lists: lists, positives: positives)
        let queryCount = Int(lists.queries.max() ?? -1) + 1
        let groups = Groups(groupOf: lists.queries, count: queryCount)
        for query in 0..<queryCount { making.add(query: query, groups[query]) }
        let repeats = making.repeatOffsets.count != making.interactions.count + 1
        self.init(
            offsets: making.offsets, greater: making.greater, ties: making.ties,
            tiesAhead: positives.tiesAhead == nil ? nil : making.tiesAhead, tiePolicy: tiePolicy,
            repeatOffsets: repeats ? making.repeatOffsets : nil,
            interactions: making.interactions,
            weights: [Double](repeating: 1, count: making.queries.count),
            candidateCounts: making.candidateCounts, queries: making.queries)
    }
}

/// Units of lists while they are made, query after query.
private struct ListMaking {
    let lists: SharedLists
    let positives: RankedPositives
    var offsets = [0]
    var greater: [Int32] = []
    var ties: [Int32] = []
    var tiesAhead: [Int32] = []
    var repeatOffsets = [0]
    var interactions: [Int32] = []
    var candidateCounts: [Int32] = []
    var queries: [Int32] = []

    init(lists: SharedLists, positives: RankedPositives) {
        self.lists = lists
        self.positives = positives
        let count = positives.count
        greater.reserveCapacity(count)
        ties.reserveCapacity(count)
        interactions.reserveCapacity(count)
        repeatOffsets.reserveCapacity(count + 1)
    }

    mutating func add(query: Int, _ members: ArraySlice<Int32>) {
        let sorted = members.sorted { isBefore(Int($0), Int($1)) }
        var first = 0
        while first < sorted.count {
            var end = first + 1
            while end < sorted.count, areOfOneList(sorted[first], sorted[end]) { end += 1 }
            add(list: sorted[first..<end], query: query)
            first = end
        }
    }

    /// Lists one after the other, the best first in each, repeats together.
    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        if lists.rows[a] != lists.rows[b] { return lists.rows[a] < lists.rows[b] }
        let (candidateA, candidateB) = (lists.candidates[a], lists.candidates[b])
        if !lists.areDrawn {
            let (rankA, rankB) = (positives.rank(a), positives.rank(b))
            if rankA != rankB { return rankA < rankB }
            if let ahead = positives.tiesAhead, ahead[a] != ahead[b] { return ahead[a] < ahead[b] }
        }
        return (candidateA, a) < (candidateB, b)
    }

    private func areOfOneList(_ a: Int32, _ b: Int32) -> Bool {
        lists.rows[Int(a)] == lists.rows[Int(b)]
            && (!lists.areDrawn || lists.candidates[Int(a)] == lists.candidates[Int(b)])
    }

    /// - Parameter members: interactions of one list, repeats together.
    private mutating func add(list members: ArraySlice<Int32>, query: Int) {
        let start = greater.count
        for (place, member) in zip(members.indices, members) {
            let interaction = Int(member)
            let isRepeat =
                place > members.startIndex
                && lists.candidates[interaction] == lists.candidates[Int(members[place - 1])]
            if isRepeat {
                repeatOffsets[repeatOffsets.count - 1] += 1
            } else {
                greater.append(positives.rank(interaction))
                ties.append(positives.ties[interaction])
                if let ahead = positives.tiesAhead { tiesAhead.append(ahead[interaction]) }
                repeatOffsets.append(interactions.count + 1)
            }
            interactions.append(member)
        }
        let first = Int(members[members.startIndex])
        var count = positives.candidateCounts[first]
        if positives.outsideScores != nil, !lists.areDrawn {
            let outside = (start..<greater.count).filter { positives.isOutside(interaction($0)) }
            count += Int32(outside.count) - (positives.isOutside(first) ? 1 : 0)
            let placed = outside.filter { greater[$0] != RankedUnits.noPlace }
            if placed.count > 0, greater.count - start > 1 { compare(from: start, placed) }
        }
        offsets.append(greater.count)
        candidateCounts.append(count)
        queries.append(Int32(query))
    }

    /// The first interaction that made a relevant candidate so.
    private func interaction(_ place: Int) -> Int { Int(interactions[repeatOffsets[place]]) }

    /// Has the last list's relevant candidates meet those that stand beside the corpus: they are
    /// candidates of one list.
    private mutating func compare(from start: Int, _ outside: [Int]) {
        var entries = (start..<greater.count).map { place in
            Entry(
                greater: greater[place], ties: ties[place],
                interactions: interactions[repeatOffsets[place]..<repeatOffsets[place + 1]])
        }
        for (index, place) in (start..<greater.count).enumerated() {
            for other in outside where other != place {
                switch standing(of: other, beside: place) {
                case .above: entries[index].greater += 1
                case .equal: entries[index].ties += 1
                case .below: break
                }
            }
        }
        entries.sort { ($0.greater, $0.first) < ($1.greater, $1.first) }
        let firstInteraction = repeatOffsets[start]
        greater.removeSubrange(start...)
        ties.removeSubrange(start...)
        interactions.removeSubrange(firstInteraction...)
        repeatOffsets.removeSubrange((start + 1)...)
        for entry in entries {
            greater.append(entry.greater)
            ties.append(entry.ties)
            interactions += entry.interactions
            repeatOffsets.append(interactions.count)
        }
    }

    private struct Entry {
        var greater: Int32
        var ties: Int32
        var interactions: ArraySlice<Int32>

        var first: Int32 { interactions.first ?? 0 }
    }

    private enum Standing {
        case above, equal, below
    }

    /// How a relevant candidate beside the corpus scores against another one.
    private func standing(of outside: Int, beside place: Int) -> Standing {
        guard greater[place] != RankedUnits.noPlace, greater[outside] != RankedUnits.noPlace else {
            return .below
        }
        if let scores = positives.outsideScores, positives.isOutside(interaction(place)) {
            let (score, other) = (scores[interaction(place)], scores[interaction(outside)])
            return other > score ? .above : other == score ? .equal : .below
        }
        // One of the corpus has as many above it as its equal outside, which has one tie more.
        if greater[outside] == greater[place], ties[outside] == ties[place] + 1 { return .equal }
        return greater[outside] <= greater[place] ? .above : .below
    }
}
