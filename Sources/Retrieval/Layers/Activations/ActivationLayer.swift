/// An activation function as a layer: `tf.keras.layers.Activation`, and, with `alpha`,
/// `tf.keras.layers.LeakyReLU` and `tf.keras.layers.ELU`.
public struct ActivationLayer: Layer {
    /// What each number, or for softmax each vector, passes through.
    public let activation: Activation
    public let outputDimension: Int

    public init(_ activation: Activation, outputDimension: Int) {
        self.activation = activation
        self.outputDimension = outputDimension
    }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool { true }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let output = activation.apply(inputs, context.lanes)
        return LayerOutput(outputs: output.outputs) { gradient, _ in output.pullback(gradient) }
    }
}

/// `activation` as a spec declares it.
public struct ActivationDefinition: LayerDefinition {
    /// What each number, or for softmax each vector, passes through.
    public var activation: Activation
    /// Whether the parameter is given, and not the function's own.
    var hasAlpha = false

    public func outputDimension(of input: Int?) -> Int? { input }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) -> any Layer {
        ActivationLayer(activation, outputDimension: input.dimension)
    }
}

extension ActivationDefinition: SelfChecking {
    public func check() throws(DataError) {
        guard hasAlpha, ![.leakyReLU, .elu].contains(activation.function) else { return }
        throw .impossible(
            "'alpha' is for leaky_relu and elu; found the activation "
                + activation.function.rawValue)
    }
}

extension ActivationDefinition: CatalogComponent {
    static let activationField = Field<ActivationFunction>(
        "activation", required: ActivationFunction.self, "The function."
    ).alsoKnown(as: "function", "name")
    static let alphaField = Field<Double?>(
        "alpha", optional: .any,
        """
        Slope of leaky_relu below zero, or what elu tends to there; null: 0.2 for leaky_relu, 1 \
        for elu. Other functions have none.
        """
    ).alsoKnown(as: "negative_slope")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "activation", summary: "A function of each number; softmax, of each vector.",
        source: "tf.keras.layers.Activation, LeakyReLU, ELU",
        fields: [activationField.description, alphaField.description]
    ) { values in
        ActivationDefinition(
            activation: Activation(
                values[activationField], alpha: values[alphaField].map(Float.init)),
            hasAlpha: values[alphaField] != nil)
    }
}
