/// What a recurrent network makes of a batch, and the way back. As ``SelfAttentionPass``, packs
/// leave what the way back needs in training only.
final class RecurrentPass: Sendable {
    let outputs: Matrix
    private let encoder: RecurrentEncoder
    private let batch: SequenceBatch
    private let kernels: RecurrentKernels
    private let packs: SequencePacks
    private let readers: Groups
    /// What the packs left; nil: nothing.
    private let saved: LaneBuffer<Float>?
    private let pool: BufferPool
    private let lanes: Lanes

    /// Numbers of a row times the steps of a pack: enough cells at a time for products that are
    /// worth their start, few enough for a core's second-level cache.
    private static var packCapacity: Int { 24576 }

    init(
        _ encoder: RecurrentEncoder, _ batch: SequenceBatch, _ parameters: Parameters,
        _ context: EncodingContext
    ) {
        let (pool, lanes) = (context.pool, context.lanes)
        let kernels = RecurrentKernels(encoder, parameters, pool, lanes)
        let units = encoder.units
        let packs = SequencePacks(
            batch, stepsPerPack: max(16, Self.packCapacity / units.stride),
            cost: encoder.stepCost ?? 0
        ) { sequences in
            RecurrentPack.memorySize(
                steps: batch.offsets[sequences.upperBound] - batch.offsets[sequences.lowerBound],
                encoder)
        }
        let readers = batch.placesByStep()
        let saved = context.isTraining ? pool.take(packs.memory.all) : nil
        outputs = batch.vectorsOfPlaces(columns: encoder.outputDimension) { outputs in
            Self.forEachPack(encoder, batch, kernels, packs, readers, pool, lanes, saved) {
                pack, memory, _ in
                pack.forward(memory, outputs: outputs.pointer)
            }
        }
        (self.encoder, self.batch, self.kernels, self.packs) = (encoder, batch, kernels, packs)
        (self.readers, self.saved, self.pool, self.lanes) = (readers, saved, pool, lanes)
    }

    deinit {
        if let saved { pool.give(saved) }
    }

    /// Calls `body` with each pack and its memory, and the piece that it belongs to.
    private static func forEachPack(
        _ encoder: RecurrentEncoder, _ batch: SequenceBatch,
        _ kernels: RecurrentKernels, _ packs: SequencePacks, _ readers: Groups,
        _ pool: BufferPool, _ lanes: Lanes, _ saved: LaneBuffer<Float>?,
        _ body: @Sendable (RecurrentPack, _ memory: RowPointer, _ piece: Int) -> Void
    ) {
        let zeroCount = packs.mostSteps * encoder.units.stride
        let scratchSize = RecurrentPack.scratchSize(steps: packs.mostSteps, encoder)
        lanes.forEach(packs.pieces.count) { piece in
            let scratch = pool.take(zeroCount + scratchSize)
            let spare = saved == nil ? pool.take(packs.memory.largest) : nil
            defer {
                pool.give(scratch)
                if let spare { pool.give(spare) }
            }
            scratch.pointer.update(repeating: 0, count: zeroCount)
            for pack in packs.packs[packs.pieces[piece]] where !pack.steps.isEmpty {
                let work = RecurrentPack(
                    encoder: encoder, kernels: kernels, batch: batch, readers: readers,
                    order: StepOrder(batch, pack.sequences), isFirst: pack.isFirst,
                    zeros: scratch.pointer, scratch: scratch.pointer + zeroCount)
                body(work, saved.map { $0.pointer + pack.memory } ?? spare!.pointer, piece)
            }
        }
    }

    /// Adds the gradients of the weights; returns that of the batch's vectors.
    func pullBack(_ gradient: Matrix, _ gradients: inout Gradients) -> Matrix {
        let (encoder, saved) = (encoder, saved)
        let size = LaneArena.size(RecurrentPartial.size(encoder))
        let pieces = packs.pieces.count
        let partials = pool.take(max(1, pieces) * size)
        defer { pool.give(partials) }
        packs.clear(partials, of: size)
        let result = batch.vectorsOfSteps { vectors in
            Self.forEachPack(encoder, batch, kernels, packs, readers, pool, lanes, saved) {
                pack, memory, piece in
                if saved == nil { pack.forward(memory, outputs: nil) }
                gradient.values.withUnsafeBufferPointer {
                    pack.backward(
                        memory, of: $0.baseAddress!, into: vectors.pointer,
                        RecurrentPartial(partials.pointer + piece * size, encoder))
                }
            }
        }
        let sums = pool.take(size)
        defer { pool.give(sums) }
        packs.sum(partials, of: size, into: sums, lanes)
        RecurrentPartial(sums.pointer, encoder).add(to: &gradients, encoder)
        return result
    }
}
