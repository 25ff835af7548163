import Retrieval

/// `task:` the options of `tfrs.tasks.Retrieval` and of its call.
public struct TaskSection: Sendable {
    public var temperature: Double?
    /// Negatives with the highest scores that alone count; nil: all count.
    public var numHardNegatives: Int?
    /// Whether copies of a query's positive are no negatives of it.
    public var removeAccidentalHits: Bool
    /// How likely candidates are to be negatives; nil: no correction.
    public var candidateSamplingProbability: SamplingChoice?
    /// The interactions' column of weights; nil: all weigh 1.
    public var sampleWeight: ColumnReference?
    /// What a query's negatives are not; nil: any are.
    public var scoreMask: ScoreMaskRule?

    init(_ values: FieldValues) {
        temperature = values[Self.temperatureField]
        numHardNegatives = values[Self.numHardNegativesField]
        removeAccidentalHits = values[Self.removeAccidentalHitsField]
        candidateSamplingProbability = values[Self.candidateSamplingProbabilityField]
        sampleWeight = values[Self.sampleWeightField]
        scoreMask = values[Self.scoreMaskField]
    }

    static let temperatureField = Field<Double?>(
        "temperature", optional: .greaterThan(0),
        "What the scores are divided by; null leaves them as they are.")
    static let numHardNegativesField = Field<Int?>(
        "num_hard_negatives", optional: .atLeast(1),
        "How many of the highest-scoring negatives of each query take part; null: all.")
    static let removeAccidentalHitsField = Field<Bool>(
        "remove_accidental_hits", default: false,
        "Whether other copies of a query's own candidate are removed from its negatives.")
    static let candidateSamplingProbabilityField = Field<SamplingChoice?>(
        "candidate_sampling_probability",
        type: .optional(
            .either([
                .choice(SamplingChoice.names), .object(ColumnReference.description),
            ])),
        default: .null,
        "How likely each candidate is to be in a batch: log p is subtracted from its scores.")
    static let sampleWeightField = Field<ColumnReference?>(
        "sample_weight", type: .optional(.object(ColumnReference.description)), default: .null,
        "The column of the interactions that weights each one's loss; null: 1.")
    static let scoreMaskField = Field<ScoreMaskRule?>(
        "score_mask", default: nil,
        "seen_items hides what a query has in training from its negatives; null: nothing.")

    package static let description = ObjectDescription(
        name: "task",
        fields: [
            temperatureField.description, numHardNegativesField.description,
            removeAccidentalHitsField.description, candidateSamplingProbabilityField.description,
            sampleWeightField.description, scoreMaskField.description,
        ])
}

/// Where the sampling correction's probabilities come from.
public enum SamplingChoice: FieldConvertible {
    /// The candidate's share of the training interactions.
    case trainingFrequency
    /// Learned from the stream of batches (Yi et al., 2019).
    case streamingEstimate
    /// All candidates alike.
    case uniform
    /// A column of the candidates' table.
    case column(ColumnReference)

    static let names = ["from_training_frequency", "streaming_estimate", "uniform"]

    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .string("from_training_frequency"): self = .trainingFrequency
        case .string("streaming_estimate"): self = .streamingEstimate
        case .string("uniform"): self = .uniform
        case .object:
            guard let reference = ColumnReference(fieldValue: fieldValue) else { return nil }
            self = .column(reference)
        default: return nil
        }
    }

    public var fieldValue: FieldValue {
        switch self {
        case .trainingFrequency: .string("from_training_frequency")
        case .streamingEstimate: .string("streaming_estimate")
        case .uniform: .string("uniform")
        case .column(let reference): reference.fieldValue
        }
    }
}

/// Which pairs a batch may not score.
public enum ScoreMaskRule: String, FieldChoice {
    /// A query's own training items, but for the positive.
    case seenItems = "seen_items"
}

/// `{column: NAME}`.
public struct ColumnReference: FieldConvertible {
    public var column: String

    static let columnField = Field("column", required: String.self, "The data column to read.")
    static let description = ObjectDescription(
        name: "column reference", fields: [columnField.description])

    public init?(fieldValue: FieldValue) {
        guard case .object(let values) = fieldValue else { return nil }
        column = values[Self.columnField]
    }

    public var fieldValue: FieldValue {
        var values = FieldValues()
        values[Self.columnField.name] = .string(column)
        return .object(values)
    }
}
