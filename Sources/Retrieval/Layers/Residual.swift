/// `x + f(x)`, where f is a list of layers (He et al., "Deep residual learning", 2016).
public struct Residual: Layer {
    /// The layers whose output is added to the input; they keep its length.
    public let block: LayerStack

    /// - Precondition: the block's output is as long as its input, and one.
    public init(_ block: LayerStack) {
        precondition(block.heads == 1, "a residual block adds one vector to one")
        self.block = block
    }

    public var outputDimension: Int { block.outputDimension }

    public var requiresDistinctRows: Bool { block.requiresDistinctRows }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool {
        block.spreads(rows: rows, parameters)
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let output = block.apply(inputs, parameters, context)
        return LayerOutput(outputs: inputs.adding(output.outputs)) { gradient, gradients in
            gradient.adding(output.pullback(gradient, &gradients))
        }
    }
}

/// `residual` as a spec declares it.
public struct ResidualDefinition: LayerDefinition {
    /// The layers whose output is added to the input.
    public var layers: [Chosen<any LayerDefinition>]

    public func outputDimension(of input: Int?) -> Int? { input }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer {
        let block = try builder.stack(layers, input, path: path)
        guard block.outputDimension == input.dimension else {
            throw LayerError(
                """
                a residual block requires an output as long as its input, \(input.dimension); \
                found \(block.outputDimension)
                """, at: ".layers")
        }
        guard block.heads == 1 else {
            throw LayerError(
                "a residual block requires one vector of each input; found \(block.heads)",
                at: ".layers")
        }
        return Residual(block)
    }
}

extension ResidualDefinition: CatalogComponent {
    static let layersField = Field<[ComponentChoice]>(
        "layers", type: .list(.component(ComponentSlot(.layer)), count: .atLeast(1)),
        default: nil, "What is added to the input; its output is as long as the input.")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "residual", summary: "Adds what its layers make of the input to the input.",
        source: "He et al., 2016", fields: [layersField.description]
    ) { values, components in
        ResidualDefinition(
            layers: try values[layersField].map { try components.chosen(.layer, $0) })
    }
}
