import Retrieval

/// `data:` the interactions, what asks and what is retrieved, and the split.
public struct DataSection: Sendable {
    /// The data source with its own fields.
    public var source: ComponentChoice
    /// The column that asks.
    public var query: String
    /// The column that is retrieved.
    public var candidate: String
    /// What leaves out interactions, first to last.
    public var filters: [ComponentChoice]
    public var split: ComponentChoice

    init(_ choice: ComponentChoice) {
        source = choice
        query = choice.values[Self.queryField]
        candidate = choice.values[Self.candidateField]
        filters = choice.values[Self.filtersField]
        split = choice.values[Self.splitField]
    }

    static let queryField = Field<String>(
        "query", default: "user_id", "The column that identifies what asks.")
    static let candidateField = Field<String>(
        "candidate", default: "item_id", "The column that identifies what is retrieved.")
    static let filtersField = Field<[ComponentChoice]>(
        "filters", type: .list(.component(ComponentSlot(.filter)), count: .any),
        default: .list([]), "What leaves out interactions before the split, first to last.")
    static let splitField = Field<ComponentChoice>(
        "split",
        type: .component(
            ComponentSlot(.split, discriminator: "strategy", defaultName: "random")),
        default: .string("random"), "Which interactions train and which test.")

    static let slot = ComponentSlot(
        .dataSource, discriminator: "source",
        commonFields: [
            queryField.description, candidateField.description,
            filtersField.description, splitField.description,
        ])
}
