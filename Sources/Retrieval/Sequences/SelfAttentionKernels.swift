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

    /// Queries, keys, values and the inner layer scale what is normalized.
    struct Block {
        let queries: PackedKernel
        let keys: PackedKernel
        let values: PackedKernel
        let output: PackedKernel
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
            model.blocks.count * 6 * kernelSize + Gains.size(width)
                + (table?.rows ?? 0) * width.stride)
        var arena = LaneArena(memory)
        var packed: [(kernel: PackedKernel, source: KernelSource)] = []
        func kernel(
            _ weights: DenseWeights, after gains: NormalizationWeights? = nil
        ) -> PackedKernel {
            let source = KernelSource(
                matrix: parameters[weights.kernel], columns: 0..<width.numbers,
                bias: parameters[weights.bias], gains: gains?.folded(parameters))
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
                queries: kernel(block.queries, after: block.attention),
                keys: kernel(block.keys, after: block.attention),
                values: kernel(block.values, after: block.attention),
                output: kernel(block.output), inner: kernel(block.inner, after: block.network),
                outer: kernel(block.outer),
                weightSite: site(block.path + "/attention_weights_dropout"),
                attentionSite: site(block.path + "/attention_dropout"),
                innerSite: site(block.path + "/inner_dropout"),
                outerSite: site(block.path + "/outer_dropout"))
        }
        normalization = Gains(&arena, width)
        normalization.gamma.fill(parameters[model.normalization.gamma].values, width)
        normalization.beta.fill(parameters[model.normalization.beta].values, width)
        self.site = site(model.stream)
        positionRows = table?.rows ?? 0
        positions = table.map { table in
            let rows = arena.take(rows: table.rows, of: width)
            PaddedRows(count: table.rows, width: width)
                .place(table.values, into: rows)
            return rows
        }
        PackedKernel.fill(packed, context.lanes)
    }

    deinit { pool.give(memory) }
}

/// The gradients of self-attention's weights, as one lane sums them: of layers that scale what is
/// normalized, those of what they then are.
struct SelfAttentionPartial {
    let blocks: [Block]
    let normalization: Gains
    let positions: RowPointer?

    /// Kernels in the order of memory, each with its bias after it.
    struct Block {
        let queries: KernelPartial
        let keys: KernelPartial
        let values: KernelPartial
        let inner: KernelPartial
        let output: KernelPartial
        let outer: KernelPartial

        /// The first layer that reads each normalization.
        var folded: [KernelPartial] { [queries, inner] }
    }

    static func size(_ model: SelfAttention, positions: Int) -> Int {
        let width = PaddedWidth(model.outputDimension)
        return model.blocks.count * 6 * KernelPartial.size(width, width)
            + Gains.size(width) + positions * width.stride
    }

    /// - Parameter positions: rows of the table of positions.
    init(_ start: RowPointer, _ model: SelfAttention, positions: Int) {
        let width = PaddedWidth(model.outputDimension)
        var arena = LaneArena(start)
        func kernel() -> KernelPartial { KernelPartial(&arena, width, width) }
        blocks = model.blocks.map { _ in
            Block(
                queries: kernel(), keys: kernel(), values: kernel(), inner: kernel(),
                output: kernel(), outer: kernel())
        }
        normalization = Gains(&arena, width)
        self.positions = positions == 0 ? nil : arena.take(rows: positions, of: width)
    }

    /// Sets to 0 what packs add to, but for kernels and their biases, which the first one writes.
    func clear(_ width: PaddedWidth, positions count: Int) {
        normalization.gamma.update(repeating: 0, count: width.stride)
        normalization.beta.update(repeating: 0, count: width.stride)
        positions?.update(repeating: 0, count: count * width.stride)
    }

    /// Adds the gradients of all weights to those of a step. Layers that scale make theirs of the
    /// sums of all ranks, so that no bit depends on how many there are.
    ///
    /// - Parameter folded: of each block.
    func add(
        to gradients: inout Gradients, _ model: SelfAttention, _ folded: [[FoldedLayers]],
        positions count: Int
    ) {
        let width = PaddedWidth(model.outputDimension)
        func matrix(_ rows: RowPointer, _ count: Int) -> Matrix {
            Matrix(rows: count, columns: width.numbers) {
                PaddedRows(count: count, width: width).take(rows, into: $0)
            }
        }
        func add(_ rows: RowPointer, _ count: Int, to id: ParameterID) {
            gradients.add(.dense(matrix(rows, count)), to: id)
        }
        func add(_ partial: KernelPartial, to weights: DenseWeights) {
            add(partial.kernel, width.numbers, to: weights.kernel)
            if let bias = partial.bias { add(bias, 1, to: weights.bias) }
        }
        for (block, (weights, folded)) in zip(blocks, zip(model.blocks, folded)) {
            for (partial, layers) in zip(block.folded, folded) {
                gradients.add(
                    sums: matrix(partial.kernel, layers.kernels.count * (width.numbers + 1))
                ) { layers.add(gradientsOf: $0, to: &$1) }
            }
            add(block.output, to: weights.output)
            add(block.outer, to: weights.outer)
        }
        add(normalization.gamma, 1, to: model.normalization.gamma)
        add(normalization.beta, 1, to: model.normalization.beta)
        if let positions, let id = model.positions { add(positions, count, to: id) }
    }
}

/// A normalization, the layers that scale for it, and the values of all.
struct FoldedLayers: Sendable {
    let gains: NormalizationWeights
    let layers: [DenseWeights]
    let values: FoldedGains
    let kernels: [Matrix]

    init(
        _ folded: (gains: NormalizationWeights, layers: [DenseWeights]), _ parameters: Parameters
    ) {
        (gains, layers) = folded
        values = gains.folded(parameters)
        kernels = layers.map { parameters[$0.kernel] }
    }

    /// - Parameter sums: the gradients of kernels and biases that scale.
    func add(gradientsOf sums: Matrix, to gradients: inout Gradients) {
        let found = values.gradients(of: kernels, from: sums)
        gradients.add(.dense(found.gamma), to: gains.gamma)
        gradients.add(.dense(found.beta), to: gains.beta)
        for (layer, found) in zip(layers, found.layers) {
            gradients.add(.dense(found.kernel), to: layer.kernel)
            gradients.add(.dense(found.bias), to: layer.bias)
        }
    }
}
