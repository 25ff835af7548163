/// Each vector divided by its length: `tf.keras.layers.UnitNormalization`.
///
/// `y = x · rsqrt(max(Σ x², epsilon))`.
public struct UnitNormalization: Layer {
    public let outputDimension: Int
    /// Least squared length, as in `tf.math.l2_normalize`.
    let epsilon: Float

    public init(outputDimension: Int, epsilon: Float = 1e-12) {
        self.outputDimension = outputDimension
        self.epsilon = epsilon
    }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool { true }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let rows = UnitRows(inputs, epsilon: epsilon)
        return LayerOutput(outputs: rows.outputs) { gradient, _ in rows.pullback(gradient) }
    }
}

/// `unit_normalization` as a spec declares it.
public struct UnitNormalizationDefinition: LayerDefinition {
    /// Least squared length that is divided by; at least 0.
    public var epsilon: Double

    public init(epsilon: Double = 1e-12) {
        self.epsilon = epsilon
    }

    public var hasUnitOutput: Bool { true }

    public func outputDimension(of input: Int?) -> Int? { input }

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
