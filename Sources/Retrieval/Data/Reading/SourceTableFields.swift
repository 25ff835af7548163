/// How a spec declares the tables of a user's own data, each in the same way.
struct SourceTableFields: Sendable {
    private let interactions: Field<FieldValues>
    private let users: Field<FieldValues?>
    private let items: Field<FieldValues?>

    /// - Parameters:
    ///   - table: what a table's fields are.
    ///   - parts: fields of the interactions alone.
    ///   - place: where one interaction stands, such as "row".
    init(
        _ table: ObjectDescription, parts: [FieldDescription] = [],
        oneInteractionPer place: String
    ) {
        let whole = ObjectDescription(name: table.name, fields: table.fields + parts)
        let joined = ObjectDescription(name: table.name, fields: table.fields + Joining.fields)
        interactions = Field(
            "interactions", type: .object(whole), default: nil,
            "The interactions, one a \(place).")
        users = Field(
            "users", type: .optional(.object(joined)), default: .null,
            "What is known of what asks, joined by data.query; null: nothing.")
        items = Field(
            "items", type: .optional(.object(joined)), default: .null,
            "What is known of what is retrieved, joined by data.candidate; null: nothing.")
    }

    var descriptions: [FieldDescription] {
        [interactions.description, users.description, items.description]
    }

    /// The tables that a spec declares.
    func tables<Source>(
        _ values: FieldValues, _ table: (FieldValues) throws(DataError) -> Source
    ) throws(DataError) -> SourceTables<Source> {
        func side(_ values: FieldValues?) throws(DataError) -> Source? {
            guard let values else { return nil }
            return try table(values)
        }
        var tables = SourceTables(
            try table(values[interactions]), try side(values[users]), try side(values[items]))
        tables.usersJoining = values[users].map(Joining.init) ?? Joining()
        tables.itemsJoining = values[items].map(Joining.init) ?? Joining()
        return tables
    }
}
