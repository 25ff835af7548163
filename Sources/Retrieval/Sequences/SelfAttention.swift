/// Self-attention over the items of a sequence, after SASRec (Kang and McAuley, "Self-attentive
/// sequential recommendation", 2018): learned positions, then blocks of causal attention and a
/// feed-forward network, each normalized before and added to its input. The sequence's vector is
/// what the blocks make of its last item; that of an empty sequence is 0.
public struct SelfAttention: SequenceEncoder {
    public let outputDimension: Int
    /// [length, dimension].
    let positions: ParameterID
    let blocks: [AttentionBlock]
    let dropout: Dropout
    let normalization: any Layer

    public var requiresDistinctRows: Bool { dropout.requiresDistinctRows }

    public func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let (length, count) = (batch.length, batch.count)
        let scale = Float(outputDimension).squareRoot()
        let table = parameters[positions]
        var inputs = batch.vectors.scaled(by: scale)
        for row in 0..<inputs.rows {
            for column in 0..<inputs.columns { inputs[row, column] += table[row % length, column] }
        }
        let dropped = dropout.apply(inputs, parameters, context)
        var vectors = dropped.outputs
        var pullbacks: [@Sendable (Matrix, inout Gradients) -> Matrix] = []
        for block in blocks {
            let output = block.apply(vectors, batch, parameters, context)
            vectors = output.outputs
            pullbacks.append(output.pullback)
        }
        let last = (0..<count).map { sequence in
            (0..<length).last { batch.isStep(sequence, $0) }.map { Int32(sequence * length + $0) }
        }
        let rows = last.compactMap { $0 }
        let normalized = normalization.apply(Embedding.gather(vectors, rows), parameters, context)
        let owners = last.indices.filter { last[$0] != nil }.map(Int32.init)
        var outputs = Matrix(rows: count, columns: outputDimension)
        Embedding.scatterAdd(normalized.outputs, at: owners, into: &outputs)
        return LayerOutput(outputs: outputs) { [pullbacks] gradient, gradients in
            let ofRows = normalized.pullback(Embedding.gather(gradient, owners), &gradients)
            var ofVectors = Matrix(rows: count * length, columns: ofRows.columns)
            Embedding.scatterAdd(ofRows, at: rows, into: &ofVectors)
            for pullback in pullbacks.reversed() { ofVectors = pullback(ofVectors, &gradients) }
            ofVectors = dropped.pullback(ofVectors, &gradients)
            var ofPositions = Matrix(rows: length, columns: ofVectors.columns)
            let places = (0..<ofVectors.rows).map { Int32($0 % length) }
            Embedding.scatterAdd(ofVectors, at: places, into: &ofPositions)
            gradients.add(.dense(ofPositions), to: positions)
            return ofVectors.scaled(by: scale)
        }
    }
}

/// `x ← x + attention(norm(x))`, `x ← x + network(norm(x))`.
struct AttentionBlock: Sendable {
    let heads: Int
    let normalization: any Layer
    let queries: Dense
    let keys: Dense
    let values: Dense
    /// What follows attention.
    let output: LayerStack
    let network: Residual

    func apply(
        _ inputs: Matrix, _ batch: SequenceBatch, _ parameters: Parameters,
        _ context: EncodingContext
    ) -> LayerOutput {
        let normalized = normalization.apply(inputs, parameters, context)
        let q = queries.apply(normalized.outputs, parameters, context)
        let k = keys.apply(normalized.outputs, parameters, context)
        let v = values.apply(normalized.outputs, parameters, context)
        let attended = CausalAttention(heads: heads, length: batch.length, mask: batch.mask)
            .apply(q.outputs, k.outputs, v.outputs, context.lanes)
        let projected = output.apply(attended.outputs, parameters, context)
        let result = network.apply(inputs.adding(projected.outputs), parameters, context)
        return LayerOutput(outputs: result.outputs) { gradient, gradients in
            let ofSum = result.pullback(gradient, &gradients)
            let ofAttended = attended.pullback(projected.pullback(ofSum, &gradients))
            let ofNormalized = q.pullback(ofAttended.queries, &gradients)
                .adding(k.pullback(ofAttended.keys, &gradients))
                .adding(v.pullback(ofAttended.values, &gradients))
            return ofSum.adding(normalized.pullback(ofNormalized, &gradients))
        }
    }
}

/// `self_attention` as a spec declares it.
public struct SelfAttentionDefinition: SequenceEncoderDefinition {
    /// Blocks of attention and feed-forward layers after each other; at least 1.
    public var blocks: Int
    public var heads: Int
    /// The share of numbers that are set to 0 in training, in 0 ..< 1.
    public var dropout: Double

    public func prepare(
        dimension: Int, length: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> any SequenceEncoder {
        guard dimension % heads == 0 else {
            throw LayerError(
                """
                self_attention requires embeddings whose length is a multiple of its \(heads) \
                heads; found \(dimension)
                """, at: ".encoder")
        }
        let input = LayerInput(dimension: dimension)
        let normalization = LayerNormalizationDefinition(epsilon: 1e-6)
        var stack: [AttentionBlock] = []
        for index in 0..<blocks {
            let name = "\(path)/block_\(index)"
            func dense(
                _ part: String, _ function: ActivationFunction,
                _ builder: inout ModelBuilder
            ) throws -> Dense {
                let definition = DenseDefinition(
                    units: dimension, activation: Activation(function))
                return try definition.prepareDense(input, path: "\(name)/\(part)", &builder)
            }
            func drop(_ part: String) -> Dropout {
                Dropout(
                    rate: Float(dropout), outputDimension: dimension, stream: "\(name)/\(part)")
            }
            stack.append(
                AttentionBlock(
                    heads: heads,
                    normalization: normalization.prepare(
                        input, path: name + "/attention_normalization", &builder),
                    queries: try dense("query", .linear, &builder),
                    keys: try dense("key", .linear, &builder),
                    values: try dense("value", .linear, &builder),
                    output: LayerStack(
                        [try dense("output", .linear, &builder), drop("attention_dropout")],
                        inputDimension: dimension),
                    network: Residual(
                        LayerStack(
                            [
                                normalization.prepare(
                                    input, path: name + "/network_normalization", &builder),
                                try dense("inner", .relu, &builder), drop("inner_dropout"),
                                try dense("outer", .linear, &builder), drop("outer_dropout"),
                            ], inputDimension: dimension))))
        }
        return SelfAttention(
            outputDimension: dimension,
            positions: try builder.addParameter(
                path + "/positions", rows: length, columns: dimension,
                initializer: RandomUniform()),
            blocks: stack,
            dropout: Dropout(
                rate: Float(dropout), outputDimension: dimension, stream: path + "/dropout"),
            normalization: normalization.prepare(input, path: path + "/normalization", &builder))
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
        "Share of the numbers dropped in training; above 0, every query is encoded by itself."
    ).alsoKnown(as: "dropout_rate", "rate")

    public static let entry = ComponentEntry<any SequenceEncoderDefinition>(
        "self_attention", summary: "What causal self-attention makes of the last item.",
        source: "SASRec; Kang and McAuley, 2018",
        fields: [blocksField.description, headsField.description, dropoutField.description]
    ) {
        SelfAttentionDefinition(
            blocks: $0[blocksField], heads: $0[headsField], dropout: $0[dropoutField])
    }
}
