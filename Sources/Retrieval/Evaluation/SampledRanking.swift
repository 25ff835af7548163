/// Ranks positives among candidates that are drawn for each of them.
struct SampledRanking {
    let index: any CandidateIndex
    let negatives: SampledNegatives
    let rows: EvaluationRows
    /// How many embeddings each query has.
    let heads: Int
    let lanes: Lanes
    /// The processes that rank together, each the positives of some of the rows.
    let ranks: any Communicator
    /// Told of every candidate that a row is done with.
    var meter: WorkMeter?

    func rank(
        _ targets: RowTargets, slots: Range<Int>, batch: Range<Int>, queries: Matrix
    ) -> (response: CorpusResponse, candidateCounts: [Int32]) {
        let greater = LaneBuffer<Int32>(repeating: 0, count: slots.count)
        let ties = LaneBuffer<Int32>(repeating: 0, count: slots.count)
        let ahead = LaneBuffer<Int32>(repeating: 0, count: slots.count)
        let counts = LaneBuffer<Int32>(repeating: 1, count: slots.count)
        let own = ranks.share(of: batch.count)
        lanes.forEach(Lanes.count) { lane in
            for row in Lanes.rows(of: lane, in: own.count).lazy.map({ own.lowerBound + $0 }) {
                let forbidden = rows.forbidden(batch.lowerBound + row)
                for target in targets.offsets[row]..<targets.offsets[row + 1] {
                    let example = Int(rows.examples.batchIndex[slots.lowerBound + target])
                    let drawn = negatives.draw(
                        interaction: example, forbidden: forbidden,
                        limit: rows.limits?[batch.lowerBound + row] ?? .max)
                    let scores = PairScores.best(
                        ofHeads: heads, queries,
                        rows: [Int32](repeating: Int32(row), count: drawn.count),
                        index.embeddings(at: drawn), rows: nil)
                    let (score, place) = (targets.scores[target], targets.places[target])
                    for (negative, other) in zip(drawn, scores) {
                        if other > score { greater.pointer[target] += 1 }
                        if other == score { ties.pointer[target] += 1 }
                        if other == score && (place < 0 || negative < place) {
                            ahead.pointer[target] += 1
                        }
                    }
                    counts.pointer[target] = Int32(drawn.count) + 1
                }
                meter?.advance(by: index.count)
            }
        }
        meter?.advance(by: (batch.count - own.count) * index.count)
        let mine = targets.offsets[own.lowerBound]..<targets.offsets[own.upperBound]
        func shared(_ counted: LaneBuffer<Int32>) -> [Int32] {
            ranks.isAlone ? counted.array : ranks.joined(Array(counted.array[mine]))
        }
        return (
            CorpusResponse(
                greater: shared(greater), ties: shared(ties), tiesAhead: shared(ahead),
                isRanked: targets.scores.map { !$0.isNaN },
                lists: RankedLists(depth: 0, places: [], scores: []), finiteCounts: nil),
            shared(counts)
        )
    }
}
