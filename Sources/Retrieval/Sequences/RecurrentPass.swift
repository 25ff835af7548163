/// What a recurrent network makes of a batch, and the way back. As ``SelfAttentionPass``, packs
/// leave what the way back needs in training only.
final class RecurrentPass: Sendable {
    let outputs: Matrix
    private let encoder: RecurrentEncoder
    private let batch: SequenceBatch
    /// The sequences, the longest first: packs of like lengths have few times that only one or two
    /// of their sequences reach, for which a whole kernel is read.
    private let order: [Int]
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
        let kernels = RecurrentKernels(encoder, parameters, pool)
        let units = encoder.units
        let order = batch.sequencesFromLongest()
        let offsets = order.reduce(into: [0]) { $0.append($0.last! + batch.steps(of: $1).count) }
        let packs = SequencePacks(
            offsets: offsets, pieces: batch.pieces,
            stepsPerPack: max(16, Self.packCapacity / units.stride), cost: encoder.stepCost ?? 0
        ) { sequences in
            RecurrentPack.memorySize(
                steps: offsets[sequences.upperBound] - offsets[sequences.lowerBound], encoder)
        }
        let readers = batch.placesByStep()
        let saved = context.isTraining ? pool.take(packs.memory.all) : nil
        outputs = .zeros(rows: batch.places.count, columns: encoder.outputDimension) { outputs in
            Self.forEachPack(encoder, batch, order, kernels, packs, readers, pool, lanes, saved) {
                pack, memory, _ in
                pack.forward(memory, outputs: outputs.pointer)
            }
        }
        (self.encoder, self.batch, self.order) = (encoder, batch, order)
        (self.kernels, self.packs, self.readers) = (kernels, packs, readers)
        (self.saved, self.pool, self.lanes) = (saved, pool, lanes)
    }

    deinit {
        if let saved { pool.give(saved) }
    }

    /// Calls `body` with each pack and its memory, and the piece that it belongs to.
    private static func forEachPack(
        _ encoder: RecurrentEncoder, _ batch: SequenceBatch, _ order: [Int],
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
                    order: StepOrder(batch, order[pack.sequences]), zeros: scratch.pointer,
                    scratch: scratch.pointer + zeroCount)
                body(work, saved.map { $0.pointer + pack.memory } ?? spare!.pointer, piece)
            }
        }
    }

    /// Adds the gradients of the weights; returns that of the batch's vectors.
    func pullBack(_ gradient: Matrix, _ gradients: inout Gradients) -> Matrix {
        let (encoder, order, saved) = (encoder, order, saved)
        let size = LaneArena.size(RecurrentPartial.size(encoder))
        let pieces = packs.pieces.count
        let partials = pool.take(max(1, pieces) * size)
        defer { pool.give(partials) }
        partials.pointer.update(repeating: 0, count: max(1, pieces) * size)
        let result = Matrix.zeros(rows: batch.steps, columns: batch.dimension) { vectors in
            Self.forEachPack(encoder, batch, order, kernels, packs, readers, pool, lanes, saved) {
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
        Kernels.sumLanes(sums.pointer, partials.pointer, pieces, size, size)
        RecurrentPartial(sums.pointer, encoder).add(to: &gradients, encoder)
        return result
    }
}

extension SequenceBatch {
    fileprivate func sequencesFromLongest() -> [Int] {
        Self.fromLongest((0..<count).map { steps(of: $0).count })
    }

    /// The places of some lengths, the greatest first; those of one length stay in their order.
    static func fromLongest(_ lengths: [Int]) -> [Int] {
        let longest = lengths.max() ?? 0
        // By counting: a batch has thousands of sequences of a few lengths.
        var starts = [Int](repeating: 0, count: longest + 2)
        for length in lengths { starts[longest - length + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        return [Int](unsafeUninitializedCapacity: lengths.count) { order, size in
            for (place, length) in lengths.enumerated() {
                order[starts[longest - length]] = place
                starts[longest - length] += 1
            }
            size = lengths.count
        }
    }
}
