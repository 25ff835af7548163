/// How a model that tells nothing apart has come to that.
public enum Collapse: String, Sendable {
    /// The embeddings of all queries that were looked at are zeros.
    case queryEmbeddingsZero = "query_embeddings_zero"
    /// The embeddings of all candidates are zeros.
    case candidateEmbeddingsZero = "candidate_embeddings_zero"
    /// All candidates have one embedding.
    case candidateEmbeddingsEqual = "candidate_embeddings_equal"
    /// Whatever the embeddings are.
    case scoresAllEqual = "scores_all_equal"
}

/// Positives whose scores other candidates have too, and what is behind that.
public struct TieDiagnosis: Hashable, Sendable {
    /// How many positives were looked at.
    public var positives: Int
    /// The share of them that tie with another candidate.
    public var share: Double
    /// With how many others those tie on average; 0 where none does.
    public var meanTies: Double
    /// How many of ``queries`` have embeddings of zeros; so do those that have no input.
    public var zeroQueries = 0
    /// How many queries were looked at.
    public var queries = 0
    /// How many candidates have an embedding that another one has too, zeros included.
    public var equalCandidates = 0
    /// How many candidates have embeddings of zeros.
    public var zeroCandidates = 0

    /// - Parameter ranked: positives all of whose ties were counted.
    init(of ranked: RankedQueries) {
        var (looked, tied, ties) = (0, 0, 0)
        for (isFinite, count) in zip(ranked.isFinite, ranked.ties) where isFinite {
            looked += 1
            if count > 0 { tied += 1 }
            ties += Int(count)
        }
        positives = looked
        share = looked == 0 ? 0 : Double(tied) / Double(looked)
        meanTies = tied == 0 ? 0 : Double(ties) / Double(tied)
    }
}

extension CorpusEvaluation {
    /// Above this share of tied positives their reasons are looked for.
    public static let notableTieShare = 0.01

    /// The positives of a part of the data that tie; nil where the index does not tell.
    ///
    /// - Parameters:
    ///   - ranked: the ranks of the examples by these rules. Where they are known up to a depth
    ///     only, a sample of the queries is ranked anew.
    ///   - sample: so many queries at most.
    public func diagnoseTies(
        _ examples: Examples, _ rules: RankingProtocol, ranked: RankedQueries, sample: Int = 500
    ) -> TieDiagnosis? {
        guard index.isExact || rules.sampledNegatives != nil else { return nil }
        let keys = sampledKeys(of: examples, sample)
        var whole = ranked
        if ranked.rankDepth != nil {
            let isSampled = Set(keys)
            let chosen = examples.queryKeys.indices.filter {
                isSampled.contains(examples.queryKeys[$0])
            }.map(Int32.init)
            whole = rank(examples.selecting(chosen), rules: rules.selecting(chosen))
        }
        var diagnosis = TieDiagnosis(of: whole)
        guard diagnosis.share > Self.notableTieShare else { return diagnosis }
        diagnosis.queries = keys.count
        diagnosis.zeroQueries = EmbeddingCensus(encodeQueries(keys), heads: heads).zeros
        let candidates = candidateCensus()
        (diagnosis.zeroCandidates, diagnosis.equalCandidates) = (candidates.zeros, candidates.equal)
        return diagnosis
    }

    /// How the model has collapsed; nil where it has not, or nothing tells.
    ///
    /// It has where each of a sample of the examples' queries scores all candidates the same.
    public func diagnoseCollapse(_ examples: Examples, sample: Int = 500) -> Collapse? {
        let keys = sampledKeys(of: examples, sample)
        guard index.count > 1, !keys.isEmpty else { return nil }
        let queries = encodeQueries(keys)
        let first = index.embeddings(at: [0])
        let rows = Int32(keys.count)
        let scores = PairScores.best(
            ofHeads: heads, queries, rows: Array(0..<rows), first,
            rows: [Int32](repeating: 0, count: keys.count))
        let request = CorpusRequest(
            queries: queries, heads: heads,
            targets: RowTargets(
                offsets: Array(0...keys.count), scores: scores,
                places: [Int32](repeating: 0, count: keys.count)), rankDepth: 1)
        let exact: any CandidateIndex =
            index.isExact
            ? index : BruteForce(index.embeddings(at: Array(0..<Int32(index.count))))
        let found = exact.search(request, lanes: lanes)
        let isEqual = keys.indices.allSatisfy {
            scores[$0].isFinite && found.greater[$0] == 0
                && Int(found.ties[$0]) == index.count - 1
        }
        guard isEqual else { return nil }
        if EmbeddingCensus(queries, heads: heads).zeros == keys.count {
            return .queryEmbeddingsZero
        }
        let candidates = candidateCensus()
        if candidates.zeros == index.count { return .candidateEmbeddingsZero }
        return candidates.distinct == 1 ? .candidateEmbeddingsEqual : .scoresAllEqual
    }

    private func candidateCensus() -> EmbeddingCensus {
        var census = EmbeddingCensus()
        for start in stride(from: 0, to: index.count, by: 8192) {
            let end = min(index.count, start + 8192)
            census.add(index.embeddings(at: Array(Int32(start)..<Int32(end))), heads: 1)
        }
        return census
    }
}

extension RankingProtocol {
    /// The rules for some of the interactions.
    func selecting(_ chosen: [Int32]) -> RankingProtocol {
        var rules = self
        rules.availability = availability?.selecting(chosen)
        return rules
    }
}

/// Counts embeddings that are zeros or equal to others.
private struct EmbeddingCensus {
    private(set) var zeros = 0
    /// How often each embedding occurs, by a hash of its bits.
    private var occurrences: [UInt64: Int] = [:]

    init() {}

    init(_ embeddings: Matrix, heads: Int) {
        add(embeddings, heads: heads)
    }

    mutating func add(_ embeddings: Matrix, heads: Int) {
        let size = heads * embeddings.columns
        for start in stride(from: 0, to: embeddings.values.count, by: max(1, size)) {
            var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
            var isZero = true
            for value in embeddings.values[start..<(start + size)] {
                if value != 0 { isZero = false }
                // Both zeros score the same.
                hash = (hash ^ UInt64((value == 0 ? 0 : value).bitPattern)) &* 0xff51_afd7_ed55_8ccd
                hash ^= hash >> 29
            }
            if isZero { zeros += 1 }
            occurrences[hash, default: 0] += 1
        }
    }

    var distinct: Int { occurrences.count }
    /// How many have an equal.
    var equal: Int { occurrences.values.reduce(0) { $1 > 1 ? $0 + $1 : $0 } }
}
