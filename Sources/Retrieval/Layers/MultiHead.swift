/// Several vectors of each: a dense layer whose output is cut into heads. A query with several
/// embeddings is scored by its best one for each candidate, as TFRS scores queries of rank 3,
/// [B, H, D] (max-sim).
public struct MultiHead: Layer {
    public let heads: Int
    let dense: Dense

    /// - Parameter dense: its outputs are `heads` vectors side by side.
    public init(heads: Int, dense: Dense) {
        self.heads = heads
        self.dense = dense
    }

    public var outputDimension: Int { dense.outputDimension / heads }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool {
        dense.spreads(rows: rows, parameters)
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let output = dense.apply(inputs, parameters, context)
        let (length, width) = (outputDimension, dense.outputDimension)
        return LayerOutput(outputs: output.outputs.reshaped(columns: length)) {
            gradient, gradients in
            output.pullback(gradient.reshaped(columns: width), &gradients)
        }
    }
}

/// `multi_head` as a spec declares it.
public struct MultiHeadDefinition: LayerDefinition {
    public var heads: Int
    /// Length of each head's embedding; at least 1.
    public var units: Int
    /// What the embeddings pass through.
    public var activation: ActivationFunction
    public var options: KernelOptions

    public func outputDimension(of input: Int?) -> Int? { units }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer {
        let width = heads * units
        return MultiHead(
            heads: heads,
            dense: Dense(
                kernel: try options.addKernel(
                    path, rows: input.dimension, columns: width, &builder),
                bias: try options.addBias(path, columns: width, &builder), units: width,
                activation: Activation(activation)))
    }
}

extension MultiHeadDefinition: CatalogComponent {
    static let headsField = Field<Int>(
        "heads", default: nil, .between(2, and: 64), "Embeddings of each query."
    ).alsoKnown(as: "num_heads", "interests")
    static let unitsField = Field<Int>(
        "units", default: nil, .between(1, and: 1 << 14), "Length of each embedding."
    ).alsoKnown(as: "output_dim", "dim", "dimension", "size")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "multi_head",
        summary: """
            Makes several embeddings of a query, which is scored by its best one; layers after it \
            apply to each.
            """,
        source: "tfrs.tasks.Retrieval on queries of rank 3",
        fields: [
            headsField.description, unitsField.description,
            DenseDefinition.activationField.description,
        ] + KernelOptions.fields(kernelInitializer: "glorot_uniform")
    ) { values, components in
        try MultiHeadDefinition(
            heads: values[headsField], units: values[unitsField],
            activation: values[DenseDefinition.activationField],
            options: KernelOptions(values, components, kernelInitializer: "glorot_uniform"))
    }
}
