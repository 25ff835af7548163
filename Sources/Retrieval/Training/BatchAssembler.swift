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
    /// How the processes that share a batch add their gradients up.
    let joining: GradientJoining

    struct Batch {
        /// The ways back through the towers, from the gradients of the problem. The embeddings
        /// themselves stand there.
        let queryPullback: @Sendable (Matrix, inout Gradients) -> Void
        let candidatePullback: @Sendable (Matrix, inout Gradients) -> Void
        var problem: InBatchProblem
    }

    /// Takes note of a training batch before its scores are corrected.
    mutating func observe(_ examples: Examples, _ range: Range<Int>) {
        let keyCount = keyCounts.candidates
        options.samplingProbability?.observe(
            examples.candidateKeys[range], keyCount: keyCount)
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
        var context = EncodingContext(step: step, lanes: lanes)
        context.pool = pool
        let queries = queries(rows, columns, model, context)
        let candidates = candidates(columns, scoredWith: rows.keys.count, model, context)
        var problem = InBatchProblem(
            queries: queries.encoding.embeddings, candidates: candidates.encoding.embeddings,
            examples: RowExamples(
                rowOf: rows.positions, rows: rows.keys.count, positives: columns.positives,
                weights: examples.weights.map { Array($0[range]) }))
        problem.heads = model.queryTower.heads
        problem.ownRows = queries.share.map { share in
            let first = Int(share.own[0])
            return (first..<first + share.own.count, share.keys.count)
        }
        problem.leavesCandidatesApart = candidates.isShared
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
            queryPullback: queries.encoding.pullback,
            candidatePullback: candidates.encoding.pullback, problem: problem)
    }
}

extension BatchAssembler {
    /// The queries of the rows; where ranks share them, those that this one scores.
    private func queries(
        _ rows: DistinctKeys, _ columns: BatchColumns, _ model: TwoTowerModel,
        _ context: EncodingContext
    ) -> (encoding: Encoding, share: RowShare?) {
        let lanes = Tiling.lanes(
            of: rows.keys.count,
            candidates: columns.keys.count, dimension: model.candidateTower.outputDimension)
        // Where each rank has as many of the lanes.
        let share =
            rows.keys.count >= Lanes.count && lanes >= joining.ranks.size
            ? model.queryTower.share(
                rows.keys, model.parameters, joining.ranks, byLanes: true) : nil
        var context = context
        context.share = share
        context.multiplicities = share?.selecting(rows.counts) ?? rows.counts
        let encoding = model.encodeQueries(share?.ownKeys ?? rows.keys, context)
        guard share != nil else { return (encoding, nil) }
        let (joining, parameters, threads) = (joining, model.parameters, context.lanes)
        return (
            Encoding(embeddings: encoding.embeddings) { gradient, gradients in
                gradients.join(joining, parameters, threads) {
                    encoding.pullback(gradient, &$0)
                }
            }, share
        )
    }

    /// The candidates of the columns. Where ranks share them, each encodes its own, has those of all,
    /// and takes back what all find of the gradient of its own.
    private func candidates(
        _ columns: BatchColumns, scoredWith rows: Int, _ model: TwoTowerModel,
        _ context: EncodingContext
    ) -> (encoding: Encoding, isShared: Bool) {
        let keys = columns.encodedKeys
        let (ranks, lanes) = (joining.ranks, context.lanes)
        let share = model.candidateTower.share(
            keys, model.parameters, ranks, byLanes: joining.gathersRows)
        var context = context
        context.share = share
        context.multiplicities =
            share?.selecting(columns.multiplicities) ?? columns.multiplicities
        let encoding = model.encodeCandidates(share?.ownKeys ?? keys, context)
        let all = share?.gathered(encoding.embeddings) ?? encoding.embeddings
        let embeddings = columns.source.map { Rows.gather(all, $0, lanes) } ?? all
        guard let share else {
            return (
                Encoding(embeddings: embeddings) { gradient, gradients in
                    let own =
                        columns.source.map {
                            Rows.sums(of: gradient, groupOf: $0, count: keys.count, lanes)
                        } ?? gradient
                    encoding.pullback(own, &gradients)
                }, false
            )
        }
        let owners = columns.source.map { share.owners.selecting($0) } ?? share.owners
        let parts = ranks.ranksWithLanes(
            of: Tiling.lanes(
                of: rows, candidates: embeddings.rows, dimension: embeddings.columns))
        let (joining, parameters) = (joining, model.parameters)
        let shared = Encoding(embeddings: embeddings) { gradient, gradients in
            var own = ranks.sumRows(gradient, owners: owners, ofRanks: parts)
            if let source = columns.source {
                own = Rows.sums(
                    of: own, groupOf: share.places(ofOwn: source), count: share.own.count, lanes)
            }
            gradients.join(joining, parameters, lanes) { encoding.pullback(own, &$0) }
        }
        return (shared, true)
    }
}
