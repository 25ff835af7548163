/// What self-attention makes of a batch, and the way back.
///
/// A lane takes one pack of sequences through all blocks while it is in the core's cache. In
/// training a pack leaves what the way back needs in memory that the next step uses again; else it
/// leaves nothing, and whoever goes back all the same computes the pack once more.
final class SelfAttentionPass: Sendable {
    let outputs: Matrix
    private let setting: Setting
    /// What the packs left; nil: nothing.
    private let saved: LaneBuffer<Float>?
    private let pool: BufferPool

    /// Numbers of a row times the steps of a pack: one set of its rows then fits in a core's
    /// first-level cache, and what it leaves and works on, 4 and 2 KiB for each step of 64 numbers, in
    /// the second beside kernels and their gradients. No bit depends on it.
    private static let packCapacity = 3072

    init(
        _ model: SelfAttention, _ batch: SequenceBatch, _ parameters: Parameters,
        _ context: EncodingContext
    ) {
        let kernels = SelfAttentionKernels(model, parameters, context)
        let (width, blocks) = (kernels.width, model.blocks.count)
        let packs = SequencePacks(
            batch, stepsPerPack: max(16, Self.packCapacity / width.stride),
            cost: model.stepCost ?? 0
        ) {
            SelfAttentionPack.memory(of: batch, $0, heads: model.heads, blocks: blocks, width).all
        }
        let setting = Setting(
            model: model, batch: batch, kernels: kernels, packs: packs,
            readers: batch.placesByStep(),
            ids: model.dropout > 0 && context.isTraining ? batch.stepIDs() : nil,
            positions: model.positions == nil ? nil : batch.positions(),
            folded: model.blocks.map { $0.folded.map { FoldedLayers($0, parameters) } },
            lanes: context.lanes)
        let pool = context.pool
        let saved = context.isTraining ? pool.take(packs.memory.all) : nil
        outputs = batch.vectorsOfPlaces(columns: batch.dimension) { outputs in
            setting.forEachPiece(from: pool) { piece, scratch in
                let spare = saved == nil ? pool.take(packs.memory.largest) : nil
                defer { if let spare { pool.give(spare) } }
                setting.forEachPack(of: piece, scratch) { pack in
                    let memory = saved.map { $0.pointer + pack.pack.memory } ?? spare!.pointer
                    pack.forward(memory, outputs: outputs.pointer)
                }
            }
        }
        self.setting = setting
        self.saved = saved
        self.pool = pool
    }

    deinit {
        if let saved { pool.give(saved) }
    }

    /// Adds the gradients of the weights; returns that of the batch's vectors.
    func pullBack(_ gradient: Matrix, _ gradients: inout Gradients) -> Matrix {
        let (setting, saved, pool) = (setting, saved, pool)
        let (model, batch, packs) = (setting.model, setting.batch, setting.packs)
        let positions = setting.positionRows
        let size = LaneArena.size(SelfAttentionPartial.size(model, positions: positions))
        let pieces = packs.pieces.count
        let partials = pool.take(max(1, pieces) * size)
        defer { pool.give(partials) }
        packs.clear(partials, of: size)
        let result = batch.vectorsOfSteps { vectors in
            setting.forEachPiece(from: pool) { piece, scratch in
                let start = partials.pointer + piece * size
                let partial = SelfAttentionPartial(start, model, positions: positions)
                partial.clear(setting.kernels.width, positions: positions)
                let spare = saved == nil ? pool.take(packs.memory.largest) : nil
                defer { if let spare { pool.give(spare) } }
                gradient.values.withUnsafeBufferPointer { gradient in
                    setting.forEachPack(of: piece, scratch) { pack in
                        let memory = saved.map { $0.pointer + pack.pack.memory }
                        if memory == nil { pack.forward(spare!.pointer, outputs: nil) }
                        pack.backward(
                            memory ?? spare!.pointer, of: gradient.baseAddress!,
                            into: vectors.pointer, partial)
                    }
                }
            }
        }
        let sums = pool.take(size)
        defer { pool.give(sums) }
        packs.sum(partials, of: size, into: sums, setting.lanes)
        SelfAttentionPartial(sums.pointer, model, positions: positions)
            .add(to: &gradients, model, setting.folded, positions: positions)
        return result
    }
}

extension SelfAttentionPass {
    /// What lanes read.
    fileprivate struct Setting: Sendable {
        let model: SelfAttention
        let batch: SequenceBatch
        let kernels: SelfAttentionKernels
        let packs: SequencePacks
        let readers: Groups
        /// What each step drops by; nil where nothing is dropped.
        let ids: [UInt64]?
        /// Where each step stands; nil where that does not matter.
        let positions: [Int32]?
        /// What scales for normalizations, of each block.
        let folded: [[FoldedLayers]]
        let lanes: Lanes

        /// Rows of the table of positions.
        var positionRows: Int { kernels.positionRows }

        func forEachPiece(
            from pool: BufferPool, _ body: @Sendable (Int, SelfAttentionScratch) -> Void
        ) {
            let size = SelfAttentionScratch.size(packs, heads: model.heads, kernels.width)
            lanes.forEach(packs.pieces.count) { piece in
                let memory = pool.take(size)
                defer { pool.give(memory) }
                body(piece, SelfAttentionScratch(memory.pointer, packs, kernels.width))
            }
        }

        func forEachPack(
            of piece: Int, _ scratch: SelfAttentionScratch, _ body: (SelfAttentionPack) -> Void
        ) {
            ids.withPointer { ids in
                positions.withPointer { positions in
                    for pack in packs.packs[packs.pieces[piece]] where !pack.steps.isEmpty {
                        body(
                            SelfAttentionPack(
                                batch: batch, pack: pack, kernels: kernels, ids: ids,
                                positions: positions, readers: readers, scratch: scratch))
                    }
                }
            }
        }
    }
}

extension SequenceBatch {
    /// What each step's row drops by.
    func stepIDs() -> [UInt64] {
        var ids: [UInt64] = []
        ids.reserveCapacity(steps)
        for sequence in 0..<count {
            let identity = identities?[sequence] ?? UInt64(sequence)
            for step in 0..<steps(of: sequence).count {
                ids.append(DropoutSite.rowID(sequence: identity, step: step))
            }
        }
        return ids
    }

    /// Where each step stands.
    func positions() -> [Int32] {
        var positions: [Int32] = []
        positions.reserveCapacity(steps)
        for sequence in 0..<count {
            let first = firstPositions?[sequence] ?? 0
            for step in 0..<steps(of: sequence).count { positions.append(first + Int32(step)) }
        }
        return positions
    }
}

extension Optional {
    /// Calls `body` with where the elements of an array are; nil where there is none.
    fileprivate func withPointer<Element>(
        _ body: (UnsafePointer<Element>?) -> Void
    ) where Wrapped == [Element] {
        guard let self else { return body(nil) }
        self.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
