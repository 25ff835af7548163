/// What one call of the task may be given beside the embeddings (`Retrieval.call`).
public struct RetrievalCallOptions<ID: Hashable & Sendable>: Sendable {
    /// The weight of each query's loss, [Q]. Weights are not normalised.
    public var sampleWeight: [Float]?
    /// How likely each candidate is to be in a batch; clipped to [1e-6, 1]. Of a shape that
    /// broadcasts to [Q, C], such as [C], [1] or [Q, 1].
    public var candidateSamplingProbability: [Float]?
    /// The shape of ``candidateSamplingProbability``; nil: [C], [1] or [Q, C], by its count.
    public var candidateSamplingProbabilityShape: [Int]?
    /// The identity of each candidate, [C]. Beside the removal of accidental hits, they make the
    /// metrics over the corpus compare ids rather than scores.
    public var candidateIDs: [ID]?
    /// Which pairs may be scored, row by row; a hidden pair may be a positive. Of a shape that
    /// broadcasts to [Q, C], such as [Q, C], [C] or [Q, 1].
    public var scoreMask: [Bool]?
    /// The shape of ``scoreMask``; nil: [C], [1] or [Q, C], by its count.
    public var scoreMaskShape: [Int]?

    public init(
        sampleWeight: [Float]? = nil, candidateSamplingProbability: [Float]? = nil,
        candidateSamplingProbabilityShape: [Int]? = nil, candidateIDs: [ID]? = nil,
        scoreMask: [Bool]? = nil, scoreMaskShape: [Int]? = nil
    ) {
        self.candidateSamplingProbabilityShape = candidateSamplingProbabilityShape
        self.scoreMaskShape = scoreMaskShape
        self.sampleWeight = sampleWeight
        self.candidateSamplingProbability = candidateSamplingProbability
        self.candidateIDs = candidateIDs
        self.scoreMask = scoreMask
    }
}

/// What a call of the task returns.
public struct RetrievalOutput: Sendable {
    /// The reduced loss; for the reduction `none`, the sum of ``exampleLosses``.
    public var loss: Float
    /// The loss of each query times its weight, [Q].
    public var exampleLosses: [Float]
    /// ∂loss/∂query embeddings, shaped as the queries' values.
    public var queryGradient: Matrix
    /// ∂loss/∂candidate embeddings, [C, D].
    public var candidateGradient: Matrix
    /// Where the call did something else than TFRS does on purpose, in words; mostly empty.
    public var differencesFromTFRS: [String] = []
}

extension RetrievalTask {
    /// Evaluates the loss and its gradients for given embeddings, as `tfrs.tasks.Retrieval` does
    /// when it is called, without measuring any metric.
    ///
    /// - Parameters:
    ///   - queryEmbeddings: [Q, D], or several heads for each query.
    ///   - candidateEmbeddings: [C, D]; candidate i is the positive of query i, candidates beyond
    ///     Q are negatives for all, and queries beyond C have no positive.
    public func callAsFunction<ID: Hashable & Sendable>(
        queryEmbeddings: QueryEmbeddings, candidateEmbeddings: Matrix,
        options: RetrievalCallOptions<ID>, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> RetrievalOutput {
        try check(queryEmbeddings, candidateEmbeddings, options)
        let scored = ScoredEmbeddings(queryEmbeddings.values, candidateEmbeddings, for: loss)
        let problem = problem(queryEmbeddings, scored, options)
        return output(problem, scored, evaluate(problem, gradients: true, lanes: lanes))
    }

    /// The same for queries of one embedding, [Q, D].
    public func callAsFunction<ID: Hashable & Sendable>(
        queryEmbeddings: Matrix, candidateEmbeddings: Matrix,
        options: RetrievalCallOptions<ID>, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> RetrievalOutput {
        try self(
            queryEmbeddings: QueryEmbeddings(queryEmbeddings),
            candidateEmbeddings: candidateEmbeddings, options: options, lanes: lanes)
    }

    /// Evaluates the loss and its gradients, and measures the task's metrics.
    ///
    /// As in TFRS the loss metrics measure every call, whatever the switches, and queries of
    /// several heads have no metrics over the corpus. These rank the raw embeddings, without
    /// temperature, correction or mask, each query against the corpus: by the score of its
    /// candidate or, where the call is given candidate ids, by id. One thing differs: candidates
    /// beyond Q take no part in the ranking, ids or not; TFRS raises a shape error for their ids.
    ///
    /// - Parameters:
    ///   - corpus: what the metrics over the corpus rank.
    ///   - computeMetrics: whether the metrics over the corpus measure this call.
    ///   - computeBatchMetrics: whether the batch metrics measure this call.
    ///   - metrics: what was measured so far, of this task's ``makeMetricState()``. Unchanged where
    ///     the call throws.
    public func callAsFunction<ID: Hashable & Sendable>(
        queryEmbeddings: QueryEmbeddings, candidateEmbeddings: Matrix,
        options: RetrievalCallOptions<ID>, corpus: RetrievalCorpus<ID>? = nil,
        computeMetrics: Bool = true, computeBatchMetrics: Bool = true,
        metrics: inout RetrievalMetricState, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> RetrievalOutput {
        try check(queryEmbeddings, candidateEmbeddings, options)
        if computeBatchMetrics { try checkBatchMetrics(candidates: candidateEmbeddings.rows) }
        let ranked: RetrievalCorpus<ID>? =
            computeMetrics && !factorizedMetrics.isEmpty && queryEmbeddings.heads == nil
            ? try checkCorpus(corpus, queryEmbeddings, candidateEmbeddings, options) : nil
        var ranks: RankedQueries?
        if let ranked {
            ranks = try rank(queryEmbeddings, candidateEmbeddings, options, ranked, lanes)
        }

        let scored = ScoredEmbeddings(queryEmbeddings.values, candidateEmbeddings, for: loss)
        let problem = problem(queryEmbeddings, scored, options)
        let result = evaluate(
            problem, gradients: true, measuresBatchMetrics: computeBatchMetrics, lanes: lanes)
        var output = output(problem, scored, result)
        metrics.measureLosses(loss.reduction == .none ? output.exampleLosses : [output.loss])
        metrics.measureBatch(result.batchMetrics)
        if let ranks {
            if options.candidateIDs != nil && candidateEmbeddings.rows > queryEmbeddings.count {
                output.differencesFromTFRS.append(
                    """
                    the ids of \(candidateEmbeddings.rows - queryEmbeddings.count) extra negatives \
                    take no part in the metrics over the corpus; TFRS raises a shape error
                    """)
            }
            metrics.measureRanks(ranks)
        }
        return output
    }

    private func problem<ID: Hashable>(
        _ queries: QueryEmbeddings, _ scored: ScoredEmbeddings, _ options: RetrievalCallOptions<ID>
    ) -> InBatchProblem {
        let candidates = scored.candidates
        var problem = InBatchProblem(
            queries: scored.queries, candidates: candidates,
            examples: RowExamples(
                diagonal: queries.count, columns: candidates.rows,
                weights: options.sampleWeight))
        problem.heads = queries.heads ?? 1
        if let probabilities = options.candidateSamplingProbability,
            let layout = try? options.probabilityLayout(queries.count, candidates.rows)
        {
            let bias = Self.correction(probabilities)
            problem.columnBias = layout.forCandidates(bias)
            if problem.columnBias == nil { problem.pairBias = layout.forPairs(bias) }
        }
        if let allowed = options.scoreMask,
            let layout = try? options.maskLayout(queries.count, candidates.rows)
        {
            problem.mask = .dense(allowed: layout.forPairs(allowed), columns: candidates.rows)
        }
        if removeAccidentalHits, let ids = options.candidateIDs {
            problem.columnIDs = ColumnIDs(codes: Self.codes(ids))
        }
        return problem
    }

    private func output(
        _ problem: InBatchProblem, _ scored: ScoredEmbeddings, _ result: ScoringResult
    ) -> RetrievalOutput {
        let none = ScoringResult.Gradients(
            queries: Matrix(rows: 0, columns: 0), candidates: Matrix(rows: 0, columns: 0))
        let gradients = result.gradients ?? none
        let ofEmbeddings = scored.pullback(
            queries: gradients.queries, candidates: gradients.candidates)
        return RetrievalOutput(
            loss: Float(result.loss),
            exampleLosses: zip(result.exampleLosses, problem.examples.weights).map { $0 * $1 },
            queryGradient: ofEmbeddings.queries, candidateGradient: ofEmbeddings.candidates)
    }

    private func rank<ID: Hashable>(
        _ queries: QueryEmbeddings, _ candidates: Matrix, _ options: RetrievalCallOptions<ID>,
        _ corpus: RetrievalCorpus<ID>, _ lanes: Lanes
    ) throws(RetrievalError) -> RankedQueries {
        guard let ids = options.candidateIDs else {
            let positives = Matrix(
                rows: queries.count, columns: candidates.columns,
                values: Array(candidates.values.prefix(queries.count * candidates.columns)))
            return try corpus.rank(
                queries: queries.values, positives: positives, weights: options.sampleWeight,
                lanes: lanes)
        }
        let depth = factorizedMetrics.compactMap(\.needs.rankDepth).max() ?? 100
        return try corpus.rank(
            queries: queries.values, ids: ids[..<queries.count], weights: options.sampleWeight,
            depth: depth, lanes: lanes)
    }

    /// `−log(clip(p, 1e-6, 1))` of each candidate.
    static func correction(_ probabilities: [Float]) -> [Float] {
        let bounds = probabilityBounds
        let clipped = probabilities.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
        var logs = [Float](unsafeUninitializedCapacity: clipped.count) { logs, count in
            Kernels.log(logs.baseAddress, clipped, clipped.count)
            count = clipped.count
        }
        for index in logs.indices { logs[index] = -logs[index] }
        return logs
    }

    private static func codes<ID: Hashable>(_ ids: [ID]) -> [Int32] {
        var seen: [ID: Int32] = [:]
        return ids.map { id in
            if let code = seen[id] { return code }
            let code = Int32(seen.count)
            seen[id] = code
            return code
        }
    }
}

/// The embeddings of a call as its loss scores them: divided by their length where the loss is
/// defined on cosines.
private struct ScoredEmbeddings {
    let queries: Matrix
    let candidates: Matrix
    /// nil: as they are.
    private let units: (queries: UnitRows, candidates: UnitRows)?

    init(_ queries: Matrix, _ candidates: Matrix, for loss: any Loss) {
        guard loss is any ContrastiveLoss else {
            (self.queries, self.candidates) = (queries, candidates)
            units = nil
            return
        }
        let units = (queries: UnitRows(queries), candidates: UnitRows(candidates))
        (self.queries, self.candidates) = (units.queries.outputs, units.candidates.outputs)
        self.units = units
    }

    /// ∂loss/∂embeddings of ∂loss/∂(what was scored).
    func pullback(queries: Matrix, candidates: Matrix) -> (queries: Matrix, candidates: Matrix) {
        guard let units else { return (queries, candidates) }
        return (units.queries.pullback(queries), units.candidates.pullback(candidates))
    }
}
