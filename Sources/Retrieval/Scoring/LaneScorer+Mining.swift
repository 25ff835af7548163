/// Rows of which the loss sees the positive and the hardest negatives alone.
extension LaneScorer {
    /// Mines an example's row of its own, whose scores it replaces by their gradient.
    func mine(
        _ numHardNegatives: Int, slot: Int, _ row: UnsafeMutableBufferPointer<Float>,
        _ scratch: inout Scratch
    ) {
        let kept = keptColumns(numHardNegatives)
        scratch.counts.withUnsafeBufferPointer { counts in
            scratch.miner.mine(
                RowMiner.Row(
                    scores: row, counts: splitsCopies ? counts.baseAddress : nil,
                    positive: problem.examples.positives[slot],
                    example: problem.examples.batchIndex[slot], copies: problem.copies,
                    kept: kept))
        }
        row.update(repeating: 0)
        evaluateMined(slot: slot, kept: kept, &scratch) { row[$0] = $1 }
    }

    /// The examples of a row that nothing but mining tells from each other: what is hardest for one
    /// is among what is hardest for all.
    func mine(
        _ slots: Range<Int>, _ logits: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
    ) {
        guard let numHardNegatives = transforms.numHardNegatives else { return }
        let kept = keptColumns(numHardNegatives)
        let row = UnsafeMutableBufferPointer(start: logits, count: columns)
        let copy = UnsafeMutableBufferPointer(start: scratch.rows.pointer, count: columns)
        let single = scratch.rows.pointer + tiling.stride
        _ = copy.update(fromContentsOf: row)
        // One more than stay, should the positive not be among them.
        problem.counts.withPointer { scratch.shortlist.find(in: copy, $0, atLeast: kept + 1) }
        row.update(repeating: 0)
        for slot in slots {
            let weight = gradientWeights[slot]
            let positive = problem.examples.positives[slot]
            if scratch.miner.take(
                scratch.shortlist, positive: positive,
                score: positive < 0 ? nil : copy[Int(positive)], kept: kept)
            {
                evaluateMined(slot: slot, kept: kept, &scratch) {
                    // The positive's other copies are scored where it is.
                    row[$0 == columns ? Int(positive) : $0] += weight * $1
                }
            } else {
                single.update(from: scratch.rows.pointer, count: columns)
                evaluate(slot: slot, single, &scratch)
                Kernels.axpy(logits, single, 1, columns)
            }
        }
    }

    private func keptColumns(_ numHardNegatives: Int) -> Int {
        RowTransforms.keptColumns(of: Int(columnCount), numHardNegatives: numHardNegatives)
    }

    /// The loss of what the miner kept of a row; `add` is given the gradient of each column.
    private func evaluateMined(
        slot: Int, kept: Int, _ scratch: inout Scratch,
        add: (_ column: Int, _ gradient: Float) -> Void
    ) {
        var labels =
            splitsCopies
            ? RowLabels(
                positive: scratch.miner.positive, counts: scratch.miner.counts,
                columnCount: Float(kept))
            : RowLabels(positive: scratch.miner.positive, columns: kept)
        labels.scratch = scratch.lent
        // Out of the miner while they are written to, and back for their memory.
        var scores: [Float] = []
        swap(&scores, &scratch.miner.scores)
        measure(slot: slot, scores.span, labels, &scratch.metrics)
        var span = scores.mutableSpan
        losses.pointer[slot] = loss.evaluate(&span, labels: labels)
        for (index, column) in scratch.miner.columns.enumerated() {
            add(Int(column), scores[index])
        }
        swap(&scores, &scratch.miner.scores)
    }
}
