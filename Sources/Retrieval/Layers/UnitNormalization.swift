import CKernels

/// Each vector divided by its length: `tf.keras.layers.UnitNormalization`.
///
/// `y = x · rsqrt(max(Σ x², epsilon))`; where the bound holds, the factor is a constant and so is
/// its gradient.
public struct UnitNormalization: Layer {
    public let outputDimension: Int
    /// Least squared length, as in `tf.math.l2_normalize`.
    let epsilon: Float

    public init(outputDimension: Int, epsilon: Float = 1e-12) {
        self.outputDimension = outputDimension
        self.epsilon = epsilon
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let (outputs, factors, squares) = normalize(inputs)
        return LayerOutput(outputs: outputs) { gradient, _ in
            var result = gradient
            let columns = outputs.columns
            result.values.withUnsafeMutableBufferPointer { result in
                outputs.values.withUnsafeBufferPointer { outputs in
                    for row in factors.indices {
                        let start = row * columns
                        let dx = result.baseAddress! + start
                        if squares[row] > epsilon {
                            let y = outputs.baseAddress! + start
                            tk_axpy(dx, y, -tk_dot(dx, y, columns), columns)
                        }
                        tk_scale(dx, columns, factors[row])
                    }
                }
            }
            return result
        }
    }

    private func normalize(
        _ inputs: Matrix
    ) -> (outputs: Matrix, factors: [Float], squares: [Float]) {
        var outputs = inputs
        var factors = [Float](repeating: 0, count: inputs.rows)
        var squares = factors
        outputs.values.withUnsafeMutableBufferPointer { values in
            for row in 0..<inputs.rows {
                let x = values.baseAddress! + row * inputs.columns
                squares[row] = tk_dot(x, x, inputs.columns)
                factors[row] = 1 / max(squares[row], epsilon).squareRoot()
                tk_scale(x, inputs.columns, factors[row])
            }
        }
        return (outputs, factors, squares)
    }
}

/// `unit_normalization` as a spec declares it.
public struct UnitNormalizationDefinition: LayerDefinition {
    public var epsilon: Double

    public init(epsilon: Double = 1e-12) {
        self.epsilon = epsilon
    }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) -> any Layer {
        UnitNormalization(outputDimension: input.dimension, epsilon: Float(epsilon))
    }
}

extension UnitNormalizationDefinition: CatalogComponent {
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-12, .atLeast(0), "Least squared length that is divided by."
    ).alsoKnown(as: "eps")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "unit_normalization",
        summary: "Divides each vector by its length, so that scores are cosines.",
        source: "tf.keras.layers.UnitNormalization", fields: [epsilonField.description]
    ) { UnitNormalizationDefinition(epsilon: $0[epsilonField]) }
}
