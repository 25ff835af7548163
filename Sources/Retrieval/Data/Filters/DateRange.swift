/// Keeps the interactions of a span of time.
public struct DateRange: InteractionFilter {
    /// A column of times, or of seconds since 1970.
    public var column: String
    /// The first moment that stays; nil: any.
    public var from: Moment?
    /// The first moment that does not stay; nil: any.
    public var before: Moment?

    public init(column: String = "timestamp", from: Moment? = nil, before: Moment? = nil) {
        self.column = column
        self.from = from
        self.before = before
    }

    public var bounds: ValueBounds? {
        ValueBounds(
            column: column, least: from?.value ?? -.infinity, most: before?.value ?? .infinity)
    }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let times = try OrderKeys(interactions, column)
        let (first, end) = (from.map(times.key), before.map(times.key))
        return times.values.indices.filter { row in
            let time = times.values[row]
            return (first.map { time >= $0 } ?? true) && (end.map { time < $0 } ?? true)
        }.map { Int32($0) }
    }
}

extension DateRange: CatalogComponent {
    static let orderField = Field<String>(
        "order_by", default: "timestamp", "A column of times, or of seconds since 1970."
    ).formerly("column").namingTimes()
    static let fromField = Field<Moment?>(
        "from", default: nil,
        "The first moment that stays: a date, a date and time (ISO 8601, UTC), or seconds since "
            + "1970; null: any.")
    static let beforeField = Field<Moment?>(
        "before", default: nil, "The first moment that does not stay; null: any.")

    public static let entry = ComponentEntry<any InteractionFilter>(
        "date_range", summary: "Keeps the interactions of a span of time.", source: "tfrs-run",
        fields: [orderField.description, fromField.description, beforeField.description]
    ) { values in
        DateRange(
            column: values[orderField], from: try values[fromField]?.checked("from"),
            before: try values[beforeField]?.checked("before"))
    }
}
