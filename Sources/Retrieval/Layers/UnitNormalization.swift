import CKernels

/// Each vector divided by its length: `tf.keras.layers.UnitNormalization`.
///
/// `y = x · rsqrt(max(Σ x², 1e-12))`; where the bound holds, the factor is a constant and so is
/// its gradient.
public struct UnitNormalization: Layer {
    public let outputDimension: Int

    /// Least squared length, as in `tf.math.l2_normalize`.
    static let epsilon: Float = 1e-12

    public init(outputDimension: Int) {
        self.outputDimension = outputDimension
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let (outputs, factors, squares) = Self.normalize(inputs)
        return LayerOutput(outputs: outputs) { gradient, _ in
            var result = gradient
            let columns = outputs.columns
            result.values.withUnsafeMutableBufferPointer { result in
                outputs.values.withUnsafeBufferPointer { outputs in
                    for row in factors.indices {
                        let start = row * columns
                        let dx = result.baseAddress! + start
                        if squares[row] > Self.epsilon {
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

    private static func normalize(
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
    public init() {}

    public func prepare(
        inputDimension: Int, path: String, _ builder: inout ModelBuilder
    ) -> any Layer {
        UnitNormalization(outputDimension: inputDimension)
    }
}

extension UnitNormalizationDefinition: CatalogComponent {
    public static let entry = ComponentEntry<any LayerDefinition>(
        "unit_normalization",
        summary: "Divides each vector by its length, so that scores are cosines.",
        source: "tf.keras.layers.UnitNormalization"
    ) { _ in UnitNormalizationDefinition() }
}
