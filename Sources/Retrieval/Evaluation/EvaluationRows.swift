/// The distinct queries of an evaluation: each is encoded and scored once, for all its positives.
/// Where what may be found depends on who asks or when, a row is of one who asks, at one time.
struct EvaluationRows {
    /// The query tower's key of each row.
    let queryKeys: [Int32]
    /// The examples of each row.
    let examples: RowExamples
    /// The row of each example.
    let rowOf: [Int32]
    /// The query of each example, numbered from 0 without gaps.
    let queries: [Int32]
    /// The places that each row must not find; nil: it may find everything.
    let blocked: [[Int32]]?
    /// The first place that each row must not find with all that follow; nil: there is none.
    let limits: [Int32]?
    /// Where the positives stand.
    private let places: [Int32]

    var count: Int { queryKeys.count }

    init(
        _ evaluated: Examples, _ rules: RankingProtocol, placeOfKey: [Int32], keyCounts: KeyCounts
    ) {
        let entities = evaluated.queryEntities
        queries =
            DistinctKeys(entities[...], keyCount: Int(entities.max() ?? -1) + 1).positions
        let limitOf = rules.availability.map { availability in
            (0..<evaluated.count).map(availability.limit)
        }
        let isPersonal = rules.excluded != nil || rules.sampledNegatives != nil
        (queryKeys, rowOf, limits) = Self.rows(
            evaluated, keyCount: keyCounts.queries,
            askers: isPersonal && entities != evaluated.queryKeys ? queries : nil,
            limitOf: limitOf)
        places = evaluated.candidateKeys.map { placeOfKey[Int($0)] }
        examples = RowExamples(
            rowOf: rowOf, rows: queryKeys.count, positives: places, weights: evaluated.weights)

        guard let excluded = rules.excluded else {
            blocked = nil
            return
        }
        let (examples, places, limits) = (examples, places, limits)
        blocked = (0..<queryKeys.count).map { row in
            let mine = examples.offsets[row]..<examples.offsets[row + 1]
            guard let first = mine.first else { return [] }
            let positives = Set(mine.map { places[Int(examples.batchIndex[$0])] })
            let limit = limits.map { $0[row] } ?? .max
            return excluded.candidates(of: entities[Int(examples.batchIndex[first])])
                .map { placeOfKey[Int($0)] }
                .filter { $0 >= 0 && $0 < limit && !positives.contains($0) }
        }
    }

    /// The places that an interaction of a row must not be ranked against as negatives.
    func forbidden(_ row: Int) -> Set<Int32> {
        var forbidden = Set(blocked?[row] ?? [])
        for slot in examples.offsets[row]..<examples.offsets[row + 1] {
            forbidden.insert(examples.positives[slot])
        }
        return forbidden
    }

    /// Whether the positive at a slot is none of the candidates that its row may find.
    func isOutside(_ slot: Int, of row: Int) -> Bool {
        examples.positives[slot] < 0 || examples.positives[slot] >= limits?[row] ?? .max
    }

    /// One row for each distinct key and, where what exists depends on the time, for each limit;
    /// where what is hidden depends on who asks, for each of them.
    private static func rows(
        _ examples: Examples, keyCount: Int, askers: [Int32]?, limitOf: [Int32]?
    ) -> (keys: [Int32], rowOf: [Int32], limits: [Int32]?) {
        let distinct = DistinctKeys(examples.queryKeys[...], keyCount: keyCount)
        guard askers != nil || limitOf != nil else {
            return (distinct.keys, distinct.positions, nil)
        }
        var rowOf = distinct.positions
        for more in [askers, limitOf].compactMap({ $0 }) { rowOf = pairs(rowOf, more) }
        var keys: [Int32] = []
        var limits: [Int32]? = limitOf == nil ? nil : []
        for (index, row) in rowOf.enumerated() where Int(row) == keys.count {
            keys.append(examples.queryKeys[index])
            if let limitOf { limits?.append(limitOf[index]) }
        }
        return (keys, rowOf, limits)
    }

    /// Numbers the distinct pairs of two numbers, in the order of their first appearance.
    private static func pairs(_ first: [Int32], _ second: [Int32]) -> [Int32] {
        var known: [UInt64: Int32] = [:]
        return zip(first, second).map { first, second in
            let pair = UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
            if let number = known[pair] { return number }
            let number = Int32(known.count)
            known[pair] = number
            return number
        }
    }
}

/// What searches found of an evaluation, batch after batch, by example.
struct FoundRanks {
    private let rows: EvaluationRows
    private let corpusCount: Int
    private var greater: [Int32]
    private var ties: [Int32]
    private var tiesAhead: [Int32]
    private var isRanked: [Bool]
    private var hasFiniteScore: [Bool]
    private var candidateCounts: [Int32]
    private var finiteCounts: [Int32]?
    private var outsideScores: [Float]?
    private var depth = 0
    private var listPlaces: [Int32] = []
    private var listScores: [Float] = []
    /// How many candidates were compared with positives.
    private(set) var scoreCount = 0

    init(rows: EvaluationRows, corpusCount: Int) {
        self.rows = rows
        self.corpusCount = corpusCount
        let count = rows.rowOf.count
        greater = [Int32](repeating: 0, count: count)
        ties = greater
        tiesAhead = greater
        isRanked = [Bool](repeating: false, count: count)
        hasFiniteScore = isRanked
        candidateCounts = [Int32](repeating: Int32(corpusCount), count: count)
    }

    /// Takes what was found of the examples at `slots`, grouped by row.
    mutating func add(
        _ response: CorpusResponse, _ targets: RowTargets, slots: Range<Int>,
        candidateCounts counts: [Int32], batch: Range<Int>
    ) {
        for row in batch {
            for slot in rows.examples.offsets[row]..<rows.examples.offsets[row + 1] {
                let example = Int(rows.examples.batchIndex[slot])
                let isOutside = rows.isOutside(slot, of: row)
                // A positive outside the corpus is ranked beside its candidates.
                candidateCounts[example] = counts[row - batch.lowerBound] + (isOutside ? 1 : 0)
                if isOutside {
                    note(outside: example, score: targets.scores[slot - slots.lowerBound])
                }
                if let finite = response.finiteCounts {
                    finiteCounts = finiteCounts ?? [Int32](repeating: .max, count: isRanked.count)
                    finiteCounts?[example] = finite[row - batch.lowerBound]
                }
            }
        }
        add(response, targets, slots: slots)
        depth = response.lists.depth
        scoreCount += response.scoreCount
        listPlaces += response.lists.places
        listScores += response.lists.scores
    }

    /// The same for rankings without lists, whose positives have candidates of their own.
    mutating func add(
        _ sampled: (response: CorpusResponse, candidateCounts: [Int32]), _ targets: RowTargets,
        slots: Range<Int>
    ) {
        for slot in slots {
            let example = Int(rows.examples.batchIndex[slot])
            candidateCounts[example] = sampled.candidateCounts[slot - slots.lowerBound]
            if rows.isOutside(slot, of: Int(rows.rowOf[example])) {
                note(outside: example, score: targets.scores[slot - slots.lowerBound])
            }
        }
        add(sampled.response, targets, slots: slots)
    }

    private mutating func note(outside example: Int, score: Float) {
        outsideScores = outsideScores ?? [Float](repeating: .nan, count: isRanked.count)
        outsideScores?[example] = score.isNaN ? -.infinity : score
    }

    private mutating func add(
        _ response: CorpusResponse, _ targets: RowTargets, slots: Range<Int>
    ) {
        for slot in slots {
            let (example, target) = (Int(rows.examples.batchIndex[slot]), slot - slots.lowerBound)
            greater[example] = response.greater[target]
            ties[example] = response.ties[target]
            tiesAhead[example] = response.tiesAhead[target]
            isRanked[example] = response.isRanked[target]
            hasFiniteScore[example] = targets.scores[target].isFinite
        }
    }

    func ranked(
        _ examples: Examples, _ rules: RankingProtocol, rankDepth: Int?,
        knowledge: CorpusKnowledge, interactionColumns: [String: [Float]]
    ) -> RankedQueries {
        var weights = [Float](repeating: 1, count: examples.count)
        for (slot, example) in rows.examples.batchIndex.enumerated() {
            weights[Int(example)] = rows.examples.weights[slot]
        }
        var places = [Int32](repeating: -1, count: examples.count)
        for (slot, example) in rows.examples.batchIndex.enumerated() {
            places[Int(example)] = rows.examples.positives[slot]
        }
        let byID = rules.comparison == .id
        let isInside = places.indices.map { index in
            places[index] >= 0 && outsideScores.map { $0[index].isNaN } ?? true
        }
        var ranked = RankedQueries(
            strictlyGreater: greater, ties: ties,
            isFinite: zip(isRanked, byID ? isInside : hasFiniteScore).map { $0 && $1 },
            weights: weights, corpusCount: corpusCount, rankDepth: rankDepth,
            tiePolicy: rules.tiePolicy,
            tiesAhead: byID ? tiesAhead : nil, candidateCounts: candidateCounts,
            finiteCounts: byID ? nil : finiteCounts, outsideScores: outsideScores, places: places,
            candidates: examples.candidateKeys, queries: rows.queries, rows: rows.rowOf,
            areDrawn: rules.sampledNegatives != nil,
            lists: RankedLists(depth: depth, places: listPlaces, scores: listScores),
            corpus: knowledge, interactionColumns: interactionColumns)
        ranked.scoreCount = scoreCount
        return ranked
    }
}
