/// A kernel and its bias as Keras's layers declare them.
public struct KernelOptions: Sendable {
    /// Whether a bias is added.
    public var useBias: Bool
    /// Where the kernel starts.
    public var kernelInitializer: any Initializer
    /// Where the bias starts.
    public var biasInitializer: any Initializer
    /// A penalty on the kernel; nil: none.
    public var kernelRegularizer: (any Regularizer)?
    /// A penalty on the bias; nil: none.
    public var biasRegularizer: (any Regularizer)?

    /// Keras's defaults of `Dense`.
    public init(
        kernelInitializer: any Initializer = VarianceScaling.glorotUniform, useBias: Bool = true
    ) {
        self.useBias = useBias
        self.kernelInitializer = kernelInitializer
        biasInitializer = Constant.zeros
    }

    /// - Parameter kernelInitializer: as the entry declared it by ``fields(kernelInitializer:)``.
    init(
        _ values: FieldValues, _ components: Components, kernelInitializer: String
    ) throws {
        useBias = values[Self.useBiasField]
        self.kernelInitializer = try components.make(
            .initializer, values[Self.kernelInitializerField(kernelInitializer)])
        biasInitializer = try components.make(.initializer, values[Self.biasInitializerField])
        kernelRegularizer = try components.regularizer(values[Self.kernelRegularizerField])
        biasRegularizer = try components.regularizer(values[Self.biasRegularizerField])
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
    static let kernelRegularizerField = Field(
        regularizer: "kernel_regularizer", "A penalty on the kernel; null: none.")
    static let biasRegularizerField = Field(
        regularizer: "bias_regularizer", "A penalty on the bias; null: none.")

    /// Adds `path/kernel`, [rows, columns].
    func addKernel(
        _ path: String, rows: Int, columns: Int, _ builder: inout ModelBuilder
    ) throws -> ParameterID {
        try builder.addParameter(
            path + "/kernel", rows: rows, columns: columns,
            initializer: kernelInitializer,
            ParameterTraits(regularizer: kernelRegularizer))
    }

    /// Adds `path/bias`, [1, columns], where there is one.
    func addBias(
        _ path: String, columns: Int, _ builder: inout ModelBuilder
    ) throws -> ParameterID? {
        guard useBias else { return nil }
        return try builder.addParameter(
            path + "/bias", rows: 1, columns: columns,
            initializer: VectorInitializer(base: biasInitializer),
            ParameterTraits(regularizer: biasRegularizer))
    }
}
