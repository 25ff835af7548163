/// Scores examples against a whole corpus with a model as it is now: every candidate and every
/// distinct query is encoded once.
public struct CorpusEvaluation: Sendable {
    private let model: TwoTowerModel
    private let ranking: CorpusRanking
    /// Where each candidate key stands in the corpus; -1 outside.
    private let positionOfKey: [Int32]
    private let keyCounts: KeyCounts
    private let lanes: Lanes

    /// - Parameters:
    ///   - corpus: the candidate tower's keys of the corpus.
    public init(
        model: TwoTowerModel, corpus: [Int32], keyCounts: KeyCounts, lanes: Lanes
    ) {
        self.model = model
        self.keyCounts = keyCounts
        self.lanes = lanes
        ranking = CorpusRanking(
            corpus: model.encodeCandidates(corpus, EncodingContext(lanes: lanes)).embeddings)
        var positions = [Int32](repeating: -1, count: keyCounts.candidates)
        for (position, key) in corpus.enumerated() { positions[Int(key)] = Int32(position) }
        positionOfKey = positions
    }

    /// Where each example's positive stands in the corpus, in the examples' order.
    public func rank(
        _ examples: Examples, comparison: CorpusComparison = .score
    ) -> RankedQueries {
        let queries = DistinctKeys(examples.queryKeys[...], keyCount: keyCounts.queries)
        let outsiders = encodeOutsiders(examples)
        return ranking.rank(
            queries: model.encodeQueries(queries.keys, EncodingContext(lanes: lanes)).embeddings,
            examples: RowExamples(
                rowOf: queries.positions, rows: queries.keys.count,
                positives: examples.candidateKeys.map { positionOfKey[Int($0)] },
                weights: examples.weights),
            comparison: comparison, outsiders: { outsiders[Int(examples.candidateKeys[$0])] ?? [] },
            lanes: lanes)
    }

    /// The embeddings of the positives that the corpus does not hold, by key.
    private func encodeOutsiders(_ examples: Examples) -> [Int: ArraySlice<Float>] {
        let keys = Set(examples.candidateKeys.filter { positionOfKey[Int($0)] < 0 }).sorted()
        let embeddings = model.encodeCandidates(keys, EncodingContext(lanes: lanes)).embeddings
        return Dictionary(
            uniqueKeysWithValues: keys.enumerated().map { (Int($1), embeddings.row($0)) })
    }
}
