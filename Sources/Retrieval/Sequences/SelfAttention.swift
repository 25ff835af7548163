/// Self-attention over the items of a sequence, after SASRec (Kang and McAuley, "Self-attentive
/// sequential recommendation", 2018): learned positions, then blocks of causal attention and a
/// feed-forward network, each normalized before and added to its input. A place's vector is what
/// the blocks make of its last item.
public struct SelfAttention: SequenceEncoder {
    public let outputDimension: Int
    let heads: Int
    /// [length, dimension]; nil: the encoder knows no positions but the order that it sees.
    let positions: ParameterID?
    let blocks: [AttentionBlock]
    let normalization: NormalizationWeights
    /// Share of the numbers that is dropped in training.
    let dropout: Float
    /// The name of the stream that drops the blocks' inputs.
    let stream: String

    static let epsilon: Float = 1e-6

    public var readsPositions: Bool { positions != nil }

    public var stepCost: Int? {
        let stride = PaddedWidth(outputDimension).stride
        return 12 * blocks.count * stride * stride
    }

    public func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let pass = SelfAttentionPass(self, batch, parameters, context)
        return LayerOutput(outputs: pass.outputs) { pass.pullBack($0, &$1) }
    }
}

/// `x ← x + attention(norm(x))`, `x ← x + network(norm(x))`.
struct AttentionBlock: Sendable {
    let attention: NormalizationWeights
    let queries: DenseWeights
    let keys: DenseWeights
    let values: DenseWeights
    /// What follows attention.
    let output: DenseWeights
    let network: NormalizationWeights
    let inner: DenseWeights
    let outer: DenseWeights
    /// The name of the block, which begins those of its streams.
    let path: String

    /// The normalizations, each with the layers that read it and scale for it.
    var folded: [(gains: NormalizationWeights, layers: [DenseWeights])] {
        [(attention, [queries, keys, values]), (network, [inner])]
    }
}

struct DenseWeights: Sendable {
    let kernel: ParameterID
    let bias: ParameterID
}

struct NormalizationWeights: Sendable {
    let gamma: ParameterID
    let beta: ParameterID

    func folded(_ parameters: Parameters) -> FoldedGains {
        FoldedGains(gamma: parameters[gamma], beta: parameters[beta])
    }
}

/// `self_attention` as a spec declares it.
public struct SelfAttentionDefinition: SequenceEncoderDefinition {
    /// Whether the encoder learns a vector for each position.
    public enum Positions: String, FieldChoice {
        /// A trained vector is added to each step, by how far it stands from the first; or none is,
        /// and the steps before one are a set.
        case learned, none
    }

    /// Blocks of attention and feed-forward layers after each other; at least 1.
    public var blocks: Int
    /// Into how many parts attention cuts a vector; must divide its length.
    public var heads: Int
    /// The share of numbers that are set to 0 in training, in 0 ..< 1.
    public var dropout: Double
    /// Whether the order of steps is told.
    public var positions: Positions

    public func outputDimension(of dimension: Int) -> Int? { dimension }

    public func check(dimension: Int) throws(LayerError) {
        guard !dimension.isMultiple(of: heads) else { return }
        throw LayerError(
            """
            self_attention requires embeddings whose length is a multiple of its \(heads) heads; \
            found \(dimension)
            """, at: ".\(Self.headsField.name)")
    }

    public func prepare(
        dimension: Int, length: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> any SequenceEncoder {
        try check(dimension: dimension)
        var stack: [AttentionBlock] = []
        for index in 0..<blocks {
            let name = "\(path)/block_\(index)"
            func dense(_ part: String, _ builder: inout ModelBuilder) throws -> DenseWeights {
                let path = "\(name)/\(part)"
                return DenseWeights(
                    kernel: try builder.addParameter(
                        path + "/kernel", rows: dimension, columns: dimension,
                        initializer: VarianceScaling(mode: .fanAverage, distribution: .uniform)),
                    bias: builder.addParameter(
                        path + "/bias", Matrix(rows: 1, columns: dimension)))
            }
            func normalization(
                _ part: String, _ builder: inout ModelBuilder
            ) -> NormalizationWeights {
                NormalizationWeights("\(name)/\(part)_normalization", dimension, &builder)
            }
            stack.append(
                AttentionBlock(
                    attention: normalization("attention", &builder),
                    queries: try dense("query", &builder), keys: try dense("key", &builder),
                    values: try dense("value", &builder), output: try dense("output", &builder),
                    network: normalization("network", &builder),
                    inner: try dense("inner", &builder), outer: try dense("outer", &builder),
                    path: name))
        }
        return SelfAttention(
            outputDimension: dimension, heads: heads,
            positions: positions == .none
                ? nil
                : try builder.addParameter(
                    path + "/positions", rows: length, columns: dimension,
                    initializer: RandomUniform()),
            blocks: stack,
            normalization: NormalizationWeights(path + "/normalization", dimension, &builder),
            dropout: Float(dropout), stream: path + "/dropout")
    }
}

extension NormalizationWeights {
    init(_ path: String, _ dimension: Int, _ builder: inout ModelBuilder) {
        gamma = builder.addParameter(
            path + "/gamma", Matrix(rows: 1, columns: dimension, repeating: 1))
        beta = builder.addParameter(path + "/beta", Matrix(rows: 1, columns: dimension))
    }
}

extension SelfAttentionDefinition: CatalogComponent {
    static let blocksField = Field<Int>(
        "blocks", default: 2, .between(1, and: 16), "Attention and network, one after the other."
    ).alsoKnown(as: "num_blocks", "layers", "num_layers")
    static let headsField = Field<Int>(
        "heads", default: 1, .between(1, and: 64), "Parts of a vector that attend by themselves."
    ).alsoKnown(as: "num_heads")
    static let dropoutField = Field<Double>(
        "dropout", default: 0, .from(0, below: 1),
        """
        Share of the numbers dropped in training: of the embeddings, the weights of attention, and \
        the outputs of attention and of both layers of the network. What is dropped of a step of a \
        sequence is so for all queries that read it.
        """
    ).alsoKnown(as: "dropout_rate", "rate")
    static let positionsField = Field<Positions>(
        "positions", default: .learned,
        "learned: a vector for each position of a history is added to its item's; none: nothing is."
    ).alsoKnown(as: "position", "positional_embedding", "position_embedding")

    public static let entry = ComponentEntry<any SequenceEncoderDefinition>(
        "self_attention", summary: "What causal self-attention makes of the last item.",
        source: "SASRec; Kang and McAuley, 2018",
        fields: [
            blocksField.description, headsField.description, dropoutField.description,
            positionsField.description,
        ]
    ) {
        SelfAttentionDefinition(
            blocks: $0[blocksField], heads: $0[headsField], dropout: $0[dropoutField],
            positions: $0[positionsField])
    }
}
