import ResultsFormat
import Retrieval

/// `data:` the interactions, what asks and what is retrieved, and the split.
public struct DataSection: Sendable {
    /// The data source with its own fields.
    public var source: ComponentChoice
    /// The column that asks.
    public var query: String
    /// The column that is retrieved.
    public var candidate: String
    /// The interactions' column of times.
    public var time: String
    /// What leaves out interactions, first to last.
    public var filters: [ComponentChoice]
    public var split: ComponentChoice

    init(_ choice: ComponentChoice) {
        source = choice
        query = choice.values[Self.queryField]
        candidate = choice.values[Self.candidateField]
        time = choice.values[Self.timeField] ?? "timestamp"
        filters = choice.values[Self.filtersField]
        split = choice.values[Self.splitField]
    }

    static let queryField = Field<String>(
        "query", default: "user_id", "The column that identifies what asks.")
    static let candidateField = Field<String>(
        "candidate", default: "item_id", "The column that identifies what is retrieved.")
    static let timeField = Field<String?>(
        "time", default: nil,
        """
        The interactions' column of times, named once for the whole spec: what every 'order_by' \
        that is timestamp by default is where it is left out. null: timestamp.
        """
    ).examples("timestamp").alsoKnown(as: "timestamp", "time_column", "order_by", "date")
    static let timePath: JSONPath = ["data", "time"]
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
            queryField.description, candidateField.description, timeField.description,
            filtersField.description, splitField.description,
        ])
}
