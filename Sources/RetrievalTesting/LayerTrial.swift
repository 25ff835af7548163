import Retrieval

/// A layer with parameters and inputs to try it on.
package struct LayerTrial {
    package var layer: any Layer
    package var parameters: Parameters
    package var inputs: Matrix
    package var context: EncodingContext

    /// Makes the layer, with parameters that no initializer would leave at zero.
    package init(
        _ definition: any LayerDefinition, input: LayerInput = LayerInput(dimension: 6),
        rows: Int = 5, seed: UInt64 = 1, context: EncodingContext = EncodingContext()
    ) throws {
        var random = RandomStream(seed: seed, stream: "layer trial")
        var builder = ModelBuilder(seed: seed)
        layer = try definition.prepare(input, path: "trial", &builder)
        parameters = builder.parameters
        for index in parameters.matrices.indices {
            let isVariance = parameters.names[index].hasSuffix("variance")
            for position in parameters.matrices[index].values.indices {
                parameters.matrices[index].values[position] =
                    isVariance
                    ? random.uniformFloat(in: 0.5..<2) : random.uniformFloat(in: -0.9..<0.9)
            }
        }
        inputs = random.matrix(rows, input.dimension)
        self.context = context
    }

    /// Σ outputs · weights, and the layer's penalty: what is differentiated.
    func value(_ weights: Matrix, _ parameters: Parameters, _ inputs: Matrix) -> Double {
        let output = layer.apply(inputs, parameters, context)
        var gradients = Gradients()
        _ = output.pullback(weights, &gradients)
        return zip(output.outputs.values, weights.values).reduce(gradients.regularizationLoss) {
            $0 + Double($1.0 * $1.1)
        }
    }

    func outputWeights(_ shape: Matrix) -> Matrix {
        var random = RandomStream(seed: 9, stream: "output weights")
        return random.matrix(shape.rows, shape.columns)
    }
}
