/// Layers one after the other.
public struct LayerStack: Layer {
    public let layers: [any Layer]
    public let outputDimension: Int

    /// - Parameter inputDimension: the output's too, where there is no layer.
    public init(_ layers: [any Layer], inputDimension: Int) {
        self.layers = layers
        outputDimension = layers.last?.outputDimension ?? inputDimension
    }

    public var requiresDistinctRows: Bool { layers.contains { $0.requiresDistinctRows } }

    public var heads: Int { layers.reduce(1) { $0 * $1.heads } }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        var vectors = inputs
        var context = context
        var pullbacks: [@Sendable (Matrix, inout Gradients) -> Matrix] = []
        for layer in layers {
            let output = layer.apply(vectors, parameters, context)
            vectors = output.outputs
            pullbacks.append(output.pullback)
            context = context.withHeads(layer.heads)
        }
        return LayerOutput(outputs: vectors) { [pullbacks] gradient, gradients in
            pullbacks.reversed().reduce(gradient) { $1($0, &gradients) }
        }
    }
}

extension EncodingContext {
    /// The context after a layer that makes `heads` vectors of each.
    func withHeads(_ heads: Int) -> EncodingContext {
        guard heads > 1 else { return self }
        var context = self
        context.multiplicities = multiplicities.map { multiplicities in
            multiplicities.flatMap { [Float](repeating: $0, count: heads) }
        }
        return context
    }
}
