/// Scores a batch tile by tile, evaluates the loss of every example and takes the gradient back to
/// both embeddings, without ever holding all rows × columns scores.
///
/// Rows are cut into lanes by the size of the problem alone; each lane sums the candidates'
/// gradient into a partial of its own, and the partials are added as ``Lanes/treeSum(_:_:)`` has
/// it, like the losses. So the bits do not depend on how many threads run.
struct ScoringPass {
    let loss: any Loss
    let temperature: Float
    let transforms: RowTransforms
    /// Metrics that measure every example's row before the loss does.
    let batchMetrics: [any BatchMetric]
    let lanes: Lanes
    /// The processes that score the batch together, each some of its lanes.
    let ranks: any Communicator
    let pool: BufferPool

    func run(_ problem: InBatchProblem, gradients: Bool) -> ScoringResult {
        guard loss is any OrderedByCounts, transforms.numHardNegatives == nil,
            batchMetrics.isEmpty, let order = ColumnOrder(problem)
        else { return open(loss, problem, gradients: gradients) }
        var result = open(loss, order.applied(to: problem, lanes), gradients: gradients)
        if let moved = result.gradients?.candidates {
            result.gradients?.candidates = order.undone(moved, lanes)
        }
        return result
    }

    private func open<L: Loss>(_ loss: L, _ problem: InBatchProblem, gradients: Bool)
        -> ScoringResult
    {
        let tiling = Tiling(problem, ranks)
        let scorer = LaneScorer(
            loss: loss, temperature: temperature, transforms: transforms, problem: problem,
            tiling: tiling, wantsGradients: gradients, batchMetrics: batchMetrics, pool: pool,
            lanes: lanes)
        defer { scorer.giveBuffersBack() }
        var result = ScoringResult(
            exampleLosses: [], loss: 0,
            gradients: gradients ? evaluate(scorer, problem, tiling) : nil, batchMetrics: [])
        if !gradients {
            forEachLane(of: tiling) { scorer.run(lane: $0, queryGradient: nil) }
        }
        result.batchMetrics = scorer.measurements.merged(ranks)
        result.loss = scorer.loss(ranks)
        if ranks.isAlone || loss.reduction == .none {
            result.exampleLosses = scorer.exampleLosses(ranks)
        }
        return result
    }

    private func evaluate<L: Loss>(
        _ scorer: LaneScorer<L>, _ problem: InBatchProblem, _ tiling: Tiling
    ) -> ScoringResult.Gradients {
        let queries = Matrix(rows: problem.queries.rows, columns: problem.queries.columns) {
            let gradient = LanePointer($0)
            forEachLane(of: tiling) { scorer.run(lane: $0, queryGradient: gradient.pointer) }
            guard problem.ownRows == nil else { return }
            ranks.allGatherRows(
                $0, width: problem.heads * problem.queries.columns,
                offsets: tiling.rowOffsets(ranks, in: problem.rows))
        }
        let candidates = problem.candidates
        let stride = problem.width.stride
        let padded = stride == candidates.columns ? nil : pool.take(candidates.rows * stride)
        defer { if let padded { pool.give(padded) } }
        let gradient = Matrix(rows: candidates.rows, columns: candidates.columns) {
            let target = LanePointer($0)
            let count = candidates.values.count
            lanes.forEach(Lanes.count) { lane in
                let part = Lanes.rows(of: lane, in: candidates.rows)
                let start = part.lowerBound * stride
                let own = target.pointer + part.lowerBound * candidates.columns
                let sums = padded.map { $0.pointer + start } ?? own
                Kernels.sumLanes(
                    sums, scorer.candidatePartials.pointer + start, tiling.own.count,
                    candidates.rows * stride, part.count * stride)
                guard padded != nil else { return }
                PaddedRows(count: part.count, width: problem.width).take(sums, times: 1, into: own)
            }
            guard !problem.leavesCandidatesApart else { return }
            ranks.treeSum(
                UnsafeMutableBufferPointer(start: $0, count: count),
                ofRanks: ranks.ranksWithLanes(of: tiling.lanes))
        }
        return ScoringResult.Gradients(queries: queries, candidates: gradient)
    }
}

extension ScoringPass {
    /// Calls `body` for each lane of this rank.
    private func forEachLane(of tiling: Tiling, _ body: @Sendable (Int) -> Void) {
        let first = tiling.own.lowerBound
        lanes.forEach(tiling.own.count) { body(first + $0) }
    }
}

/// How a problem is cut, by its size alone.
struct Tiling {
    /// Lanes that work at the same time; each holds a partial gradient of the candidates.
    let lanes: Int
    /// Those of this rank.
    let own: Range<Int>
    /// Rows that are scored at once.
    let tileRows: Int
    /// From one row of scores to the next.
    let stride: Int

    /// Floats of all lanes' partial gradients: about 64 MiB, so that a corpus of 100,000 × 64 fits
    /// twice.
    private static let partialCapacity = 16 << 20
    /// Floats of a tile: what leaves room in a level-2 cache.
    private static let tileCapacity = 256 << 10

    init(_ problem: InBatchProblem, _ ranks: any Communicator = SingleProcess()) {
        lanes = Self.lanes(
            of: problem.rows, candidates: problem.candidates.rows,
            dimension: problem.candidates.columns)
        own = ranks.lanes(of: lanes)
        let columns = problem.candidates.rows + 1
        // Rows a power of two apart would compete for the same places in the caches.
        stride = (columns + 15) / 16 * 16 + 16
        let most = min(48, max(24, Self.tileCapacity / (stride * problem.heads) / 12 * 12))
        // Tiles of one lane are nearly equal, in multiples of what the kernels take at once.
        let laneRows = (problem.rows + max(1, lanes) - 1) / max(1, lanes)
        let tiles = max(1, (laneRows + most - 1) / most)
        tileRows = max(1, min(most, ((laneRows + tiles - 1) / tiles + 11) / 12 * 12))
    }

    /// Into how many lanes some rows are cut: a power of two, of which ranks can each have as many,
    /// unless there are fewer rows than lanes.
    ///
    /// - Parameters:
    ///   - candidates: those of the batch, whose gradient each lane sums in padded rows.
    ///   - dimension: of their embeddings.
    static func lanes(of rows: Int, candidates: Int, dimension: Int) -> Int {
        let numbers = candidates * PaddedWidth(dimension).stride
        let most = min(Lanes.count, max(1, partialCapacity / max(1, numbers)))
        var lanes = 1
        while lanes < most { lanes *= 2 }
        return min(lanes, rows)
    }

    /// Where each rank's rows begin, and where the last one's end.
    func rowOffsets(_ ranks: any Communicator, in rows: Int) -> [Int] {
        guard lanes > 0 else { return [Int](repeating: 0, count: ranks.size + 1) }
        return (0..<ranks.size).map { rows * ranks.lanes(of: lanes, at: $0).lowerBound / lanes }
            + [rows]
    }

    /// The rows of one lane.
    func rows(of lane: Int, in rows: Int) -> Range<Int> {
        (rows * lane / lanes)..<(rows * (lane + 1) / lanes)
    }
}
