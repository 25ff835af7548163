/// The options of `tf.keras.layers.Embedding`, and of what becomes of lists.
public struct EmbeddingOptions: Sendable {
    /// Length of an embedding; at least 1.
    public var outputDim: Int
    /// Where the table starts.
    public var initializer: Chosen<any Initializer>
    /// A penalty on the whole table in every step; nil: none.
    public var regularizer: Chosen<any Regularizer>?
    /// How the embeddings of a list become one.
    public var combiner: Combiner
    /// Whether index 0, padding or the mask token, is left out of a list.
    public var maskZero: Bool
    /// The table's name, by which features share it.
    public var table: String?
    /// A file of numbers that the table starts with; nil: none.
    public var weights: PretrainedWeights?
    /// Whether training moves the table.
    public var trainable: Bool

    init(_ values: FieldValues, _ components: Components) throws {
        outputDim = values[Self.outputDimField]
        initializer = try components.chosen(.initializer, values[Self.initializerField])
        regularizer = try values[Self.regularizerField].map {
            try components.chosen(.regularizer, $0)
        }
        combiner = values[Self.combinerField]
        maskZero = values[Self.maskZeroField]
        table = values[Self.tableField]
        weights = values[Self.weightsField].map(PretrainedWeights.init)
        trainable = values[Self.trainableField]
    }

    /// What is to be said of a table with these options.
    func advice() -> [Advice] {
        trainable || weights != nil
            ? []
            : [
                Advice(
                    at: Self.trainableField,
                    """
                    'trainable: false' without 'weights' keeps embeddings as they are drawn at \
                    random
                    """)
            ]
    }

    static let outputDimField = Field<Int>(
        "output_dim", default: nil, .between(1, and: 65_536), "Length of an embedding."
    ).alsoKnown(
        as: "dimension", "dim", "embedding_dim", "embedding_dimension", "output_dimension", "size",
        "units")
    static let initializerField = Field<ComponentChoice>(
        "embeddings_initializer", type: .component(ComponentSlot(.initializer)),
        default: .string(RandomUniform.entry.description.name), "Where the table starts.")
    static let regularizerField = Field(
        regularizer: "embeddings_regularizer",
        """
        A penalty on the whole table in every step; null: none. Its gradient moves rows that no \
        example of the step looks up too, as in Keras.
        """)
    static let combinerField = Field<Combiner>(
        "combiner", default: .mean, "How the embeddings of a list become one.")
    static let maskZeroField = Field<Bool>(
        "mask_zero", default: false,
        "Whether index 0, padding or the mask token, is left out of a list.")
    static let tableField = Field<String?>(
        "table", default: nil,
        "A name for the table: features that give the same name share it, in both towers.")
    static let weightsField = Field<FieldValues?>(
        "weights", type: .optional(.object(PretrainedWeights.description)), default: .null,
        "A file of numbers that the table starts with.")
    static let trainableField = Field<Bool>(
        "trainable", default: true, "Whether training moves the table.")

    static let description = ObjectDescription(
        name: "embedding",
        fields: [
            outputDimField.description, initializerField.description,
            regularizerField.description, combinerField.description, maskZeroField.description,
            tableField.description, weightsField.description, trainableField.description,
        ])
}
