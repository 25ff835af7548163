import Retrieval

/// `task:` the options of `tfrs.tasks.Retrieval`.
public struct TaskSection: Sendable {
    public var temperature: Double?
    public var numHardNegatives: Int?
    public var removeAccidentalHits: Bool

    init(_ values: FieldValues) {
        temperature = values[Self.temperatureField]
        numHardNegatives = values[Self.numHardNegativesField]
        removeAccidentalHits = values[Self.removeAccidentalHitsField]
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

    static let description = ObjectDescription(
        name: "task",
        fields: [
            temperatureField.description, numHardNegativesField.description,
            removeAccidentalHitsField.description,
        ])
}
