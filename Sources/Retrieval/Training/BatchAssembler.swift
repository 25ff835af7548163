/// What a batch is made of beside its examples.
public struct BatchOptions: Sendable {
    /// Whether equal queries and candidates of a batch are scored once.
    public var deduplication: Deduplication
    /// What the scores are corrected for; nil: nothing.
    public var samplingProbability: SamplingProbability?
    /// Candidates drawn for every training batch.
    public var extraNegatives: ExtraNegatives?
    /// What each query has in training, to be hidden from its negatives.
    public var seenItems: SeenItems?

    public init(
        deduplication: Deduplication = .auto, samplingProbability: SamplingProbability? = nil,
        extraNegatives: ExtraNegatives? = nil, seenItems: SeenItems? = nil
    ) {
        self.deduplication = deduplication
        self.samplingProbability = samplingProbability
        self.extraNegatives = extraNegatives
        self.seenItems = seenItems
    }
}

/// Makes the engine's problem of a batch: what is scored once, what stands in each column, and
/// what is done to its scores.
struct BatchAssembler: Sendable {
    let keyCounts: KeyCounts
    var options: BatchOptions

    struct Batch {
        /// The ways back through the towers. The embeddings themselves stand in the problem.
        let queryPullback: @Sendable (Matrix, inout Gradients) -> Void
        let candidatePullback: @Sendable (Matrix, inout Gradients) -> Void
        /// How many candidates were encoded, each distinct one once.
        let encodedCount: Int
        /// The encoded candidate of each column; nil where they are the columns.
        let columnSource: [Int32]?
        var problem: InBatchProblem

        /// The gradient of the encoded candidates, from that of the columns.
        func expanded(_ gradient: Matrix, _ lanes: Lanes) -> Matrix {
            guard let columnSource else { return gradient }
            return Rows.sums(
                of: gradient, groupOf: columnSource, count: encodedCount, lanes)
        }
    }

    /// Takes note of a training batch before its scores are corrected.
    mutating func observe(_ examples: Examples, _ range: Range<Int>) {
        options.samplingProbability?.observe(
            examples.candidateKeys[range], keyCount: keyCounts.candidates)
    }

    /// What is scored once, and what stands in each column.
    ///
    /// - Parameter step: as in ``assemble(_:_:model:task:step:lanes:pool:)``.
    func layout(
        _ examples: Examples, _ range: Range<Int>, model: TwoTowerModel, task: RetrievalTask,
        step: TrainingStep?
    ) -> (rows: DistinctKeys, columns: BatchColumns) {
        let isAuto = options.deduplication == .auto
        let sharesRows = isAuto && !(step != nil && model.queryTower.requiresDistinctRows)
        let sharesColumns = isAuto && !(step != nil && model.candidateTower.requiresDistinctRows)
        let queryKeys = examples.queryKeys[range]
        let extra = step.flatMap { options.extraNegatives?.draw(step: $0.index) } ?? []
        let rows =
            sharesRows
            ? DistinctKeys(queryKeys, keyCount: keyCounts.queries)
            : DistinctKeys(undistinguished: queryKeys)
        let columns = BatchColumns(
            examples.candidateKeys[range], extra: extra, keyCount: keyCounts.candidates,
            encodesOnce: sharesColumns,
            counts: sharesColumns && task.canCountColumns(measuringBatchMetrics: true),
            needsCopies: task.numHardNegatives != nil)
        return (rows, columns)
    }

    /// - Parameter step: the training step that the batch is for, which draws extra negatives and
    ///   dropout; nil: none. In a step, a tower that ``Tower/requiresDistinctRows`` encodes every
    ///   input of the batch.
    func assemble(
        _ examples: Examples, _ range: Range<Int>, model: TwoTowerModel, task: RetrievalTask,
        step: TrainingStep?, lanes: Lanes, pool: BufferPool
    ) -> Batch {
        let (rows, columns) = layout(examples, range, model: model, task: task, step: step)
        var context = EncodingContext(step: step, multiplicities: rows.counts, lanes: lanes)
        context.pool = pool
        let queries = model.encodeQueries(rows.keys, context)
        context.multiplicities = columns.multiplicities
        let candidates = model.encodeCandidates(columns.encodedKeys, context)
        var problem = InBatchProblem(
            queries: queries.embeddings,
            candidates: columns.source.map { Rows.gather(candidates.embeddings, $0, lanes) }
                ?? candidates.embeddings,
            examples: RowExamples(
                rowOf: rows.positions, rows: rows.keys.count, positives: columns.positives,
                weights: examples.weights.map { Array($0[range]) }))
        problem.heads = model.queryTower.heads
        problem.counts = columns.counts
        problem.copies = columns.copies
        problem.columnBias = options.samplingProbability.map { probability in
            let own = probability.probabilities(of: Array(columns.keys[..<columns.ownCount]))
            let drawn = columns.keys[columns.ownCount...].map {
                options.extraNegatives?.probabilities[Int($0)] ?? 1
            }
            return RetrievalTask.correction(own + drawn)
        }
        if task.removeAccidentalHits {
            problem.columnIDs = columns.ids(keyCount: keyCounts.candidates)
        }
        problem.mask = options.seenItems.map { seen in
            .seen(
                SeenColumns(
                    seen, queries: Array(examples.queryEntities[range]), columnKeys: columns.keys,
                    candidateKeyCount: keyCounts.candidates))
        }
        return Batch(
            queryPullback: queries.pullback, candidatePullback: candidates.pullback,
            encodedCount: candidates.embeddings.rows, columnSource: columns.source,
            problem: problem)
    }
}
