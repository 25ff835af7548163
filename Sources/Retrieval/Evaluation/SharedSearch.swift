/// Searches whose rows ranks share: each searches for a run of them.
extension Communicator {
    /// This rank's run of some rows.
    func share(of count: Int) -> Range<Int> {
        count * rank / size..<count * (rank + 1) / size
    }
}

extension CorpusRequest {
    /// The request of some of the rows alone.
    func selecting(_ rows: Range<Int>) -> CorpusRequest {
        let size = heads * queries.columns
        var some = CorpusRequest(
            queries: Matrix(
                rows: rows.count * heads, columns: queries.columns,
                values: Array(queries.values[rows.lowerBound * size..<rows.upperBound * size])),
            heads: heads, depth: depth, targets: targets.selecting(rows), rankDepth: rankDepth,
            blocked: blocked.map { blocked in
                RowPlaces(rows.map { Array(blocked.places(of: $0)) })
            }, limits: limits.map { Array($0[rows]) })
        some.leastScreenedRows = leastScreenedRows
        some.meter = meter
        return some
    }
}

extension RowTargets {
    fileprivate func selecting(_ rows: Range<Int>) -> RowTargets {
        guard !offsets.isEmpty else { return self }
        let targets = offsets[rows.lowerBound]..<offsets[rows.upperBound]
        return RowTargets(
            offsets: offsets[rows.lowerBound...rows.upperBound].map { $0 - targets.lowerBound },
            scores: Array(scores[targets]), places: Array(places[targets]))
    }
}

extension CorpusResponse {
    /// What all ranks have found, each of its own rows, in the rows' order.
    ///
    /// - Parameter counts: how many candidates each of this rank's rows may find.
    func joined(_ ranks: any Communicator, candidateCounts counts: [Int32]) -> CorpusResponse {
        var all = CorpusResponse(
            greater: ranks.joined(greater), ties: ranks.joined(ties),
            tiesAhead: ranks.joined(tiesAhead), isRanked: ranks.joined(isRanked),
            lists: RankedLists(
                depth: lists.depth, places: ranks.joined(lists.places),
                scores: ranks.joined(lists.scores)),
            finiteCounts: ranks.any(finiteCounts != nil)
                ? ranks.joined(finiteCounts ?? counts) : nil)
        all.scoreCount = ranks.sum(scoreCount)
        all.undecidedCount = ranks.sum(undecidedCount)
        return all
    }
}
