/// Keeps the interactions whose value of a column lies between two numbers, both included.
public struct ValueRange: InteractionFilter {
    public var column: String
    public var minimum: Double?
    public var maximum: Double?

    public init(column: String, minimum: Double? = nil, maximum: Double? = nil) {
        self.column = column
        self.minimum = minimum
        self.maximum = maximum
    }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let lower = minimum ?? -.infinity
        let upper = maximum ?? .infinity
        switch try interactions.column(column) {
        case .integers(let values):
            return values.indices.filter {
                Double(values[$0]) >= lower && Double(values[$0]) <= upper
            }.map { Int32($0) }
        case .numbers(let values):
            return values.indices.filter {
                Double(values[$0]) >= lower && Double(values[$0]) <= upper
            }.map { Int32($0) }
        case let other:
            throw .wrongColumn(
                name: column, table: interactions.name, required: "numbers", found: other.kind)
        }
    }
}

extension ValueRange: CatalogComponent {
    static let columnField = Field<String>(
        "column", default: "rating", "The column of the interactions, integers or numbers.")
    static let minimumField = Field<Double?>(
        "min", optional: .any, "The least value that stays; null: any.")
    static let maximumField = Field<Double?>(
        "max", optional: .any, "The greatest value that stays; null: any.")

    public static let entry = ComponentEntry<any InteractionFilter>(
        "value_range", summary: "Keeps interactions by a number, such as ratings of at least 4.",
        source: "tfrs-run",
        fields: [columnField.description, minimumField.description, maximumField.description]
    ) { values in
        ValueRange(
            column: values[columnField], minimum: values[minimumField],
            maximum: values[maximumField])
    }
}
