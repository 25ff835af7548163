/// What one block leaves of a pack for the way back.
struct AttentionBlockMemory {
    let normalized: RowPointer
    let scales: RowPointer
    let rows: CausalAttention.Rows
    /// Of all sequences of the pack.
    let weights: RowPointer
    let attended: RowPointer
    let networkNormalized: RowPointer
    let networkScales: RowPointer
    /// After the activation and what it drops.
    let hidden: RowPointer

    static func size(steps: Int, weights: Int, _ width: PaddedWidth) -> Int {
        7 * steps * width.stride + 2 * LaneArena.size(steps) + LaneArena.size(weights)
    }

    init(_ start: RowPointer, steps: Int, weights count: Int, _ width: PaddedWidth) {
        var arena = LaneArena(start)
        func rows() -> RowPointer { arena.take(rows: steps, of: width) }
        normalized = rows()
        scales = arena.take(steps)
        self.rows = CausalAttention.Rows(queries: rows(), keys: rows(), values: rows())
        weights = arena.take(count)
        attended = rows()
        networkNormalized = rows()
        networkScales = arena.take(steps)
        hidden = rows()
    }
}

/// What a lane needs while it works on a pack, whatever pack that is.
struct SelfAttentionScratch {
    /// The gradient of the blocks' numbers, or these.
    let vectors: RowPointer
    let change: RowPointer
    let inner: RowPointer
    let gradient: RowPointer
    let rows: CausalAttention.Rows
    let attention: RowPointer

    static func size(_ packs: SequencePacks, heads: Int, _ width: PaddedWidth) -> Int {
        7 * packs.mostSteps * width.stride
            + CausalAttention.scratchSize(steps: packs.longest, heads: heads, width: width)
    }

    init(_ start: RowPointer, _ packs: SequencePacks, _ width: PaddedWidth) {
        var arena = LaneArena(start)
        func rows() -> RowPointer { arena.take(rows: packs.mostSteps, of: width) }
        vectors = rows()
        change = rows()
        inner = rows()
        gradient = rows()
        self.rows = CausalAttention.Rows(queries: rows(), keys: rows(), values: rows())
        attention = arena.take(0)
    }
}

/// One pack of sequences on its way through the blocks, and back.
struct SelfAttentionPack {
    let batch: SequenceBatch
    let pack: SequencePack
    let kernels: SelfAttentionKernels
    /// What each step drops by, and where it stands; those of the whole batch.
    let ids: UnsafePointer<UInt64>?
    let positions: UnsafePointer<Int32>?
    let readers: Groups
    let scratch: SelfAttentionScratch

    private var width: PaddedWidth { kernels.width }
    private var rows: PaddedRows { PaddedRows(count: pack.steps.count, width: width) }
    private var rowIDs: UnsafePointer<UInt64>? { ids.map { $0 + pack.steps.lowerBound } }

    /// Numbers that one block leaves, all blocks, and the last normalization.
    static func memory(
        of batch: SequenceBatch, _ sequences: Range<Int>, heads: Int, blocks: Int,
        _ width: PaddedWidth
    ) -> (block: Int, all: Int) {
        let steps = batch.offsets[sequences.upperBound] - batch.offsets[sequences.lowerBound]
        let block = AttentionBlockMemory.size(
            steps: steps, weights: weightCount(of: batch, sequences, heads: heads), width)
        return (block, blocks * block + steps * width.stride + LaneArena.size(steps))
    }

    private static func weightCount(
        of batch: SequenceBatch, _ sequences: Range<Int>, heads: Int
    ) -> Int {
        sequences.reduce(0) {
            $0 + CausalAttention.weightCount(steps: batch.steps(of: $1).count, heads: heads)
        }
    }

    /// The memory of each block, and that of the last normalization.
    private struct Memory {
        let start: RowPointer
        let block: Int
        let steps: Int
        let weights: Int
        let blocks: Int
        let width: PaddedWidth

        subscript(block: Int) -> AttentionBlockMemory {
            AttentionBlockMemory(
                start + block * self.block, steps: steps, weights: weights, width)
        }

        var normalized: RowPointer { start + blocks * block }
        var scales: RowPointer { normalized + steps * width.stride }
    }

    private func memory(_ start: RowPointer) -> Memory {
        let size = Self.memory(
            of: batch, pack.sequences, heads: kernels.heads, blocks: kernels.blocks.count, width)
        return Memory(
            start: start, block: size.block, steps: pack.steps.count,
            weights: Self.weightCount(of: batch, pack.sequences, heads: kernels.heads),
            blocks: kernels.blocks.count, width: width)
    }

    /// Takes the pack through the blocks; leaves what the way back needs in `start`, and the places'
    /// vectors in `outputs`, those of the batch.
    func forward(_ start: RowPointer, outputs: RowPointer?) {
        let memory = memory(start)
        let x = scratch.vectors
        batch.vectors.values.withUnsafeBufferPointer {
            rows.place(
                $0.baseAddress! + pack.steps.lowerBound * width.numbers, times: kernels.scale,
                plus: kernels.positions, at: positions.map { $0 + pack.steps.lowerBound }, into: x)
        }
        rows.drop(x, kernels.site, ids: rowIDs, into: x)
        for (index, block) in kernels.blocks.enumerated() { forward(block, memory[index]) }
        rows.normalize(
            x, epsilon: SelfAttention.epsilon, into: memory.normalized, scales: memory.scales)
        guard let outputs else { return }
        rows.scale(memory.normalized, kernels.normalization, into: scratch.change)
        for step in pack.steps {
            let row = scratch.change + (step - pack.steps.lowerBound) * width.stride
            readers.forEach(of: step) {
                (outputs + Int($0) * width.numbers).update(from: row, count: width.numbers)
            }
        }
    }

    private func forward(_ block: SelfAttentionKernels.Block, _ memory: AttentionBlockMemory) {
        let (x, change) = (scratch.vectors, scratch.change)
        rows.normalize(
            x, epsilon: SelfAttention.epsilon, into: memory.normalized, scales: memory.scales)
        rows.multiply(memory.normalized, block.queries, into: memory.rows.queries)
        rows.multiply(memory.normalized, block.keys, into: memory.rows.keys)
        rows.multiply(memory.normalized, block.values, into: memory.rows.values)
        if kernels.heads > 1 { rows.clear(memory.attended) }
        forEachSequence(block) { attention, row, weights, ids in
            attention.attend(
                memory.rows.advanced(by: row), ids: ids, weights: memory.weights + weights,
                outputs: memory.attended + row, scratch: scratch.attention)
        }
        rows.multiply(memory.attended, block.output, into: change)
        rows.drop(change, block.attentionSite, ids: rowIDs, into: x, adding: true)

        rows.normalize(
            x, epsilon: SelfAttention.epsilon, into: memory.networkNormalized,
            scales: memory.networkScales)
        rows.multiply(memory.networkNormalized, block.inner, into: memory.hidden)
        rows.relu(memory.hidden)
        rows.drop(memory.hidden, block.innerSite, ids: rowIDs, into: memory.hidden)
        rows.multiply(memory.hidden, block.outer, into: change)
        rows.drop(change, block.outerSite, ids: rowIDs, into: x, adding: true)
    }

    /// Takes the gradient of the places' vectors back; `vectors` takes that of the batch's.
    func backward(
        _ start: RowPointer, of gradient: UnsafePointer<Float>, into vectors: RowPointer,
        _ partial: SelfAttentionPartial
    ) {
        let memory = memory(start)
        let (dx, change) = (scratch.vectors, scratch.change)
        rows.clear(change)
        for step in pack.steps {
            let row = change + (step - pack.steps.lowerBound) * width.stride
            readers.forEach(of: step) {
                Kernels.axpy(row, gradient + Int($0) * width.numbers, 1, width.numbers)
            }
        }
        rows.scaleGradient(
            change, of: memory.normalized, kernels.normalization, partial.normalization)
        rows.normalizationGradient(
            change, of: memory.normalized, scales: memory.scales, into: dx, adding: false)
        for index in kernels.blocks.indices.reversed() {
            backward(kernels.blocks[index], memory[index], partial.blocks[index])
        }
        rows.drop(dx, kernels.site, ids: rowIDs, into: dx)
        if let positions, let table = partial.positions {
            rows.addRows(dx, at: positions + pack.steps.lowerBound, to: table)
        }
        rows.take(
            dx, times: kernels.scale, into: vectors + pack.steps.lowerBound * width.numbers)
    }

    private func backward(
        _ block: SelfAttentionKernels.Block, _ memory: AttentionBlockMemory,
        _ partial: SelfAttentionPartial.Block
    ) {
        let (dx, inner, gradient) = (scratch.vectors, scratch.inner, scratch.gradient)
        let of = scratch.rows
        var change = dropped(dx, block.outerSite)
        rows.addGradient(memory.hidden, change, to: partial.outer, isFirst: pack.isFirst)
        rows.multiplyBack(change, block.outer, into: inner)
        rows.reluGradient(inner, of: memory.hidden, times: block.innerSite?.scale ?? 1)
        rows.addGradient(
            memory.networkNormalized, inner, to: partial.inner, isFirst: pack.isFirst)
        rows.multiplyBack(inner, block.inner, into: gradient)
        rows.normalizationGradient(
            gradient, of: memory.networkNormalized, scales: memory.networkScales, into: dx,
            adding: true)

        change = dropped(dx, block.attentionSite)
        rows.addGradient(memory.attended, change, to: partial.output, isFirst: pack.isFirst)
        rows.multiplyBack(change, block.output, into: inner)
        if kernels.heads > 1 {
            for part in [of.queries, of.keys, of.values] { rows.clear(part) }
        }
        forEachSequence(block) { attention, row, weights, ids in
            attention.pullBack(
                inner + row, memory.rows.advanced(by: row), ids: ids,
                weights: memory.weights + weights, into: of.advanced(by: row),
                scratch: scratch.attention)
        }
        let x = memory.normalized
        rows.addGradient(x, of.queries, to: partial.queries, isFirst: pack.isFirst)
        rows.addGradient(x, of.keys, to: partial.keys, isFirst: pack.isFirst)
        rows.addGradient(x, of.values, to: partial.values, isFirst: pack.isFirst)
        rows.multiplyBack(of.queries, block.queries, into: gradient)
        rows.multiplyBack(of.keys, block.keys, into: gradient, adding: true)
        rows.multiplyBack(of.values, block.values, into: gradient, adding: true)
        rows.normalizationGradient(
            gradient, of: x, scales: memory.scales, into: dx, adding: true)
    }

    /// The rows with numbers dropped, in a place of their own where any are.
    private func dropped(_ source: RowPointer, _ site: DropoutSite?) -> RowPointer {
        guard let site else { return source }
        rows.drop(source, site, ids: rowIDs, into: scratch.change)
        return scratch.change
    }

    /// Calls `body` with each sequence's attention, where its rows start and where its weights do.
    private func forEachSequence(
        _ block: SelfAttentionKernels.Block,
        _ body: (CausalAttention, _ row: Int, _ weights: Int, UnsafePointer<UInt64>?) -> Void
    ) {
        var weights = 0
        for sequence in pack.sequences {
            let steps = batch.steps(of: sequence)
            guard !steps.isEmpty else { continue }
            let attention = CausalAttention(
                steps: steps.count, heads: kernels.heads, width: width, site: block.weightSite)
            body(
                attention, (steps.lowerBound - pack.steps.lowerBound) * width.stride, weights,
                ids.map { $0 + steps.lowerBound })
            weights += CausalAttention.weightCount(steps: steps.count, heads: kernels.heads)
        }
    }
}
