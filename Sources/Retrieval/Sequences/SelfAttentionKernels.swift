/// The weights of self-attention as its kernels read them, in memory of a pool.
final class SelfAttentionKernels: @unchecked Sendable {
    let heads: Int
    let width: PaddedWidth
    /// What vectors are multiplied by before positions are added.
    let scale: Float
    let blocks: [Block]
    let normalization: Gains
    /// Padded rows; nil: there are none.
    let positions: RowPointer?
    let positionRows: Int
    let site: DropoutSite?
    private let memory: LaneBuffer<Float>
    private let pool: BufferPool

    struct Block {
        let attention: Gains
        let queries: PackedKernel
        let keys: PackedKernel
        let values: PackedKernel
        let output: PackedKernel
        let network: Gains
        let inner: PackedKernel
        let outer: PackedKernel
        let weightSite: DropoutSite?
        let attentionSite: DropoutSite?
        let innerSite: DropoutSite?
        let outerSite: DropoutSite?
    }

    init(_ model: SelfAttention, _ parameters: Parameters, _ context: EncodingContext) {
        let width = PaddedWidth(model.outputDimension)
        let table = model.positions.map { parameters[$0] }
        let kernelSize = PackedKernel.size(width, width)
        pool = context.pool
        memory = pool.take(
            model.blocks.count * (6 * kernelSize + 2 * Gains.size(width)) + Gains.size(width)
                + (table?.rows ?? 0) * width.stride)
        var arena = LaneArena(memory)
        func gains(_ weights: NormalizationWeights) -> Gains {
            let gains = Gains(&arena, width)
            gains.gamma.fill(parameters[weights.gamma].values, width)
            gains.beta.fill(parameters[weights.beta].values, width)
            return gains
        }
        var packed: [(kernel: PackedKernel, source: KernelSource)] = []
        func kernel(_ weights: DenseWeights) -> PackedKernel {
            let source = KernelSource(
                matrix: parameters[weights.kernel], columns: 0..<width.numbers,
                bias: parameters[weights.bias])
            packed.append((PackedKernel(source, &arena), source))
            return packed[packed.count - 1].kernel
        }
        // Nothing is dropped in inference.
        func site(_ name: String) -> DropoutSite? {
            guard model.dropout > 0, var random = context.step?.stream(name) else { return nil }
            return DropoutSite(rate: model.dropout, key: random.next())
        }
        heads = model.heads
        self.width = width
        scale = Float(width.numbers).squareRoot()
        blocks = model.blocks.map { block in
            Block(
                attention: gains(block.attention), queries: kernel(block.queries),
                keys: kernel(block.keys), values: kernel(block.values),
                output: kernel(block.output), network: gains(block.network),
                inner: kernel(block.inner), outer: kernel(block.outer),
                weightSite: site(block.path + "/attention_weights_dropout"),
                attentionSite: site(block.path + "/attention_dropout"),
                innerSite: site(block.path + "/inner_dropout"),
                outerSite: site(block.path + "/outer_dropout"))
        }
        normalization = gains(model.normalization)
        self.site = site(model.stream)
        positionRows = table?.rows ?? 0
        positions = table.map { table in
            let rows = arena.take(rows: table.rows, of: width)
            PaddedRows(count: table.rows, width: width)
                .place(table.values, times: 1, plus: nil, at: nil, into: rows)
            return rows
        }
        PackedKernel.fill(packed, context.lanes)
    }

    deinit { pool.give(memory) }
}

/// The gradients of self-attention's weights, as one lane sums them.
struct SelfAttentionPartial {
    let blocks: [Block]
    let normalization: Gains
    let positions: RowPointer?

    struct Block {
        let attention: Gains
        let queries: KernelPartial
        let keys: KernelPartial
        let values: KernelPartial
        let output: KernelPartial
        let network: Gains
        let inner: KernelPartial
        let outer: KernelPartial

        var kernels: [KernelPartial] { [queries, keys, values, output, inner, outer] }
    }

    static func size(_ model: SelfAttention, positions: Int) -> Int {
        let width = PaddedWidth(model.outputDimension)
        return model.blocks.count * (6 * KernelPartial.size(width, width) + 2 * Gains.size(width))
            + Gains.size(width) + positions * width.stride
    }

    /// - Parameter positions: rows of the table of positions.
    init(_ start: RowPointer, _ model: SelfAttention, positions: Int) {
        let width = PaddedWidth(model.outputDimension)
        var arena = LaneArena(start)
        func kernel() -> KernelPartial { KernelPartial(&arena, width, width) }
        blocks = model.blocks.map { _ in
            Block(
                attention: Gains(&arena, width), queries: kernel(), keys: kernel(),
                values: kernel(), output: kernel(), network: Gains(&arena, width),
                inner: kernel(), outer: kernel())
        }
        normalization = Gains(&arena, width)
        self.positions = positions == 0 ? nil : arena.take(rows: positions, of: width)
    }

    /// Sets to 0 what packs add to, but for kernels and their biases, which the first one writes.
    func clear(_ width: PaddedWidth, positions count: Int) {
        for gains in blocks.flatMap({ [$0.attention, $0.network] }) + [normalization] {
            gains.gamma.update(repeating: 0, count: width.stride)
            gains.beta.update(repeating: 0, count: width.stride)
        }
        positions?.update(repeating: 0, count: count * width.stride)
    }

    /// Adds the gradients of all weights to those of a step.
    func add(to gradients: inout Gradients, _ model: SelfAttention, positions count: Int) {
        let width = PaddedWidth(model.outputDimension)
        func add(_ rows: RowPointer, _ count: Int, to id: ParameterID) {
            gradients.add(
                .dense(
                    Matrix(rows: count, columns: width.numbers) {
                        PaddedRows(count: count, width: width).take(rows, times: 1, into: $0)
                    }), to: id)
        }
        func add(_ gains: Gains, to weights: NormalizationWeights) {
            add(gains.gamma, 1, to: weights.gamma)
            add(gains.beta, 1, to: weights.beta)
        }
        for (block, weights) in zip(blocks, model.blocks) {
            add(block.attention, to: weights.attention)
            add(block.network, to: weights.network)
            for (partial, weights) in zip(block.kernels, weights.kernels) {
                add(partial.kernel, width.numbers, to: weights.kernel)
                if let bias = partial.bias { add(bias, 1, to: weights.bias) }
            }
        }
        add(normalization, to: model.normalization)
        if let positions, let id = model.positions { add(positions, count, to: id) }
    }
}
