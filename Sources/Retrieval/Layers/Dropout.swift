/// In training, sets each number to zero with probability `rate` and divides the others by
/// `1 − rate`: `tf.keras.layers.Dropout` (Srivastava et al., 2014).
public struct Dropout: Layer {
    /// The share of numbers that are set to 0 in training, in 0 ..< 1; the others are divided by 1
    /// − rate.
    public let rate: Float
    public let outputDimension: Int
    /// The name of the stream that it draws from.
    let stream: String

    public init(rate: Float, outputDimension: Int, stream: String) {
        self.rate = rate
        self.outputDimension = outputDimension
        self.stream = stream
    }

    public var requiresDistinctRows: Bool { rate > 0 }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool { true }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        guard rate > 0, let step = context.step else {
            return LayerOutput(outputs: inputs) { gradient, _ in gradient }
        }
        var random = step.stream(stream)
        // Rows of other ranks draw as well.
        for _ in 0..<Int(context.share?.own.first ?? 0) * inputs.columns { _ = random.next() }
        let scale = 1 / (1 - rate)
        var factors = inputs
        for index in factors.values.indices {
            factors.values[index] = random.uniformFloat(in: 0..<1) < rate ? 0 : scale
        }
        return LayerOutput(outputs: inputs.multiplied(by: factors)) { [factors] gradient, _ in
            gradient.multiplied(by: factors)
        }
    }
}

/// `dropout` as a spec declares it.
public struct DropoutDefinition: LayerDefinition {
    /// The share of numbers that are set to 0 in training, in 0 ..< 1.
    public var rate: Double

    public func outputDimension(of input: Int?) -> Int? { input }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) -> any Layer {
        Dropout(rate: Float(rate), outputDimension: input.dimension, stream: path)
    }
}

extension DropoutDefinition: CatalogComponent {
    static let rateField = Field<Double>(
        "rate", default: nil, .from(0, below: 1), "Share of the numbers that are dropped."
    ).alsoKnown(as: "p", "probability", "dropout")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "dropout",
        summary: """
            In training, drops numbers at random. Every input of a batch is then encoded by \
            itself, equal or not.
            """,
        source: "tf.keras.layers.Dropout; Srivastava et al., 2014",
        fields: [rateField.description]
    ) { DropoutDefinition(rate: $0[rateField]) }
}
