import Retrieval

/// `evaluate:` how the test interactions are scored.
public struct EvaluateSection: Sendable {
    public var batchSize: Int
    /// Whether a positive is found in the corpus by its id; nil: as TFRS, where the task is given
    /// ids.
    public var idBased: Bool?

    init(_ values: FieldValues) {
        batchSize = values[Self.batchSizeField]
        idBased = values[Self.idBasedField]
    }

    static let batchSizeField = Field<Int>(
        "batch_size", default: 4096, .atLeast(1), unit: "examples",
        "Examples of a batch of the test loss; corpus metrics do not depend on it.")
    static let idBasedField = Field<Bool?>(
        "id_based", default: nil,
        """
        Whether corpus metrics find a positive by its id, equal scores in the corpus's order, or by \
        its score, ties its own; null: by id if task.remove_accidental_hits gives the task ids, as \
        in TFRS.
        """)

    static let description = ObjectDescription(
        name: "evaluate", fields: [batchSizeField.description, idBasedField.description])
}
