import Retrieval

/// `train:` epochs, batches and the optimizer.
public struct TrainSection: Sendable {
    /// How often the training examples are seen; at least 1.
    public var epochs: Int
    /// Examples of a step; at least 1.
    public var batchSize: Int
    /// Which examples make a batch.
    public var batches: BatchGrouping
    /// Whether every epoch draws new batches.
    public var reshuffle: Bool
    /// Whether equal queries and candidates of a batch are scored once.
    public var deduplicate: Deduplication
    /// Batches whose gradients make one step of the optimizers; at least 1.
    public var gradientAccumulationSteps: Int
    /// What moves the parameters that no rule of ``optimizers`` names.
    public var optimizer: ComponentChoice
    /// Optimizers of their own for parameters of certain names.
    public var optimizers: [ComponentChoice]
    /// Candidates drawn as negatives for every query; nil: none.
    public var extraNegatives: ExtraNegativesSection?
    /// Nil: training goes on to its last epoch.
    public var earlyStopping: EarlyStoppingSection?

    init(_ values: FieldValues) {
        epochs = values[Self.epochsField]
        batchSize = values[Self.batchSizeField]
        batches = values[Self.batchesField]
        reshuffle = values[Self.reshuffleField]
        deduplicate = values[Self.deduplicateField]
        gradientAccumulationSteps = values[Self.gradientAccumulationStepsField]
        optimizer = values[Self.optimizerField]
        optimizers = values[Self.optimizersField]
        extraNegatives = values[Self.extraNegativesField].map(ExtraNegativesSection.init)
        earlyStopping = values[Self.earlyStoppingField].map(EarlyStoppingSection.init)
    }

    static let epochsField = Field<Int>(
        "epochs", default: 1, .atLeast(1), "How often the training examples are seen.")
    static let batchSizeField = Field<Int>(
        "batch_size", default: 8192, .atLeast(1), unit: "examples",
        "Examples of a step; its candidates are each other's negatives.")
    static let batchesField = Field<BatchGrouping>(
        "batches", default: .byExample,
        """
        by_example: examples in random order; by_query: whole users in random order, each with all \
        its examples, as many as batch_size holds. Histories of one user are then encoded in one \
        pass, and a user's own other items are among its negatives unless the task removes them.
        """)
    static let reshuffleField = Field<Bool>(
        "reshuffle", default: true,
        """
        Whether every epoch draws new batches. false keeps those of the first epoch, as the TFRS \
        tutorial's shuffle, batch, cache does.
        """)
    static let deduplicateField = Field<Deduplication>(
        "deduplicate", default: .auto,
        "auto scores equal queries and candidates of a batch once; off does not.")
    static let gradientAccumulationStepsField = Field<Int>(
        "gradient_accumulation_steps", default: 1, .atLeast(1), unit: "batches",
        """
        Batches whose gradients make one step of the optimizers: that of the loss over all of \
        them, each with its own negatives. What is left when an epoch ends makes a step too.
        """)
    static let optimizerField = Field<ComponentChoice>(
        "optimizer", type: .component(ComponentSlot(.optimizer)),
        default: .string(Adagrad.entry.description.name),
        "The rule that moves the weights.")
    static let matchField = Field(
        "match", required: String.self,
        "Names of parameters, such as */embeddings; * stands for any characters.")
    static let optimizersField = Field<[ComponentChoice]>(
        "optimizers",
        type: .list(
            .component(ComponentSlot(.optimizer, commonFields: [matchField.description])),
            count: .any),
        default: .list([]), "Optimizers for parameters whose names match, in place of optimizer.")
    static let extraNegativesField = Field<FieldValues?>(
        "extra_negatives", type: .optional(.object(ExtraNegativesSection.description)),
        default: .null,
        "Candidates drawn from the corpus as negatives for every query of a batch; null: none.")
    static let earlyStoppingField = Field<FieldValues?>(
        "early_stopping", type: .optional(.object(EarlyStoppingSection.description)),
        default: .null,
        "Ends training when a figure no longer improves; null: after the last epoch.")

    static let description = ObjectDescription(
        name: "train",
        fields: [
            epochsField.description, batchSizeField.description, batchesField.description,
            reshuffleField.description, deduplicateField.description,
            gradientAccumulationStepsField.description,
            optimizerField.description, optimizersField.description,
            extraNegativesField.description, earlyStoppingField.description,
        ])
}

/// `extra_negatives:` mixed negative sampling.
public struct ExtraNegativesSection: Sendable {
    public var count: Int
    /// How they are drawn.
    public var distribution: ExtraNegatives.Distribution

    static let countField = Field<Int>(
        "count", default: nil, .between(1, and: 1_000_000), "Draws of every training step.")
    static let distributionField = Field<ExtraNegatives.Distribution>(
        "distribution", default: .uniform,
        "uniform: every candidate alike; popularity: by share of the training interactions.")
    static let description = ObjectDescription(
        name: "extra_negatives", fields: [countField.description, distributionField.description])

    init(_ values: FieldValues) {
        count = values[Self.countField]
        distribution = values[Self.distributionField]
    }
}
