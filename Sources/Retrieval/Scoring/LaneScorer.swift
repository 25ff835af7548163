/// The work of one lane of a ``ScoringPass``, specialised for the loss.
struct LaneScorer<L: Loss>: Sendable {
    let loss: L
    /// The loss, where it may serve all examples of a row from one pass.
    private let sharedLoss: (any SharedRowLoss)?
    private let temperature: Float
    let transforms: RowTransforms
    let problem: InBatchProblem
    let tiling: Tiling
    private let wantsGradients: Bool
    private let reductionFactor: Float
    let columnCount: Float
    /// Whether the positive's other copies get a column of their own, for the transforms.
    let splitsCopies: Bool
    /// Sample weights times the reduction's factor, grouped as the examples are.
    let gradientWeights: [Float]
    /// The candidates, packed once for all lanes.
    private let packed: LaneBuffer<Float>
    /// The same for the product with their gradient, which sums over them; nil where they are so
    /// many that another copy costs more memory than it is worth, or no gradient is wanted.
    private let packedForGradient: LaneBuffer<Float>?
    /// The unweighted losses, grouped as the examples are.
    let losses: LaneBuffer<Float>
    /// One gradient of the candidates for each lane, in padded rows.
    let candidatePartials: LaneBuffer<Float>
    let measurements: LaneMeasurements
    private let pool: BufferPool

    /// Whether the hardest columns of a row are found once for its examples.
    private let minesTogether: Bool
    /// The loss, where it may serve the examples of a row that were left the same columns.
    let minedLoss: (any SharedRowLoss)?
    /// As ``SharedRow/alike``.
    private let alikeColumns: Int

    var columns: Int { problem.candidates.rows }
    private var dimension: Int { problem.candidates.columns }
    private var width: PaddedWidth { problem.width }
    private var heads: Int { problem.heads }

    init(
        loss: L, temperature: Float, transforms: RowTransforms, problem: InBatchProblem,
        tiling: Tiling, wantsGradients: Bool, batchMetrics: [any BatchMetric], pool: BufferPool,
        lanes: Lanes
    ) {
        self.loss = loss
        let shared = loss as? any SharedRowLoss
        let canShare =
            batchMetrics.isEmpty && shared.map { transforms.canShare($0, problem) } == true
        sharedLoss = canShare ? shared : nil
        // A row whose examples cannot share it after all is evaluated as if none could.
        let mayNotShare = !canShare || transforms.mask != nil
        splitsCopies = mayNotShare && problem.counts != nil && !transforms.areNone
        self.temperature = temperature
        self.transforms = transforms
        self.problem = problem
        self.tiling = tiling
        self.wantsGradients = wantsGradients
        let examples = problem.examples
        let isMean = loss.reduction == .sumOverBatchSize && examples.count > 0
        let factor = isMean ? 1 / Float(examples.count) : 1
        reductionFactor = factor
        columnCount = problem.columnCount
        let kept = RowTransforms.keptColumns(
            of: Int(columnCount), numHardNegatives: transforms.numHardNegatives)
        minesTogether =
            transforms.canMineTogether && kept > 0
            && HardestColumns.isWorthwhile(kept + 1, ofColumns: problem.candidates.rows)
        minedLoss = batchMetrics.isEmpty ? shared : nil
        alikeColumns =
            transforms.mask != nil
            ? 0
            : problem.counts == nil
                ? ColumnOrder.inBlocks(problem.candidates.rows) : problem.alikeColumns
        gradientWeights =
            factor == 1 ? examples.weights : examples.weights.map { $0 * factor }
        self.pool = pool
        packed = pool.take(
            Kernels.packedSize(problem.candidates.rows, problem.candidates.columns))
        PackedColumns.pack(problem.candidates, into: packed, lanes)
        packedForGradient =
            wantsGradients
            ? PackedColumns.packForSum(problem.candidates, upTo: 4 << 20, from: pool, lanes) : nil
        losses = pool.take(examples.count)
        candidatePartials = pool.take(
            wantsGradients
                ? tiling.own.count * problem.candidates.rows * problem.width.stride : 0)
        measurements = LaneMeasurements(of: batchMetrics)
    }

    /// - Parameter queryGradient: where the gradient of all queries goes; nil without gradients.
    func run(lane: Int, queryGradient: UnsafeMutablePointer<Float>?) {
        let rows = tiling.rows(of: lane, in: problem.rows)
        let tile = pool.take(tiling.tileRows * tiling.stride)
        let headTile = heads > 1 ? pool.take(tiling.tileRows * heads * tiling.stride) : nil
        let rowSize = wantsGradients ? tiling.tileRows * heads * width.stride : 0
        let (queries, sums) = (pool.take(rowSize), pool.take(rowSize))
        let factors = pool.take(tiling.tileRows)
        let slots =
            problem.examples.offsets[rows.lowerBound]..<problem.examples.offsets[rows.upperBound]
        var scratch = Scratch(
            metrics: measurements.makeRuns(),
            counts: splitsCopies ? (problem.counts ?? []) + [0] : [],
            rows: pool.take(2 * tiling.stride),
            own: LaneExamples(slots, of: problem, weights: gradientWeights))
        defer {
            for buffer in [tile, queries, sums, factors, scratch.rows] { pool.give(buffer) }
            if let headTile { pool.give(headTile) }
        }
        var start = rows.lowerBound
        while start < rows.upperBound {
            let end = min(start + tiling.tileRows, rows.upperBound)
            score(start..<end, into: tile.pointer, headTile?.pointer)
            for row in start..<end {
                factors.pointer[row - start] = evaluate(
                    row, tile.pointer + (row - start) * tiling.stride, &scratch)
            }
            if let queryGradient {
                accumulate(
                    start..<end, tile.pointer, headTile?.pointer, factors.pointer,
                    queries.pointer, sums.pointer, queryGradient, lane: lane,
                    isFirst: start == rows.lowerBound)
            }
            start = end
        }
        measurements.store(scratch.metrics, lane: lane)
    }

    /// Each example's loss in the batch's order.
    func exampleLosses(_ ranks: any Communicator) -> [Float] {
        let examples = problem.examples
        ranks.allGatherRows(
            losses.pointer, width: 1,
            offsets: tiling.rowOffsets(ranks, in: problem.rows).map { examples.offsets[$0] })
        return [Float](unsafeUninitializedCapacity: examples.count) { result, count in
            for slot in 0..<examples.count {
                result[Int(examples.batchIndex[slot])] = losses.pointer[slot]
            }
            count = examples.count
        }
    }

    /// The reduced loss.
    func loss(_ ranks: any Communicator) -> Double {
        let examples = problem.examples
        let sums = tiling.own.map { lane -> Double? in
            let rows = tiling.rows(of: lane, in: problem.rows)
            return examples.weightedSum(
                of: losses.pointer,
                at: examples.offsets[rows.lowerBound]..<examples.offsets[rows.upperBound])
        }
        let own = Lanes.treeSum(sums) { $0 += $1 } ?? 0
        return ranks.treeSum(own, ofRanks: ranks.ranksWithLanes(of: tiling.lanes))
            * Double(reductionFactor)
    }

    /// To be called when nothing of the scorer is used any more.
    func giveBuffersBack() {
        for buffer in [packed, losses, candidatePartials] { pool.give(buffer) }
        if let packedForGradient { pool.give(packedForGradient) }
    }

    private func score(
        _ rows: Range<Int>, into tile: UnsafeMutablePointer<Float>,
        _ headTile: UnsafeMutablePointer<Float>?
    ) {
        withQueries(rows) { queries in
            Kernels.gemmPacked(
                rows.count * heads, columns, dimension, queries, dimension, 1, packed.pointer,
                headTile ?? tile, tiling.stride, .zero, nil)
        }
        if let headTile {
            headScores.maximize(headTile, rows: rows.count, into: tile)
        }
        if let bias = problem.pairBias {
            bias.withUnsafeBufferPointer { bias in
                for row in rows {
                    Kernels.affine(
                        tile + (row - rows.lowerBound) * tiling.stride, columns, temperature,
                        bias.baseAddress.map { $0 + row * columns })
                }
            }
            return
        }
        guard temperature != 1 || problem.columnBias != nil else { return }
        for row in 0..<rows.count {
            Kernels.affine(tile + row * tiling.stride, columns, temperature, problem.columnBias)
        }
    }

    private var headScores: HeadScores {
        HeadScores(heads: heads, columns: columns, stride: tiling.stride)
    }

    /// The embeddings of the heads of some rows.
    private func withQueries(_ rows: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
        problem.queries.values.withUnsafeBufferPointer { queries in
            // Embeddings of no dimension have no memory; nothing is read of what stands in.
            let start = queries.baseAddress ?? UnsafePointer(packed.pointer)
            body(start + (rows.lowerBound - problem.firstRow) * heads * dimension)
        }
    }

    /// Evaluates the examples of a row; leaves the sum of their gradients in its logits, but for
    /// a factor that it returns.
    private func evaluate(
        _ row: Int, _ logits: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
    ) -> Float {
        let slots = problem.examples.offsets[row]..<problem.examples.offsets[row + 1]
        if let sharedLoss, hide(slots, logits, &scratch.visible) {
            var span = UnsafeMutableBufferPointer(start: logits, count: columns).mutableSpan
            var rowLosses = UnsafeMutableBufferPointer(
                start: losses.pointer + slots.lowerBound, count: slots.count
            ).mutableSpan
            var shared = SharedRow(
                positives: scratch.own.positives(slots), weights: scratch.own.weights(slots),
                counts: transforms.mask == nil ? scratch.own.counts : scratch.visible.counts,
                columnCount: columnCount,
                dropsCopiesOfPositive: transforms.columnIDs != nil)
            shared.alike = alikeColumns
            shared.scratch = scratch.lent
            let factor = sharedLoss.evaluateShared(&span, row: shared, losses: &rowLosses)
            return factor / temperature
        } else if minesTogether, seeAlike(slots) {
            mine(slots, logits, &scratch)
        } else if slots.count == 1 {
            evaluate(slot: slots.lowerBound, logits, &scratch)
        } else {
            evaluate(slots, sharing: logits, &scratch)
        }
        return 1 / temperature
    }

    /// Counts what a row's examples see; false where they cannot share it.
    private func hide(
        _ slots: Range<Int>, _ logits: UnsafePointer<Float>, _ visible: inout VisibleCounts
    ) -> Bool {
        guard case .seen(let seen)? = transforms.mask else { return transforms.mask == nil }
        return visible.hide(
            seen, examples: problem.examples.batchIndex[slots],
            scores: UnsafeBufferPointer(start: logits, count: columns), counts: problem.counts)
    }

    /// Examples that share a row but not its transforms: each on a copy of the scores.
    private func evaluate(
        _ slots: Range<Int>, sharing logits: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
    ) {
        let copy = scratch.rows.pointer
        let sum = copy + tiling.stride
        sum.update(repeating: 0, count: columns)
        for slot in slots {
            copy.update(from: logits, count: columns)
            evaluate(slot: slot, copy, &scratch)
            Kernels.axpy(sum, copy, 1, columns)
        }
        logits.update(from: sum, count: columns)
    }

    /// One example on a row of its own: transforms, loss, and the gradient back through them.
    ///
    /// - Parameter logits: the columns, and room for one more.
    func evaluate(
        slot: Int, _ logits: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
    ) {
        let positive = problem.examples.positives[slot]
        let example = Int(problem.examples.batchIndex[slot])
        let copies = splitCopies(ofPositive: positive, logits, &scratch)
        transforms.removeAccidentalHits(
            logits, columns: columns, positive: positive, copies: copies)
        transforms.applyMask(
            logits, columns: columns, example: example, positive: positive, copies: copies)
        let row = UnsafeMutableBufferPointer(
            start: logits, count: copies == nil ? columns : columns + 1)
        if let numHardNegatives = transforms.numHardNegatives {
            mine(numHardNegatives, slot: slot, row, &scratch)
        } else {
            let label = positive < 0 ? nil : Int(positive)
            let counts = splitsCopies ? scratch.counts : problem.counts
            var labels =
                counts.map {
                    RowLabels(positive: label, counts: $0, columnCount: columnCount)
                } ?? RowLabels(positive: label, columns: columns)
            labels.scratch = scratch.lent
            measure(slot: slot, row.span, labels, &scratch.metrics)
            var span = row.mutableSpan
            losses.pointer[slot] = loss.evaluate(&span, labels: labels)
        }
        transforms.maskGradient(
            logits, columns: columns, example: example, positive: positive, copies: copies)
        if let copies {
            let own = Int(positive)
            logits[own] += logits[copies]
            scratch.counts[own] += scratch.counts[copies]
            scratch.counts[copies] = 0
        }
        let weight = gradientWeights[slot]
        if weight != 1 { Kernels.scale(logits, columns, weight) }
    }

    /// Gives the positive's other copies a column of their own, the one after the last, if there
    /// are any, and returns it.
    private func splitCopies(
        ofPositive positive: Int32, _ logits: UnsafeMutablePointer<Float>,
        _ scratch: inout Scratch
    ) -> Int? {
        guard splitsCopies, positive >= 0 else { return nil }
        let own = Int(positive)
        let others = scratch.counts[own] - 1
        guard others > 0 else { return nil }
        logits[columns] = logits[own]
        scratch.counts[own] = 1
        scratch.counts[columns] = others
        return columns
    }

    func measure(
        slot: Int, _ logits: Span<Float>, _ labels: RowLabels, _ metrics: inout [BatchMetricRun]
    ) {
        for index in metrics.indices {
            metrics[index].measure(
                logits, labels: labels, weight: problem.examples.weights[slot])
        }
    }

    /// Takes a tile's gradient back to its queries, and adds it to the lane's partial of the
    /// candidates, which the lane's first tile begins.
    ///
    /// - Parameters:
    ///   - factors: what each row's gradient is to be multiplied with: cheaper done to its query
    ///     and to that one's gradient than to thousands of columns.
    ///   - copy: room for the queries so multiplied, in padded rows: whole tiles of a product take
    ///     less than what is copied to and from the ends of others.
    ///   - sums: as much room for the queries' gradient before it is.
    private func accumulate(
        _ rows: Range<Int>, _ tile: UnsafePointer<Float>,
        _ headTile: UnsafeMutablePointer<Float>?, _ factors: UnsafePointer<Float>,
        _ copy: UnsafeMutablePointer<Float>, _ sums: UnsafeMutablePointer<Float>,
        _ queryGradient: UnsafeMutablePointer<Float>, lane: Int, isFirst: Bool
    ) {
        if let headTile { headScores.distribute(tile, rows: rows.count, over: headTile) }
        let gradient = headTile.map { UnsafePointer($0) } ?? tile
        let (height, stride) = (rows.count * heads, tiling.stride)
        let all = PaddedRows(count: height, width: width)
        if let packedForGradient {
            all.multiply(
                gradient, stride: stride, inner: columns, packed: packedForGradient.pointer,
                into: sums)
        } else {
            Kernels.gemmRowMajor(
                height, dimension, columns, gradient, stride, 1, problem.candidates.values,
                dimension, sums, width.stride, .zero, nil)
        }
        let own =
            queryGradient + (rows.lowerBound - problem.firstRow) * heads * dimension
        let row = PaddedRows(count: heads, width: width)
        withQueries(rows) { queries in
            for index in 0..<rows.count {
                let (from, padded) = (index * heads * dimension, index * heads * width.stride)
                row.take(sums + padded, times: factors[index], into: own + from)
                row.place(
                    queries + from, times: factors[index], plus: nil, at: nil, into: copy + padded)
            }
        }
        all.multiplyTransposed(
            gradient, stride: stride, columns: columns, by: copy,
            into: candidatePartials.pointer
                + (lane - tiling.own.lowerBound) * columns * width.stride,
            adding: !isFirst)
    }
}
