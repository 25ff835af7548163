/// Keeps the interactions of a span of time.
public struct DateRange: InteractionFilter {
    /// A column of integers: seconds since 1970.
    public var column: String
    /// Seconds since 1970, included.
    public var from: Int64?
    /// Seconds since 1970, not included.
    public var before: Int64?

    public init(column: String = "timestamp", from: Int64? = nil, before: Int64? = nil) {
        self.column = column
        self.from = from
        self.before = before
    }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let times = try interactions.integers(column)
        return times.indices.filter { row in
            (from.map { times[row] >= $0 } ?? true) && (before.map { times[row] < $0 } ?? true)
        }.map { Int32($0) }
    }
}

/// A moment as a spec writes it: ISO 8601, or seconds since 1970.
public struct Moment: FieldTyped, Hashable {
    public var seconds: Int64
    private var written: FieldValue

    public static var fieldType: FieldType { .either([.integer(.any), .string]) }

    public init?(fieldValue: FieldValue) {
        written = fieldValue
        switch fieldValue {
        case .integer(let value): seconds = Int64(value)
        case .string(let text):
            // Whether the text is a time is said where it is used, with the place.
            seconds = Self.seconds(text) ?? .min
        default: return nil
        }
    }

    public var fieldValue: FieldValue { written }

    /// - Throws: ``DataError/impossible(_:)`` where the text is no time.
    func checked(_ name: String) throws(DataError) -> Int64 {
        guard case .string(let text) = written, Self.seconds(text) == nil else { return seconds }
        throw .impossible(
            "'\(name)' requires a date such as 1998-04-01 or 1998-04-01T12:00:00Z, or seconds "
                + "since 1970; found '\(text)'")
    }

    private static func seconds(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { TimeFormat.iso8601.seconds($0) }
    }
}

extension DateRange: CatalogComponent {
    static let columnField = Field<String>(
        "column", default: "timestamp", "A column of times, seconds since 1970.")
    static let fromField = Field<Moment?>(
        "from", default: nil,
        "The first moment that stays: a date, a date and time (ISO 8601, UTC), or seconds since "
            + "1970; null: any.")
    static let beforeField = Field<Moment?>(
        "before", default: nil, "The first moment that does not stay; null: any.")

    public static let entry = ComponentEntry<any InteractionFilter>(
        "date_range", summary: "Keeps the interactions of a span of time.", source: "tfrs-run",
        fields: [columnField.description, fromField.description, beforeField.description]
    ) { values in
        DateRange(
            column: values[columnField], from: try values[fromField]?.checked("from"),
            before: try values[beforeField]?.checked("before"))
    }
}
