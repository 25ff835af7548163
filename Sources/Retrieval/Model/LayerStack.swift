/// Layers one after the other.
public struct LayerStack: Layer {
    /// In the order in which they are applied.
    public let layers: [any Layer]
    public let outputDimension: Int

    /// - Parameter inputDimension: the output's too, where there is no layer.
    public init(_ layers: [any Layer], inputDimension: Int) {
        self.layers = layers
        outputDimension = layers.last?.outputDimension ?? inputDimension
    }

    public var requiresDistinctRows: Bool { layers.contains { $0.requiresDistinctRows } }

    public var heads: Int { layers.reduce(1) { $0 * $1.heads } }

    /// After a layer of several heads rows are cut where inputs are not.
    public func spreads(rows: Int, _ parameters: Parameters) -> Bool {
        layers.allSatisfy { $0.spreads(rows: rows, parameters) }
            && layers.dropLast().allSatisfy { $0.heads == 1 }
    }

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

extension ModelBuilder {
    /// The layers that a list of definitions declares, one after the other; their parameters are
    /// called `path/NAME_INDEX`.
    ///
    /// - Throws: ``LayerError``, its place within `.layers`.
    public mutating func stack(
        _ definitions: [Chosen<any LayerDefinition>], _ input: LayerInput, path: String
    ) throws -> LayerStack {
        var layers: [any Layer] = []
        var next = input
        for (index, definition) in definitions.enumerated() {
            do {
                let input = next
                let path = "\(path)/\(definition.name)_\(index)"
                let layer = try recording(layer: definition.name, at: path) {
                    try definition.product.prepare(input, path: path, &$0)
                }
                next = LayerInput(dimension: layer.outputDimension)
                layers.append(layer)
            } catch let error as LayerError {
                throw LayerError(error.description, at: ".layers[\(index)]" + error.place)
            } catch DataError.impossible(let reason) {
                throw LayerError(reason, at: ".layers[\(index)]")
            }
        }
        return LayerStack(layers, inputDimension: input.dimension)
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
