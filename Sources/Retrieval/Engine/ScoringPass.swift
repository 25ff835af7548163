import CKernels

/// Scores a batch tile by tile, evaluates the loss of every example and takes the gradient back to
/// both embeddings, without ever holding all rows × columns scores.
///
/// Rows are cut into ``Lanes/count`` lanes by their number alone; each lane sums the candidates'
/// gradient into a partial of its own, and the partials are added in order. So the bits do not
/// depend on how many threads run.
package struct ScoringPass {
    let loss: any Loss
    let temperature: Float
    let transforms: RowTransforms
    /// Metrics that measure every example's row before the loss does.
    let batchMetrics: [any BatchMetric]
    let lanes: Lanes

    package struct Result {
        /// The unweighted loss of each example, in the batch's order.
        package var exampleLosses: [Float]
        /// Σ wᵢ·lᵢ, divided by the number of examples if the loss's reduction says so.
        package var loss: Double
        package var gradients: Gradients?
        /// What the batch metrics measured, in their order.
        package var batchMetrics: [BatchMetricRun]
    }

    package struct Gradients {
        package var queries: Matrix
        package var candidates: Matrix
    }

    /// Floats of a tile of scores: what leaves room in a 1 MiB level-2 cache.
    private static let tileCapacity = 96 * 1024

    func run(_ problem: InBatchProblem, gradients: Bool) -> Result {
        open(loss, problem, gradients: gradients)
    }

    private func open<L: Loss>(_ loss: L, _ problem: InBatchProblem, gradients: Bool) -> Result {
        let scorer = LaneScorer(
            loss: loss, temperature: temperature, transforms: transforms, problem: problem,
            tileRows: min(
                48, max(4, Self.tileCapacity / max(1, problem.candidates.rows * problem.heads))),
            wantsGradients: gradients, batchMetrics: batchMetrics)
        lanes.forEach(Lanes.count) { scorer.run(lane: $0) }

        let examples = problem.examples
        var exampleLosses = [Float](repeating: 0, count: examples.count)
        var total = 0.0
        for slot in 0..<examples.count {
            let value = scorer.losses.pointer[slot]
            exampleLosses[Int(examples.batchIndex[slot])] = value
            total += Double(examples.weights[slot] * value)
        }
        return Result(
            exampleLosses: exampleLosses, loss: total * Double(scorer.reductionFactor),
            gradients: gradients ? scorer.sumGradients(lanes) : nil,
            batchMetrics: scorer.measurements.merged())
    }
}

/// The work of one lane, specialised for the loss.
private struct LaneScorer<L: Loss>: Sendable {
    let loss: L
    /// The loss, where it may serve all examples of a row from one pass.
    let sharedLoss: (any SharedRowLoss)?
    let temperature: Float
    let transforms: RowTransforms
    let problem: InBatchProblem
    let tileRows: Int
    let wantsGradients: Bool
    let reductionFactor: Float
    let columnCount: Float
    /// Sample weights times the reduction's factor, grouped as the examples are.
    let gradientWeights: [Float]
    /// The candidates, packed once for all lanes.
    let packed: LaneBuffer<Float>
    /// The unweighted losses, grouped as the examples are.
    let losses: LaneBuffer<Float>
    let queryGradient: LaneBuffer<Float>
    let candidatePartials: LaneBuffer<Float>
    let measurements: LaneMeasurements

    private var columns: Int { problem.candidates.rows }
    private var dimension: Int { problem.candidates.columns }
    private var heads: Int { problem.heads }

    init(
        loss: L, temperature: Float, transforms: RowTransforms, problem: InBatchProblem,
        tileRows: Int, wantsGradients: Bool, batchMetrics: [any BatchMetric]
    ) {
        self.loss = loss
        let shared = loss as? any SharedRowLoss
        let canShare =
            batchMetrics.isEmpty && shared.map { transforms.canShare($0, problem) } == true
        sharedLoss = canShare ? shared : nil
        self.temperature = temperature
        self.transforms = transforms
        self.problem = problem
        self.tileRows = tileRows
        self.wantsGradients = wantsGradients
        let examples = problem.examples
        let isMean = loss.reduction == .sumOverBatchSize && examples.count > 0
        let factor = isMean ? 1 / Float(examples.count) : 1
        reductionFactor = factor
        columnCount = problem.columnCount
        gradientWeights =
            factor == 1 ? examples.weights : examples.weights.map { $0 * factor }
        packed = PackedColumns.pack(problem.candidates)
        losses = LaneBuffer(repeating: 0, count: examples.count)
        queryGradient = LaneBuffer(
            repeating: 0, count: wantsGradients ? problem.queries.values.count : 0)
        candidatePartials = LaneBuffer(
            repeating: 0,
            count: wantsGradients ? Lanes.count * problem.candidates.values.count : 0)
        measurements = LaneMeasurements(of: batchMetrics)
    }

    func run(lane: Int) {
        let rows = Lanes.rows(of: lane, in: problem.rows)
        guard !rows.isEmpty else { return }
        let tile = LaneBuffer<Float>(uninitializedCount: tileRows * columns)
        let headTile =
            heads > 1 ? LaneBuffer<Float>(uninitializedCount: tileRows * heads * columns) : nil
        var metrics = measurements.makeRuns()
        let scratch = LaneBuffer<Float>(uninitializedCount: 2 * columns)
        var start = rows.lowerBound
        while start < rows.upperBound {
            let end = min(start + tileRows, rows.upperBound)
            score(start..<end, into: tile.pointer, headTile?.pointer)
            for row in start..<end {
                let logits = UnsafeMutableBufferPointer(
                    start: tile.pointer + (row - start) * columns, count: columns)
                evaluate(row, logits, scratch.pointer, &metrics)
            }
            if wantsGradients {
                accumulate(start..<end, tile.pointer, headTile?.pointer, lane: lane)
            }
            start = end
        }
        measurements.store(metrics, lane: lane)
    }

    private func score(
        _ rows: Range<Int>, into tile: UnsafeMutablePointer<Float>,
        _ headTile: UnsafeMutablePointer<Float>?
    ) {
        withQueries(rows) { queries in
            tk_gemm_packed(
                rows.count * heads, columns, dimension, queries, dimension, 1, packed.pointer,
                headTile ?? tile, columns, TK_OVERWRITE, nil)
        }
        if let headTile {
            let scores = HeadScores(heads: heads, columns: columns)
            scores.maximize(headTile, rows: rows.count, into: tile)
        }
        guard temperature != 1 || problem.columnBias != nil else { return }
        for row in 0..<rows.count {
            tk_affine(tile + row * columns, columns, temperature, problem.columnBias)
        }
    }

    /// The embeddings of the heads of some rows.
    private func withQueries(_ rows: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
        problem.queries.values.withUnsafeBufferPointer { queries in
            // Embeddings of no dimension have no memory; nothing is read of what stands in.
            let start = queries.baseAddress ?? UnsafePointer(packed.pointer)
            body(start + rows.lowerBound * heads * dimension)
        }
    }

    /// Evaluates the examples of a row; leaves the sum of their gradients in its logits.
    private func evaluate(
        _ row: Int, _ logits: UnsafeMutableBufferPointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>, _ metrics: inout [BatchMetricRun]
    ) {
        let slots = problem.examples.offsets[row]..<problem.examples.offsets[row + 1]
        if let sharedLoss {
            var span = logits.mutableSpan
            var rowLosses = UnsafeMutableBufferPointer(
                start: losses.pointer + slots.lowerBound, count: slots.count
            ).mutableSpan
            sharedLoss.evaluateShared(
                &span,
                row: SharedRow(
                    positives: problem.examples.positives[slots],
                    weights: gradientWeights[slots], counts: problem.counts,
                    columnCount: columnCount,
                    dropsCopiesOfPositive: transforms.columnIDs != nil),
                losses: &rowLosses)
        } else if slots.count == 1 {
            evaluate(slot: slots.lowerBound, logits, &metrics)
        } else {
            evaluate(slots, sharing: logits, scratch, &metrics)
        }
        if wantsGradients && temperature != 1 {
            tk_affine(logits.baseAddress, columns, temperature, nil)
        }
    }

    /// Examples that share a row but not its transforms: each on a copy of the scores.
    ///
    /// - Parameter scratch: two rows.
    private func evaluate(
        _ slots: Range<Int>, sharing logits: UnsafeMutableBufferPointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>, _ metrics: inout [BatchMetricRun]
    ) {
        let copy = UnsafeMutableBufferPointer(start: scratch, count: columns)
        let sum = scratch + columns
        sum.update(repeating: 0, count: columns)
        for slot in slots {
            _ = copy.update(fromContentsOf: logits)
            evaluate(slot: slot, copy, &metrics)
            tk_axpy(sum, scratch, 1, columns)
        }
        logits.baseAddress!.update(from: sum, count: columns)
    }

    /// One example on a row of its own: transforms, loss, and the gradient back through them.
    private func evaluate(
        slot: Int, _ logits: UnsafeMutableBufferPointer<Float>,
        _ metrics: inout [BatchMetricRun]
    ) {
        let positive = problem.examples.positives[slot]
        let example = Int(problem.examples.batchIndex[slot])
        transforms.removeAccidentalHits(logits, positive: positive)
        transforms.applyMask(logits, example: example)
        if let mined = transforms.minedColumns(logits, positive: positive) {
            evaluate(slot: slot, mined: mined, of: logits, &metrics)
        } else {
            let label = positive < 0 ? nil : Int(positive)
            let labels =
                problem.counts.map {
                    RowLabels(positive: label, counts: $0, columnCount: columnCount)
                } ?? RowLabels(positive: label, columns: columns)
            measure(slot: slot, logits.span, labels, &metrics)
            var span = logits.mutableSpan
            losses.pointer[slot] = loss.evaluate(&span, labels: labels)
        }
        transforms.maskGradient(logits, example: example)
        let weight = gradientWeights[slot]
        if weight != 1 { tk_scale(logits.baseAddress, columns, weight) }
    }

    private func evaluate(
        slot: Int, mined: [Int32], of logits: UnsafeMutableBufferPointer<Float>,
        _ metrics: inout [BatchMetricRun]
    ) {
        let positive = problem.examples.positives[slot]
        let labels = RowLabels(positive: mined.firstIndex(of: positive), columns: mined.count)
        var kept = mined.map { logits[Int($0)] }
        measure(slot: slot, kept.span, labels, &metrics)
        var span = kept.mutableSpan
        losses.pointer[slot] = loss.evaluate(&span, labels: labels)
        logits.update(repeating: 0)
        for (index, column) in mined.enumerated() { logits[Int(column)] = kept[index] }
    }

    private func measure(
        slot: Int, _ logits: Span<Float>, _ labels: RowLabels, _ metrics: inout [BatchMetricRun]
    ) {
        for index in metrics.indices {
            metrics[index].measure(
                logits, labels: labels, weight: problem.examples.weights[slot])
        }
    }

    private func accumulate(
        _ rows: Range<Int>, _ tile: UnsafePointer<Float>,
        _ headTile: UnsafeMutablePointer<Float>?, lane: Int
    ) {
        if let headTile {
            let scores = HeadScores(heads: heads, columns: columns)
            scores.distribute(tile, rows: rows.count, over: headTile)
        }
        let gradient = headTile.map { UnsafePointer($0) } ?? tile
        let candidates = problem.candidates.values
        tk_gemm_rowmajor_b(
            rows.count * heads, dimension, columns, gradient, columns, 1, candidates, dimension,
            queryGradient.pointer + rows.lowerBound * heads * dimension, dimension, TK_OVERWRITE,
            nil)
        withQueries(rows) { queries in
            tk_gemm_rowmajor_b(
                columns, dimension, rows.count * heads, gradient, 1, columns, queries, dimension,
                candidatePartials.pointer + lane * candidates.count, dimension, TK_ACCUMULATE,
                nil)
        }
    }

    func sumGradients(_ lanes: Lanes) -> ScoringPass.Gradients {
        let count = problem.candidates.values.count
        let candidates = Matrix(rows: columns, columns: dimension) {
            tk_sum_partials($0, candidatePartials.pointer, Lanes.count, count, count)
        }
        let queries = problem.queries
        return ScoringPass.Gradients(
            queries: Matrix(
                rows: queries.rows, columns: queries.columns, values: queryGradient.array),
            candidates: candidates)
    }
}

extension RowTransforms {
    /// Whether the loss may serve a row's examples together: their scores must be the same, up to
    /// copies of the positive that the loss knows how to leave out.
    fileprivate func canShare(_ loss: any SharedRowLoss, _ problem: InBatchProblem) -> Bool {
        guard mask == nil, numHardNegatives == nil else { return false }
        guard columnIDs != nil else { return true }
        return problem.counts != nil && loss.canDropCopiesOfPositive
    }
}
