/// A kernel and its bias as Keras's layers declare them.
public struct KernelOptions: Sendable {
    public var useBias: Bool
    public var kernelInitializer: ComponentChoice
    public var biasInitializer: ComponentChoice
    public var kernelRegularizer: ComponentChoice?
    public var biasRegularizer: ComponentChoice?

    /// Keras's defaults of `Dense`.
    public init(kernelInitializer: String = "glorot_uniform", useBias: Bool = true) {
        self.useBias = useBias
        self.kernelInitializer = ComponentChoice(name: kernelInitializer)
        biasInitializer = ComponentChoice(name: "zeros")
    }

    init(_ values: FieldValues, kernelInitializer: String) {
        useBias = values[Self.useBiasField]
        self.kernelInitializer = values[Self.kernelInitializerField(kernelInitializer)]
        biasInitializer = values[Self.biasInitializerField]
        kernelRegularizer = values[Self.kernelRegularizerField]
        biasRegularizer = values[Self.biasRegularizerField]
    }

    static func fields(kernelInitializer: String) -> [FieldDescription] {
        [
            useBiasField.description, kernelInitializerField(kernelInitializer).description,
            biasInitializerField.description, kernelRegularizerField.description,
            biasRegularizerField.description,
        ]
    }

    static let useBiasField = Field("use_bias", default: true, "Whether a bias is added.")
        .alsoKnown(as: "bias")
    static func kernelInitializerField(_ name: String) -> Field<ComponentChoice> {
        Field(
            "kernel_initializer", type: .component(ComponentSlot(.initializer)),
            default: .string(name), "Where the kernel starts.")
    }
    static let biasInitializerField = Field<ComponentChoice>(
        "bias_initializer", type: .component(ComponentSlot(.initializer)),
        default: .string("zeros"), "Where the bias starts.")
    static let kernelRegularizerField = regularizerField(
        "kernel_regularizer", "A penalty on the kernel; null: none.")
    static let biasRegularizerField = regularizerField(
        "bias_regularizer", "A penalty on the bias; null: none.")

    static func regularizerField(_ name: String, _ summary: String) -> Field<ComponentChoice?> {
        Field(
            name, type: .optional(.component(ComponentSlot(.regularizer))), default: .null, summary)
    }

    /// Adds `path/kernel`, [rows, columns].
    func addKernel(
        _ path: String, rows: Int, columns: Int, _ builder: inout ModelBuilder
    ) throws -> ParameterID {
        try builder.addParameter(
            path + "/kernel", rows: rows, columns: columns,
            initializer: try builder.catalog.initializers.make(kernelInitializer),
            ParameterTraits(regularizer: try builder.regularizer(kernelRegularizer)))
    }

    /// Adds `path/bias`, [1, columns], where there is one.
    func addBias(
        _ path: String, columns: Int, _ builder: inout ModelBuilder
    ) throws -> ParameterID? {
        guard useBias else { return nil }
        return try builder.addParameter(
            path + "/bias", rows: 1, columns: columns,
            initializer: try builder.catalog.initializers.make(biasInitializer),
            ParameterTraits(regularizer: try builder.regularizer(biasRegularizer)))
    }
}

extension ModelBuilder {
    func regularizer(_ choice: ComponentChoice?) throws -> (any Regularizer)? {
        try choice.map { try catalog.regularizers.make($0) }
    }
}
