/// Keeps the interactions whose value of a column lies between two numbers, both included.
public struct ValueRange: InteractionFilter {
    public var column: String
    /// The least value that stays, itself included; nil: no bound.
    public var minimum: Double?
    /// The largest value that stays, itself included; nil: no bound.
    public var maximum: Double?

    public init(column: String, minimum: Double? = nil, maximum: Double? = nil) {
        self.column = column
        self.minimum = minimum
        self.maximum = maximum
    }

    public var bounds: ValueBounds? {
        ValueBounds(
            column: column, least: minimum ?? -.infinity, most: maximum ?? .infinity)
    }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let values = try interactions.column(column)
        guard case .integers(let integers) = values else {
            guard let doubles = values.doubles else {
                throw .wrongColumn(
                    name: column, table: interactions.name, required: "numbers",
                    found: values.kind)
            }
            let range = (minimum ?? -.infinity, maximum ?? .infinity)
            return Self.rows(of: doubles, from: range.0, to: range.1)
        }
        // Not as doubles, of which beyond 2^53 one stands for several integers.
        return Self.rows(
            of: integers, from: minimum.map { Int64(nearest: $0.rounded(.up)) } ?? .min,
            to: maximum.map { Int64(nearest: $0.rounded(.down)) } ?? .max)
    }

    private static func rows<Value: Comparable>(
        of values: [Value], from least: Value, to most: Value
    ) -> [Int32] {
        values.indices.filter { values[$0] >= least && values[$0] <= most }.map { Int32($0) }
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
