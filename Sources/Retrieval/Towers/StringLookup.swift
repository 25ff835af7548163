/// An id, looked up in a vocabulary and embedded: `tf.keras.layers.StringLookup(mask_token=None)`
/// followed by `tf.keras.layers.Embedding`.
///
/// Row 0 of the table is for tokens out of vocabulary, as with Keras's one OOV index.
public struct StringLookup: FeatureDefinition {
    public var column: String
    public var embedding: EmbeddingOptions

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        guard case .tokens(let tokens) = input.values, let vocabulary = input.vocabulary else {
            throw DataError.wrongColumn(
                name: column, table: "data", required: "tokens", found: input.values.kind)
        }
        let index = try Vocabulary(vocabulary)
        let table = try builder.addParameter(
            path + "/embeddings", rows: index.size, columns: embedding.outputDim,
            initializer: try builder.catalog.initializers.make(embedding.initializer))
        return IDEmbedding(
            indices: index.lookup(tokens), table: table, dimension: embedding.outputDim)
    }
}

/// The options of `tf.keras.layers.Embedding`.
public struct EmbeddingOptions: Sendable {
    public var outputDim: Int
    public var initializer: ComponentChoice

    init(_ values: FieldValues) {
        outputDim = values[Self.outputDimField]
        initializer = values[Self.initializerField]
    }

    static let outputDimField = Field<Int>(
        "output_dim", default: nil, .between(1, and: 65_536), "Length of an embedding."
    ).alsoKnown(as: "dimension", "dim", "embedding_dim", "embedding_dimension", "size", "units")
    static let initializerField = Field<ComponentChoice>(
        "embeddings_initializer", type: .component(ComponentSlot(.initializer)),
        default: .string(RandomUniform.entry.description.name), "Where the table starts.")

    static let description = ObjectDescription(
        name: "embedding", fields: [outputDimField.description, initializerField.description])
}

extension StringLookup: CatalogComponent {
    static let columnField = Field("column", required: String.self, "The data column to read.")
        .alsoKnown(as: "name", "feature", "key")
    static let embeddingField = Field<FieldValues>(
        "embedding", type: .object(EmbeddingOptions.description), default: nil,
        "The table of embeddings.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "string_lookup", summary: "An id, looked up in a vocabulary and embedded.",
        source: "tf.keras.layers.StringLookup and tf.keras.layers.Embedding",
        fields: [columnField.description, embeddingField.description]
    ) { values in
        StringLookup(
            column: values[columnField], embedding: EmbeddingOptions(values[embeddingField]))
    }
}
