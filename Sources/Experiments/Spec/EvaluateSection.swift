import Retrieval

/// `evaluate:` how the test interactions are scored.
public struct EvaluateSection: Sendable {
    public var batchSize: Int

    init(_ values: FieldValues) {
        batchSize = values[Self.batchSizeField]
    }

    static let batchSizeField = Field<Int>(
        "batch_size", default: 4096, .atLeast(1), unit: "examples",
        "Examples of a batch of the test loss; corpus metrics do not depend on it.")

    static let description = ObjectDescription(
        name: "evaluate", fields: [batchSizeField.description])
}
