/// What Keras's recurrent layers have in common.
struct RecurrentOptions: Sendable {
    var units: Int
    var activation: ActivationFunction
    var recurrentActivation: ActivationFunction
    var recurrentInitializer: any Initializer
    var kernel: KernelOptions

    init(_ values: FieldValues, _ components: Components) throws {
        units = values[Self.unitsField]
        activation = values[Self.activationField]
        recurrentActivation = values[Self.recurrentActivationField]
        recurrentInitializer = try components.make(
            .initializer, values[Self.recurrentInitializerField])
        kernel = try KernelOptions(values, components, kernelInitializer: "glorot_uniform")
    }

    /// Whether the activations are those that the kernels of ``PaddedCell`` have.
    var hasDefaultActivations: Bool {
        activation == .tanh && recurrentActivation == .sigmoid
    }

    static let unitsField = Field<Int>(
        "units", default: nil, .between(1, and: 1 << 14), "Length of the state and the output."
    ).alsoKnown(as: "output_dim", "hidden_size", "dim", "dimension", "size")
    static let activationField = Field<ActivationFunction>(
        "activation", default: .tanh, "What the candidate state passes through.")
    static let recurrentActivationField = Field<ActivationFunction>(
        "recurrent_activation", default: .sigmoid, "What the gates pass through.")
    static let recurrentInitializerField = Field<ComponentChoice>(
        "recurrent_initializer", type: .component(ComponentSlot(.initializer)),
        default: .string("orthogonal"), "Where the state's kernel starts.")

    static let fields =
        [
            unitsField.description, activationField.description,
            recurrentActivationField.description, recurrentInitializerField.description,
        ] + KernelOptions.fields(kernelInitializer: "glorot_uniform")

    struct Weights {
        var kernel: ParameterID
        var recurrentKernel: ParameterID
        var bias: ParameterID?
    }

    /// Adds `kernel`, `recurrent_kernel` and `bias`, of `biasRows` rows.
    func addWeights(
        gates: Int, dimension: Int, biasRows: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> Weights {
        let columns = gates * units
        let inputs = try kernel.addKernel(path, rows: dimension, columns: columns, &builder)
        let recurrent = try builder.addParameter(
            path + "/recurrent_kernel", rows: units, columns: columns,
            initializer: recurrentInitializer)
        let bias =
            kernel.useBias
            ? try builder.addParameter(
                path + "/bias", rows: biasRows, columns: columns,
                initializer: VectorInitializer(base: kernel.biasInitializer),
                ParameterTraits(regularizer: kernel.biasRegularizer))
            : nil
        return Weights(kernel: inputs, recurrentKernel: recurrent, bias: bias)
    }
}
