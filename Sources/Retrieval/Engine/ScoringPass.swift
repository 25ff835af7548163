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
    let lanes: Lanes

    package struct Result {
        /// The unweighted loss of each example, in the batch's order.
        package var exampleLosses: [Float]
        /// Σ wᵢ·lᵢ, divided by the number of examples if the loss's reduction says so.
        package var loss: Double
        package var gradients: Gradients?
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
            tileRows: min(48, max(4, Self.tileCapacity / max(1, problem.candidates.rows))),
            wantsGradients: gradients)
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
            gradients: gradients ? scorer.sumGradients(lanes) : nil)
    }
}

/// The work of one lane, specialised for the loss.
private struct LaneScorer<L: Loss>: Sendable {
    let loss: L
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

    private var columns: Int { problem.candidates.rows }
    private var dimension: Int { problem.candidates.columns }

    init(
        loss: L, temperature: Float, transforms: RowTransforms, problem: InBatchProblem,
        tileRows: Int, wantsGradients: Bool
    ) {
        self.loss = loss
        self.temperature = temperature
        self.transforms = transforms
        self.problem = problem
        self.tileRows = tileRows
        self.wantsGradients = wantsGradients
        let examples = problem.examples
        let factor = loss.reduction == .sumOverBatchSize ? 1 / Float(examples.count) : 1
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
    }

    func run(lane: Int) {
        let rows = Lanes.rows(of: lane, in: problem.queries.rows)
        guard !rows.isEmpty else { return }
        let tile = LaneBuffer<Float>(uninitializedCount: tileRows * columns)
        let scratch = LaneBuffer<Float>(uninitializedCount: columns)
        var start = rows.lowerBound
        while start < rows.upperBound {
            let end = min(start + tileRows, rows.upperBound)
            score(start..<end, into: tile.pointer)
            for row in start..<end {
                let logits = UnsafeMutableBufferPointer(
                    start: tile.pointer + (row - start) * columns, count: columns)
                evaluate(row, logits, scratch.pointer)
            }
            if wantsGradients { accumulate(start..<end, tile.pointer, lane: lane) }
            start = end
        }
    }

    private func score(_ rows: Range<Int>, into tile: UnsafeMutablePointer<Float>) {
        problem.queries.values.withUnsafeBufferPointer { queries in
            tk_gemm_packed(
                rows.count, columns, dimension, queries.baseAddress! + rows.lowerBound * dimension,
                dimension, 1, packed.pointer, tile, columns, TK_OVERWRITE, nil)
        }
        guard temperature != 1 || problem.columnBias != nil else { return }
        for row in 0..<rows.count {
            tk_affine(tile + row * columns, columns, temperature, problem.columnBias)
        }
    }

    /// Evaluates the examples of a row; leaves the sum of their gradients in its logits.
    private func evaluate(
        _ row: Int, _ logits: UnsafeMutableBufferPointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let slots = problem.examples.offsets[row]..<problem.examples.offsets[row + 1]
        if let shared = loss as? any SharedRowLoss, transforms.canShare(shared, problem) {
            var span = logits.mutableSpan
            var rowLosses = UnsafeMutableBufferPointer(
                start: losses.pointer + slots.lowerBound, count: slots.count
            ).mutableSpan
            shared.evaluateShared(
                &span,
                row: SharedRow(
                    positives: problem.examples.positives[slots],
                    weights: gradientWeights[slots], counts: problem.counts,
                    columnCount: columnCount,
                    dropsCopiesOfPositive: transforms.columnIDs != nil),
                losses: &rowLosses)
        } else if slots.count == 1 {
            evaluate(slot: slots.lowerBound, logits)
        } else {
            evaluate(slots, sharing: logits, scratch)
        }
        if wantsGradients && temperature != 1 {
            tk_affine(logits.baseAddress, columns, temperature, nil)
        }
    }

    /// Examples that share a row but not its transforms: each on a copy of the scores.
    private func evaluate(
        _ slots: Range<Int>, sharing logits: UnsafeMutableBufferPointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let copy = UnsafeMutableBufferPointer(start: scratch, count: columns)
        let sum = LaneBuffer<Float>(repeating: 0, count: columns)
        for slot in slots {
            _ = copy.update(fromContentsOf: logits)
            evaluate(slot: slot, copy)
            tk_axpy(sum.pointer, scratch, 1, columns)
        }
        logits.baseAddress!.update(from: sum.pointer, count: columns)
    }

    /// One example on a row of its own: transforms, loss, and the gradient back through them.
    private func evaluate(slot: Int, _ logits: UnsafeMutableBufferPointer<Float>) {
        let positive = problem.examples.positives[slot]
        let example = Int(problem.examples.batchIndex[slot])
        transforms.removeAccidentalHits(logits, positive: positive)
        transforms.applyMask(logits, example: example)
        if let mined = transforms.minedColumns(logits, positive: positive) {
            evaluate(slot: slot, mined: mined, of: logits)
        } else {
            let label = positive < 0 ? nil : Int(positive)
            var span = logits.mutableSpan
            losses.pointer[slot] = loss.evaluate(
                &span,
                labels: problem.counts.map {
                    RowLabels(positive: label, counts: $0, columnCount: columnCount)
                } ?? RowLabels(positive: label, columns: columns))
        }
        transforms.maskGradient(logits, example: example)
        let weight = gradientWeights[slot]
        if weight != 1 { tk_scale(logits.baseAddress, columns, weight) }
    }

    private func evaluate(
        slot: Int, mined: [Int32], of logits: UnsafeMutableBufferPointer<Float>
    ) {
        let positive = problem.examples.positives[slot]
        var kept = mined.map { logits[Int($0)] }
        var span = kept.mutableSpan
        losses.pointer[slot] = loss.evaluate(
            &span,
            labels: RowLabels(positive: mined.firstIndex(of: positive), columns: mined.count))
        logits.update(repeating: 0)
        for (index, column) in mined.enumerated() { logits[Int(column)] = kept[index] }
    }

    private func accumulate(_ rows: Range<Int>, _ tile: UnsafePointer<Float>, lane: Int) {
        let candidates = problem.candidates.values
        let start = rows.lowerBound * dimension
        tk_gemm_rowmajor_b(
            rows.count, dimension, columns, tile, columns, 1, candidates, dimension,
            queryGradient.pointer + start, dimension, TK_OVERWRITE, nil)
        problem.queries.values.withUnsafeBufferPointer { queries in
            tk_gemm_rowmajor_b(
                columns, dimension, rows.count, tile, 1, columns, queries.baseAddress! + start,
                dimension, candidatePartials.pointer + lane * candidates.count, dimension,
                TK_ACCUMULATE, nil)
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
