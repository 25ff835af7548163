/// Scores examples against a whole corpus with a model as it is now: every candidate and every
/// distinct query is encoded once.
public struct CorpusEvaluation: Sendable {
    private let model: TwoTowerModel
    let index: any CandidateIndex
    /// Where each candidate key stands in the corpus; -1 outside.
    private let placeOfKey: [Int32]
    private let keyCounts: KeyCounts
    let lanes: Lanes
    /// The processes that rank the queries together, each some of them.
    let ranks: any Communicator

    /// Queries that are encoded at once: 16 MiB of embeddings, but a good many at least.
    private var queryBatch: Int {
        max(1024, (1 << 22) / (model.queryTower.outputDimension * heads))
    }

    var heads: Int { model.queryTower.heads }

    /// - Parameters:
    ///   - corpus: the candidate tower's keys of the corpus.
    ///   - seed: the experiment's, for an index that draws.
    ///   - ranks: the processes that evaluate together; each encodes its share of the corpus, keeps
    ///     what all have encoded, and ranks its share of the queries.
    public init(
        model: TwoTowerModel, corpus: [Int32], keyCounts: KeyCounts,
        index definition: any CandidateIndexDefinition = BruteForceDefinition(), seed: UInt64 = 0,
        lanes: Lanes, ranks: any Communicator = SingleProcess()
    ) {
        self.ranks = ranks
        self.model = model
        self.keyCounts = keyCounts
        self.lanes = lanes
        index = definition.makeIndex(
            count: corpus.count,
            encode: { places in
                model.candidates(places.map { corpus[Int($0)] }, lanes, ranks)
            }, seed: seed, lanes: lanes)
        var places = [Int32](repeating: -1, count: keyCounts.candidates)
        for (place, key) in corpus.enumerated() { places[Int(key)] = Int32(place) }
        placeOfKey = places
    }

    /// Where each example's positive stands in the corpus, in the examples' order, and what the
    /// model lists for the queries.
    ///
    /// - Parameters:
    ///   - rules: whom a positive is ranked among.
    ///   - listDepth: how many of each query's best candidates are listed.
    ///   - rankDepth: up to which place from the best ranks are asked for; nil: all of them. A
    ///     query is done with once all its positives have as many candidates above them.
    ///   - searchDepth: how many candidates an index that is not exact retrieves for each query.
    ///   - knowledge: what is known of the corpus beside the scores.
    ///   - interactionColumns: columns of the examples that metrics read.
    ///   - meter: told of the queries that are done.
    public func rank(
        _ examples: Examples, rules: RankingProtocol = RankingProtocol(), listDepth: Int = 0,
        rankDepth: Int? = nil, searchDepth: Int = 100,
        knowledge: CorpusKnowledge = CorpusKnowledge(),
        interactionColumns: [String: [Float]] = [:], meter: WorkMeter? = nil
    ) -> RankedQueries {
        // Among few candidates that were drawn, every rank is counted.
        let rankDepth = rules.sampledNegatives == nil ? rankDepth : nil
        let rows = EvaluationRows(examples, rules, placeOfKey: placeOfKey, keyCounts: keyCounts)
        var found = FoundRanks(rows: rows, corpusCount: index.count)
        meter?.expect(rows.count, of: "queries", stepsPerUnit: index.count)
        for start in stride(from: 0, to: rows.count, by: queryBatch) {
            let batch = start..<min(start + queryBatch, rows.count)
            rank(
                batch, rows, examples, rules,
                depth: index.isExact ? listDepth : max(listDepth, searchDepth),
                rankDepth: rankDepth, meter, &found)
        }
        return found.ranked(
            examples, rules, rankDepth: rankDepth, knowledge: knowledge,
            interactionColumns: interactionColumns)
    }

    private func rank(
        _ batch: Range<Int>, _ rows: EvaluationRows, _ examples: Examples,
        _ rules: RankingProtocol, depth: Int, rankDepth: Int?, _ meter: WorkMeter?,
        _ found: inout FoundRanks
    ) {
        let queries = encodeQueries(Array(rows.queryKeys[batch]))
        let offsets = rows.examples.offsets
        let slots = offsets[batch.lowerBound]..<offsets[batch.upperBound]
        let targets = targets(of: slots, batch, rows, examples, queries)
        if let sampled = rules.sampledNegatives {
            found.add(
                SampledRanking(
                    index: index, negatives: sampled, rows: rows, heads: heads, lanes: lanes,
                    ranks: ranks, meter: meter
                ).rank(targets, slots: slots, batch: batch, queries: queries),
                targets, slots: slots)
            return
        }
        var request = CorpusRequest(
            queries: queries, heads: heads, depth: depth, targets: targets, rankDepth: rankDepth,
            blocked: rows.blocked.map { RowPlaces(Array($0[batch])) },
            limits: rows.limits.map { Array($0[batch]) })
        request.meter = meter
        found.add(
            search(request), targets, slots: slots,
            candidateCounts: request.candidateCounts(of: index.count), batch: batch)
    }

    /// Each rank searches for some of the rows, and all know of what was found.
    private func search(_ request: CorpusRequest) -> CorpusResponse {
        guard !ranks.isAlone else { return index.search(request, lanes: lanes) }
        let own = ranks.share(of: request.rows)
        let mine = request.selecting(own)
        let found = index.search(mine, lanes: lanes).joined(
            ranks, candidateCounts: mine.candidateCounts(of: index.count))
        request.meter?.advance(by: (request.rows - own.count) * index.count)
        return found
    }

    /// The positives of some rows with their scores, each candidate encoded once.
    private func targets(
        of slots: Range<Int>, _ batch: Range<Int>, _ rows: EvaluationRows, _ examples: Examples,
        _ queries: Matrix
    ) -> RowTargets {
        let keys = slots.map { examples.candidateKeys[Int(rows.examples.batchIndex[$0])] }
        let distinct = DistinctKeys(keys[...], keyCount: keyCounts.candidates)
        let embeddings = embeddings(ofKeys: distinct.keys)
        let queryRows = batch.flatMap { row in
            repeatElement(
                Int32(row - batch.lowerBound),
                count: rows.examples.offsets[row + 1] - rows.examples.offsets[row])
        }
        return RowTargets(
            offsets: (batch.lowerBound...batch.upperBound).map {
                rows.examples.offsets[$0] - slots.lowerBound
            },
            scores: PairScores.best(
                ofHeads: heads, queries, rows: queryRows, embeddings, rows: distinct.positions),
            places: keys.map { placeOfKey[Int($0)] })
    }

    /// From the index where it has them, from the tower for positives outside the corpus.
    private func embeddings(ofKeys keys: [Int32]) -> Matrix {
        let places = keys.map { placeOfKey[Int($0)] }
        guard places.contains(-1) else { return index.embeddings(at: places) }
        return model.candidates(keys, lanes, ranks)
    }
}

extension CorpusEvaluation {
    /// Whether a model tells its queries apart.
    public struct ListDiagnosis: Sendable {
        /// How many distinct queries were looked at, evenly over the examples.
        public var queries: Int
        /// How many candidates of each list were.
        public var depth: Int
        /// Distinct lists, as sets of candidates, divided by the queries.
        public var distinctShare: Double
        /// How many candidates stand in any of the lists.
        public var candidates: Int
    }

    /// Looks at the lists of at most `sample` of the examples' queries.
    public func diagnose(
        _ examples: Examples, depth: Int = 10, sample: Int = 500
    ) -> ListDiagnosis {
        let chosen = sampledKeys(of: examples, sample)
        let count = chosen.count
        let request = CorpusRequest(
            queries: encodeQueries(chosen), heads: heads,
            depth: min(depth, max(1, index.count / 2)))
        let lists = index.search(request, lanes: lanes).lists
        let sets = (0..<lists.rows).map { Array(lists.places(of: $0)).sorted() }
        return ListDiagnosis(
            queries: count, depth: lists.depth,
            distinctShare: count == 0 ? 0 : Double(Set(sets).count) / Double(count),
            candidates: Set(sets.joined()).count)
    }

    /// Distinct query keys, evenly over the examples.
    func sampledKeys(of examples: Examples, _ sample: Int) -> [Int32] {
        let keys = DistinctKeys(examples.queryKeys[...], keyCount: keyCounts.queries).keys
        let count = min(sample, keys.count)
        return (0..<count).map { keys[$0 * keys.count / count] }
    }

    func encodeQueries(_ keys: [Int32]) -> Matrix {
        model.queries(keys, lanes, ranks)
    }

    /// The share of the `k` best candidates that the index finds, over a sample of the examples'
    /// queries; nil for an index that is exact.
    public func recall(
        of examples: Examples, k: Int, sample: Int = 200, seed: UInt64
    ) -> Double? {
        guard !index.isExact, index.count > 0 else { return nil }
        var keys = DistinctKeys(examples.queryKeys[...], keyCount: keyCounts.queries).keys
        var stream = RandomStream(seed: seed, stream: StreamNames.indexRecall)
        stream.shuffle(&keys)
        let request = CorpusRequest(
            queries: encodeQueries(Array(keys.prefix(sample))), heads: heads,
            depth: min(k, index.count))
        let exact = BruteForce(index.embeddings(at: Array(0..<Int32(index.count))))
            .search(request, lanes: lanes).lists
        let found = index.search(request, lanes: lanes).lists
        var (shared, all) = (0, 0)
        for row in 0..<exact.rows {
            let best = Set(exact.places(of: row))
            shared += found.places(of: row).count { best.contains($0) }
            all += best.count
        }
        return all == 0 ? nil : Double(shared) / Double(all)
    }
}
