/// Dense layers one after the other: `tfrs.layers.blocks.MLP`.
public struct MLPDefinition: LayerDefinition {
    /// Lengths of the layers' outputs, in order; each at least 1.
    public var units: [Int]
    /// What all outputs but the last pass through.
    public var activation: ActivationFunction
    /// What the last output passes through.
    public var finalActivation: ActivationFunction
    /// Whether biases are added.
    public var useBias: Bool

    public func outputDimension(of input: Int?) -> Int? { units.last ?? input }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer {
        var dimension = input.dimension
        var layers: [any Layer] = []
        for (index, units) in units.enumerated() {
            let isLast = index == self.units.count - 1
            var dense = DenseDefinition(
                units: units, activation: Activation(isLast ? finalActivation : activation))
            dense.options = KernelOptions(useBias: useBias)
            layers.append(
                try dense.prepare(
                    LayerInput(dimension: dimension), path: "\(path)/dense_\(index)", &builder))
            dimension = units
        }
        return LayerStack(layers, inputDimension: input.dimension)
    }
}

extension MLPDefinition: CatalogComponent {
    static let unitsField = Field<[Int]>(
        "units", type: .list(.integer(.between(1, and: 1 << 16)), count: .atLeast(1)),
        default: nil, "Lengths of the layers' outputs, first to last."
    ).alsoKnown(as: "layers", "hidden_units", "sizes", "hidden_layers")
    static let activationField = Field<ActivationFunction>(
        "activation", default: .relu, "What follows every layer but the last.")
    static let finalActivationField = Field<ActivationFunction>(
        "final_activation", default: .linear, "What follows the last layer.")
    static let useBiasField = Field("use_bias", default: true, "Whether the layers have biases.")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "mlp", summary: "Dense layers one after the other.", source: "tfrs.layers.blocks.MLP",
        fields: [
            unitsField.description, useBiasField.description, activationField.description,
            finalActivationField.description,
        ]
    ) { values in
        MLPDefinition(
            units: values[unitsField], activation: values[activationField],
            finalActivation: values[finalActivationField], useBias: values[useBiasField])
    }
}
