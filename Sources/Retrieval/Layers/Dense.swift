/// `activation(x·W + b)`: `tf.keras.layers.Dense`.
public struct Dense: Layer {
    public let outputDimension: Int
    let kernel: ParameterID
    let bias: ParameterID?
    let activation: Activation
    let activityRegularizer: (any Regularizer)?

    /// - Parameters:
    ///   - kernel: [input dimension, units].
    ///   - bias: [1, units].
    ///   - activityRegularizer: a penalty on the outputs, divided by the batch's size as Keras
    ///     does.
    public init(
        kernel: ParameterID, bias: ParameterID?, units: Int,
        activation: Activation = Activation(.linear),
        activityRegularizer: (any Regularizer)? = nil
    ) {
        outputDimension = units
        self.kernel = kernel
        self.bias = bias
        self.activation = activation
        self.activityRegularizer = activityRegularizer
    }

    /// Where there is so little to do that all lanes' gradient is one sum, there is nothing to
    /// share.
    public func spreads(rows: Int, _ parameters: Parameters) -> Bool {
        let cost = outputDimension * max(1, parameters[kernel].rows)
        return activityRegularizer == nil
            && Lanes.pieces(of: rows, cost: cost) == Lanes.count
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let pass = DensePass(
            inputs, parameters[kernel], bias: bias.map { parameters[$0] }, activation,
            context.lanes, pieces: context.share?.lanes)
        return LayerOutput(outputs: pass.outputs) { gradient, gradients in
            var gradient = gradient
            if let activityRegularizer {
                ActivityPenalty(activityRegularizer, context.multiplicities)
                    .add(on: pass.outputs, to: &gradient, &gradients)
            }
            let found = pass.gradients(of: gradient)
            gradients.add(.dense(found.weights), to: kernel)
            if let bias { gradients.add(.dense(found.bias), to: bias) }
            return found.inputs
        }
    }
}

/// A regularizer of a layer's outputs: Keras divides its penalty by the number of outputs, copies
/// counted.
private struct ActivityPenalty {
    let regularizer: any Regularizer
    let multiplicities: [Float]?

    init(_ regularizer: any Regularizer, _ multiplicities: [Float]?) {
        self.regularizer = regularizer
        self.multiplicities = multiplicities
    }

    func add(on outputs: Matrix, to gradient: inout Matrix, _ gradients: inout Gradients) {
        let counts = multiplicities ?? [Float](repeating: 1, count: outputs.rows)
        let total = counts.reduce(0, +)
        let own = regularizer.gradient(of: outputs)
        for row in 0..<outputs.rows {
            let weight = counts[row] / total
            for column in 0..<outputs.columns {
                gradient[row, column] += weight * own[row, column]
            }
            let penalty = regularizer.loss(
                of: Matrix(rows: 1, columns: outputs.columns, values: Array(outputs.row(row))))
            gradients.regularizationLoss += Double(weight) * penalty
        }
    }
}

/// `dense` as a spec declares it.
public struct DenseDefinition: LayerDefinition {
    /// Length of the output; at least 1.
    public var units: Int
    /// What the output passes through.
    public var activation: Activation = Activation(.linear)
    public var options = KernelOptions()
    /// A penalty on the output, divided by the batch's size; nil: none.
    public var activityRegularizer: (any Regularizer)?

    public init(units: Int, activation: Activation = Activation(.linear)) {
        self.units = units
        self.activation = activation
    }

    public func outputDimension(of input: Int?) -> Int? { units }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer {
        try prepareDense(input, path: path, &builder)
    }

    func prepareDense(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> Dense {
        Dense(
            kernel: try options.addKernel(
                path, rows: input.dimension, columns: units, &builder),
            bias: try options.addBias(path, columns: units, &builder), units: units,
            activation: activation,
            activityRegularizer: activityRegularizer)
    }
}

extension DenseDefinition: CatalogComponent {
    static let unitsField = Field<Int>(
        "units", default: nil, .between(1, and: 1 << 16), "Length of the output."
    ).alsoKnown(as: "output_dim", "dim", "dimension", "size", "hidden", "width")
    static let activationField = Field<ActivationFunction>(
        "activation", default: .linear, "What the output passes through."
    ).alsoKnown(as: "activation_function", "nonlinearity")
    package static let activityRegularizerField = Field(
        regularizer: "activity_regularizer",
        "A penalty on the output, divided by the batch's size; null: none.")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "dense", summary: "A linear map, a bias and an activation.",
        source: "tf.keras.layers.Dense",
        fields: [unitsField.description, activationField.description]
            + KernelOptions.fields(kernelInitializer: "glorot_uniform")
            + [activityRegularizerField.description]
    ) { values, components in
        var dense = DenseDefinition(
            units: values[unitsField], activation: Activation(values[activationField]))
        dense.options = try KernelOptions(
            values, components, kernelInitializer: "glorot_uniform")
        dense.activityRegularizer = try components.regularizer(values[activityRegularizerField])
        return dense
    }
}
