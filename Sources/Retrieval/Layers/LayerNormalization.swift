/// Each vector with its mean taken off, divided by its deviation, scaled and shifted:
/// `tf.keras.layers.LayerNormalization` over the last axis (Ba et al., 2016).
///
/// `y = γ (x − mean) / √(variance + ε) + β`, with the variance of a population.
public struct LayerNormalization: Layer {
    public let outputDimension: Int
    let epsilon: Float
    /// [1, outputDimension]; nil: 1.
    let gamma: ParameterID?
    /// [1, outputDimension]; nil: 0.
    let beta: ParameterID?

    public init(
        outputDimension: Int, epsilon: Float = 1e-3, gamma: ParameterID?, beta: ParameterID?
    ) {
        self.outputDimension = outputDimension
        self.epsilon = epsilon
        self.gamma = gamma
        self.beta = beta
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let (normalized, scales) = normalize(inputs)
        let weights = gamma.map { parameters[$0] }
        let shift = beta.map { parameters[$0] }
        return LayerOutput(outputs: normalized.scaledColumns(by: weights, shiftedBy: shift)) {
            gradient, gradients in
            if let beta { gradients.add(.dense(gradient.columnSums()), to: beta) }
            if let gamma {
                gradients.add(
                    .dense(gradient.multiplied(by: normalized).columnSums()), to: gamma)
            }
            return inputGradient(
                gradient.scaledColumns(by: weights, shiftedBy: nil), normalized, scales)
        }
    }

    private func normalize(_ inputs: Matrix) -> (normalized: Matrix, scales: [Float]) {
        var normalized = inputs
        var scales = [Float](repeating: 0, count: inputs.rows)
        let (columns, count) = (inputs.columns, Float(inputs.columns))
        normalized.values.withUnsafeMutableBufferPointer { values in
            for row in 0..<inputs.rows {
                let range = (row * columns)..<((row + 1) * columns)
                var mean: Float = 0
                for index in range { mean += values[index] }
                mean /= count
                var variance: Float = 0
                for index in range {
                    values[index] -= mean
                    variance += values[index] * values[index]
                }
                scales[row] = 1 / (variance / count + epsilon).squareRoot()
                for index in range { values[index] *= scales[row] }
            }
        }
        return (normalized, scales)
    }

    /// (g − mean(g) − x̂ mean(g x̂)) / √(variance + ε), where g is the gradient of x̂.
    private func inputGradient(
        _ gradient: Matrix, _ normalized: Matrix, _ scales: [Float]
    ) -> Matrix {
        var result = gradient
        let (columns, count) = (gradient.columns, Float(gradient.columns))
        result.values.withUnsafeMutableBufferPointer { g in
            normalized.values.withUnsafeBufferPointer { x in
                for row in scales.indices {
                    let range = (row * columns)..<((row + 1) * columns)
                    var (mean, slope): (Float, Float) = (0, 0)
                    for index in range {
                        mean += g[index]
                        slope += g[index] * x[index]
                    }
                    mean /= count
                    slope /= count
                    for index in range {
                        g[index] = (g[index] - mean - x[index] * slope) * scales[row]
                    }
                }
            }
        }
        return result
    }
}

/// `layer_normalization` as a spec declares it.
public struct LayerNormalizationDefinition: LayerDefinition {
    /// What is added to the variance; above 0.
    public var epsilon: Double
    /// Whether an offset is learned.
    public var center: Bool
    /// Whether a factor is learned.
    public var scale: Bool

    public init(epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true) {
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
    }

    public func outputDimension(of input: Int?) -> Int? { input }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) -> any Layer {
        let dimension = input.dimension
        let ones = Matrix(rows: 1, columns: dimension, repeating: 1)
        let zeros = Matrix(rows: 1, columns: dimension)
        return LayerNormalization(
            outputDimension: dimension, epsilon: Float(epsilon),
            gamma: scale ? builder.addParameter(path + "/gamma", ones) : nil,
            beta: center ? builder.addParameter(path + "/beta", zeros) : nil)
    }
}

extension LayerNormalizationDefinition: CatalogComponent {
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-3, .greaterThan(0), "Added to the variance."
    ).alsoKnown(as: "eps")
    static let centerField = Field("center", default: true, "Whether a learned shift is added.")
    static let scaleField = Field("scale", default: true, "Whether a learned scale is applied.")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "layer_normalization", summary: "Gives each vector mean 0 and variance 1.",
        source: "tf.keras.layers.LayerNormalization; Ba et al., 2016",
        fields: [epsilonField.description, centerField.description, scaleField.description]
    ) {
        LayerNormalizationDefinition(
            epsilon: $0[epsilonField], center: $0[centerField], scale: $0[scaleField])
    }
}
