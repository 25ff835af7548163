import Retrieval

/// `train:` epochs, batches and the optimizer.
public struct TrainSection: Sendable {
    public var epochs: Int
    public var batchSize: Int
    public var reshuffle: Bool
    public var deduplicate: Deduplication
    public var optimizer: ComponentChoice

    init(_ values: FieldValues) {
        epochs = values[Self.epochsField]
        batchSize = values[Self.batchSizeField]
        reshuffle = values[Self.reshuffleField]
        deduplicate = values[Self.deduplicateField]
        optimizer = values[Self.optimizerField]
    }

    static let epochsField = Field<Int>(
        "epochs", default: 1, .atLeast(1), "How often the training examples are seen.")
    static let batchSizeField = Field<Int>(
        "batch_size", default: 8192, .atLeast(1), unit: "examples",
        "Examples of a step; its candidates are each other's negatives.")
    static let reshuffleField = Field<Bool>(
        "reshuffle", default: true,
        """
        Whether every epoch draws new batches. false keeps those of the first epoch, as the TFRS \
        tutorial's shuffle, batch, cache does.
        """)
    static let deduplicateField = Field<Deduplication>(
        "deduplicate", default: .auto,
        "auto scores equal queries and candidates of a batch once; off does not.")
    static let optimizerField = Field<ComponentChoice>(
        "optimizer", type: .component(ComponentSlot(.optimizer)),
        default: .string(Adagrad.entry.description.name),
        "The rule that moves the weights.")

    static let description = ObjectDescription(
        name: "train",
        fields: [
            epochsField.description, batchSizeField.description, reshuffleField.description,
            deduplicateField.description, optimizerField.description,
        ])
}
