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

    /// Whether a mask hides the same from all examples of a row.
    func seeAlike(_ slots: Range<Int>) -> Bool {
        guard case .seen(let seen)? = transforms.mask else { return transforms.mask == nil }
        let examples = problem.examples.batchIndex
        return slots.allSatisfy {
            seen.areAlike(Int(examples[$0]), Int(examples[slots.lowerBound]))
        }
    }

    /// The examples of a row that nothing but mining tells from each other, for a mask hides the
    /// same from all: what is hardest for one is among what is hardest for all.
    func mine(
        _ slots: Range<Int>, _ logits: UnsafeMutablePointer<Float>, _ scratch: inout Scratch
    ) {
        guard let numHardNegatives = transforms.numHardNegatives else { return }
        let kept = keptColumns(numHardNegatives)
        let row = UnsafeMutableBufferPointer(start: logits, count: columns)
        let copy = UnsafeMutableBufferPointer(start: scratch.rows.pointer, count: columns)
        _ = copy.update(fromContentsOf: row)
        hide(from: slots.lowerBound, row)
        // One more than stay, should the positive not be among them.
        problem.counts.withPointer { scratch.shortlist.find(in: row, $0, atLeast: kept + 1) }
        share(slots, kept: kept, seen: row, scores: copy, &scratch.mined, scratch.shortlist)
        row.update(repeating: 0)
        if let minedLoss {
            evaluate(&scratch.mined.leading, by: minedLoss, kept: kept, scratch.lent, into: row)
            evaluate(&scratch.mined.trailing, by: minedLoss, kept: kept, scratch.lent, into: row)
        }
        for index in scratch.mined.others.indices {
            mineAlone(scratch.mined.others[index], kept: kept, into: row, &scratch)
        }
    }

    /// Hides from a row what a mask hides from the example of a slot.
    private func hide(from slot: Int, _ row: UnsafeMutableBufferPointer<Float>) {
        guard case .seen(let seen)? = transforms.mask else { return }
        seen.forEachColumn(ofExample: Int(problem.examples.batchIndex[slot])) {
            row[Int($0)] = RemovedScore.value
        }
    }

    /// Finds out which examples are left the same columns.
    ///
    /// - Parameters:
    ///   - seen: the row with what is hidden.
    ///   - scores: the row as it was.
    private func share(
        _ slots: Range<Int>, kept: Int, seen: UnsafeMutableBufferPointer<Float>,
        scores: UnsafeMutableBufferPointer<Float>, _ mined: inout MinedRows,
        _ hardest: HardestColumns
    ) {
        let canHide = loss.supportsCounts && minedLoss?.canDropCopiesOfPositive == true
        mined.start(hardest, kept: kept, isShared: minedLoss != nil, canHide: canHide)
        for slot in slots {
            let column = problem.examples.positives[slot]
            let score = column < 0 ? nil : scores[Int(column)]
            mined.add(
                slot, score.map { (column, $0) }, weight: gradientWeights[slot],
                isHidden: column >= 0 && transforms.mask != nil
                    && seen[Int(column)] == RemovedScore.value)
        }
    }

    /// Evaluates the examples that were left the same columns.
    private func evaluate(
        _ mined: inout MinedRow, by loss: any SharedRowLoss, kept: Int, _ lent: RowScratch,
        into row: UnsafeMutableBufferPointer<Float>
    ) {
        guard !mined.slots.isEmpty else { return }
        var shared = SharedRow(
            positives: mined.positives[...], weights: mined.weights[...],
            counts: loss.supportsCounts ? mined.counts : nil, columnCount: Float(kept),
            dropsCopiesOfPositive: false)
        shared.scratch = lent
        // Out of the row while they are written to, and back for their memory.
        var (scores, found): ([Float], [Float]) = ([], [])
        swap(&scores, &mined.scores)
        swap(&found, &mined.losses)
        var scoreSpan = scores.mutableSpan
        var lossSpan = found.mutableSpan
        let factor = loss.evaluateShared(&scoreSpan, row: shared, losses: &lossSpan)
        for (index, column) in mined.columns.enumerated() {
            row[Int(column)] += factor * scores[index]
        }
        for (index, slot) in mined.slots.enumerated() { losses.pointer[slot] = found[index] }
        swap(&scores, &mined.scores)
        swap(&found, &mined.losses)
    }

    /// One of the examples that nothing but mining tells from each other, of whose row as it was
    /// there is a copy; adds its gradient to the row.
    private func mineAlone(
        _ slot: Int, kept: Int, into row: UnsafeMutableBufferPointer<Float>,
        _ scratch: inout Scratch
    ) {
        let copy = scratch.rows.pointer
        let positive = problem.examples.positives[slot]
        let weight = gradientWeights[slot]
        if transforms.mask == nil,
            scratch.miner.take(
                scratch.shortlist, positive: positive,
                score: positive < 0 ? nil : copy[Int(positive)], kept: kept)
        {
            evaluateMined(slot: slot, kept: kept, &scratch) {
                // The positive's other copies are scored where it is.
                row[$0 == columns ? Int(positive) : $0] += weight * $1
            }
        } else {
            let single = copy + tiling.stride
            single.update(from: copy, count: columns)
            evaluate(slot: slot, single, &scratch)
            Kernels.axpy(row.baseAddress, single, 1, columns)
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
