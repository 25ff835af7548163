/// What a spec says of one column of a file.
public struct ColumnDeclaration: FieldConvertible, Hashable {
    public enum Kind: String, FieldChoice {
        /// An id, a name, any text: compared as it stands.
        case string
        /// 64 bits.
        case integer
        /// 32 bits.
        case float
        /// A moment, kept as seconds since 1970.
        case timestamp
        /// Any number of strings.
        case list
    }

    public enum TimeUnit: String, FieldChoice {
        case seconds, milliseconds, microseconds, nanoseconds

        /// Units in a second.
        var perSecond: Int64 {
            switch self {
            case .seconds: 1
            case .milliseconds: 1000
            case .microseconds: 1_000_000
            case .nanoseconds: 1_000_000_000
            }
        }
    }

    public var name: String
    public var kind: Kind
    /// Between the strings of a list.
    public var separator: String
    /// How a timestamp is written; nil: as a number of ``unit``.
    public var format: String?
    public var unit: TimeUnit
    /// The number that an empty cell means; nil: an empty cell is an error.
    public var missing: Double?

    public init(
        _ name: String, _ kind: Kind = .string, separator: String = "|", format: String? = nil,
        unit: TimeUnit = .seconds, missing: Double? = nil
    ) {
        self.name = name
        self.kind = kind
        self.separator = separator
        self.format = format
        self.unit = unit
        self.missing = missing
    }

    static let nameField = Field("name", required: String.self, "The column's name.")
    static let kindField = Field<Kind>(
        "type", default: .string, "What the column holds.")
    static let separatorField = Field<String>(
        "separator", default: "|", "What stands between the strings of a list.")
    static let formatField = Field<String?>(
        "format", default: nil,
        "How a timestamp is written: iso8601, or a strptime pattern such as %d/%b/%Y %H:%M:%S; "
            + "null: as a number.")
    static let unitField = Field<TimeUnit>(
        "unit", default: .seconds, "The unit of a timestamp that is a number, since 1970.")
    static let missingField = Field<Double?>(
        "missing", optional: .any,
        "The number that an empty cell means; null: an empty number is a bad row.")

    static let description = ObjectDescription(
        name: "column",
        fields: [
            nameField.description, kindField.description, separatorField.description,
            formatField.description, unitField.description, missingField.description,
        ])

    public init?(fieldValue: FieldValue) {
        guard case .object(let values) = fieldValue else { return nil }
        self.init(
            values[Self.nameField], values[Self.kindField],
            separator: values[Self.separatorField], format: values[Self.formatField],
            unit: values[Self.unitField], missing: values[Self.missingField])
    }

    public var fieldValue: FieldValue {
        var values = FieldValues()
        values["name"] = name.fieldValue
        values["type"] = kind.fieldValue
        values["separator"] = separator.fieldValue
        values["format"] = format.fieldValue
        values["unit"] = unit.fieldValue
        values["missing"] = missing.fieldValue
        return .object(values)
    }

    /// Whether declared columns make sense, each and together.
    static func check(_ columns: [ColumnDeclaration]) throws(DataError) {
        var declared: Set<String> = []
        for column in columns {
            guard declared.insert(column.name).inserted else {
                throw .impossible("'columns' names '\(column.name)' twice")
            }
            _ = try column.makeBuilder()
        }
    }

    /// - Throws: ``DataError/impossible(_:)`` where the declaration makes no sense.
    func makeBuilder(
        encoding: TextEncoding = .utf8
    ) throws(DataError) -> any ColumnBuilder {
        if missing != nil, kind == .string || kind == .list {
            throw .impossible("column '\(name)' holds no numbers, and takes no 'missing'")
        }
        if format != nil, kind != .timestamp {
            throw .impossible("column '\(name)' is no timestamp, and takes no 'format'")
        }
        if kind == .list, separator.isEmpty {
            throw .impossible("the 'separator' of column '\(name)' requires at least one character")
        }
        switch kind {
        case .string: return TokenBuilder(encoding: encoding)
        case .list: 
            return TokenListBuilder(separator: Array(separator.utf8), encoding: encoding)
        case .float: return NumberBuilder(missing: try finiteMissing())
        case .integer: return IntegerBuilder(missing: try wholeMissing())
        case .timestamp:
            guard let format else {
                return IntegerBuilder(missing: try wholeMissing(), perSecond: unit.perSecond)
            }
            if format == "epoch" { return EpochBuilder() }
            guard let parsed = format == "iso8601" ? .iso8601 : TimeFormat(pattern: format) else {
                throw .impossible(
                    "the format of column '\(name)' requires iso8601 or a pattern of %Y %y %m %b "
                        + "%d %H %M %S %f %z %F %T; found '\(format)'")
            }
            return TimeBuilder(format: parsed, missing: try wholeMissing())
        }
    }

    private func finiteMissing() throws(DataError) -> Float? {
        guard let missing else { return nil }
        let number = Float(missing)
        guard number.isFinite else {
            throw .impossible("'missing' of column '\(name)' requires a finite number; found \(missing)")
        }
        return number
    }

    private func wholeMissing() throws(DataError) -> Int64? {
        guard let missing else { return nil }
        guard let whole = Int64(exactly: missing) else {
            throw .impossible("'missing' of column '\(name)' requires an integer; found \(missing)")
        }
        return whole
    }
}
