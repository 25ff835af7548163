/// How a spec declares the tables of a user's own data, each in the same way.
struct SourceTableFields: Sendable {
    private let interactions: Field<FieldValues>
    private let users: Field<FieldValues?>
    private let items: Field<FieldValues?>

    /// - Parameters:
    ///   - table: what a table's fields are.
    ///   - place: where one interaction stands, such as "row".
    init(_ table: ObjectDescription, oneInteractionPer place: String) {
        interactions = Field(
            "interactions", type: .object(table), default: nil,
            "The interactions, one a \(place).")
        users = Field(
            "users", type: .optional(.object(table)), default: .null,
            "What is known of what asks, joined by data.query; null: nothing.")
        items = Field(
            "items", type: .optional(.object(table)), default: .null,
            "What is known of what is retrieved, joined by data.candidate; null: nothing.")
    }

    var descriptions: [FieldDescription] {
        [interactions.description, users.description, items.description]
    }

    /// The tables that a spec declares.
    func tables<Source>(
        _ values: FieldValues, _ table: (FieldValues) -> Source
    ) -> SourceTables<Source> {
        SourceTables(
            table(values[interactions]), values[users].map(table), values[items].map(table))
    }
}
