/// What a spec says of one column of a file.
public struct ColumnDeclaration: FieldConvertible, Hashable {
    /// What the cells of a column are read as.
    public enum Kind: String, FieldChoice {
        /// An id, a name, any text: compared as it stands.
        case string
        /// 64 bits.
        case integer
        /// A number, as near as 64 bits come.
        case float
        /// A moment, exact to the nanosecond.
        case timestamp
        /// Any number of strings.
        case list
    }

    /// The unit of a column of times that are numbers.
    public enum TimeUnit: String, FieldChoice {
        /// Since 1970, in UTC.
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
    /// What its cells are read as.
    public var kind: Kind
    /// Between the strings of a list.
    public var separator: String
    /// How a timestamp is written; nil: as a number of ``unit``. Of a list, `literal`: as JSON or
    /// Python writes one; nil: cut at the separator.
    public var format: String?
    /// Of a list of objects: the member that is meant.
    public var member: String?
    /// The unit of times that are numbers; read as seconds in any case.
    public var unit: TimeUnit
    /// Texts that stand for nothing beside the empty cell or, in short, what nothing counts for.
    public var missing: MissingChoice?
    /// What a missing number counts for; nil: it makes a bad row.
    public var fill: Fill?

    public init(
        _ name: String, _ kind: Kind = .string, separator: String = "|", format: String? = nil,
        unit: TimeUnit = .seconds, member: String? = nil, missing: MissingChoice? = nil,
        fill: Fill? = nil
    ) {
        self.member = member
        self.name = name
        self.kind = kind
        self.separator = separator
        self.format = format
        self.unit = unit
        self.missing = missing
        self.fill = fill
    }

    static let nameField = Field("name", required: String.self, "The column's name.")
    static let kindField = Field<Kind>(
        "type", default: .string, "What the column holds.")
    static let separatorField = Field<String>(
        "separator", default: "|", "What stands between the strings of a list.")
    static let formatField = Field<String?>(
        "format", default: nil,
        "How a timestamp is written: iso8601, or a strptime pattern such as %d/%b/%Y %H:%M:%S or "
            + "%m/%d/%Y %I:%M %p; null, or epoch: as a number, such as 978300764 or 978300764.5. "
            + "Of a list, literal: as JSON or Python writes one, such as ['a', 'b'].")
    static let memberField = Field<String?>(
        "member", default: nil,
        "Of a list of objects, such as [{'id': 16, 'name': 'Animation'}]: the member that is meant, "
            + "with 'format: literal'.")
    static let unitField = Field<TimeUnit>(
        "unit", default: .seconds, "The unit of a timestamp that is a number, since 1970.")
    static let missingField = Field<MissingChoice?>(
        "missing",
        type: .optional(.either([.number(.any), MissingChoice.textsType])), default: .null,
        "Texts that stand for nothing, such as [NA, null], beside the empty cell: an empty string, "
            + "no id, a missing number. A number in their place is short for 'fill'."
    ).alsoKnown(as: "na_values", "null_values")
    static let fillField = Field<Fill?>(
        "fill", type: .optional(.either([.number(.any), .choice(["mean", "median"])])),
        default: .null,
        "What a missing number counts for, of a timestamp in seconds since 1970: a number, or the "
            + "mean or the median of the column, which 'normalization' then does not learn from; "
            + "null: it makes a bad row."
    ).alsoKnown(as: "fillna", "stand_in", "default", "impute")

    static let description = ObjectDescription(
        name: "column",
        fields: [
            nameField.description, kindField.description, separatorField.description,
            formatField.description, memberField.description, unitField.description,
            missingField.description,
            fillField.description,
        ])

    public init?(fieldValue: FieldValue) {
        guard case .object(let values) = fieldValue else { return nil }
        self.init(
            values[Self.nameField], values[Self.kindField],
            separator: values[Self.separatorField], format: values[Self.formatField],
            unit: values[Self.unitField], member: values[Self.memberField],
            missing: values[Self.missingField],
            fill: values[Self.fillField])
    }

    public var fieldValue: FieldValue {
        var values = FieldValues()
        values["name"] = name.fieldValue
        values["type"] = kind.fieldValue
        values["separator"] = separator.fieldValue
        values["format"] = format.fieldValue
        values["member"] = member.fieldValue
        values["unit"] = unit.fieldValue
        values["missing"] = missing.fieldValue
        values["fill"] = fill.fieldValue
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
        _ options: CellOptions = CellOptions()
    ) throws(DataError) -> any ColumnBuilder {
        if kind == .string || kind == .list, let field = numbersField {
            throw .impossible(
                "column '\(name)' holds no numbers, and takes no '\(field)': 'type: float' reads them"
            )
        }
        if format != nil, kind != .timestamp, !(kind == .list && format == "literal") {
            throw .impossible(
                kind == .list
                    ? "the format of column '\(name)', a list, requires literal; found '\(format!)'"
                    : "column '\(name)' is no timestamp, and takes no 'format'")
        }
        if member != nil, kind != .list || format == nil {
            throw .impossible("column '\(name)' takes a 'member' with 'format: literal' alone")
        }
        if kind == .list, separator.isEmpty {
            throw .impossible("the 'separator' of column '\(name)' requires at least one character")
        }
        let texts = missing?.texts ?? []
        switch kind {
        case .string: return TokenBuilder(options, missing: texts)
        case .list:
            let literal = TokenListBuilder.LiteralForm(member: member.map { Array($0.utf8) })
            return TokenListBuilder(
                separator: Array(separator.utf8), literal: format == nil ? nil : literal, options,
                missing: texts)
        case .float: return NumberBuilder(try missingNumbers(options), options)
        case .integer:
            return options.isID
                ? WholeIDBuilder(options, missing: texts)
                : IntegerBuilder(try missingNumbers(options), options)
        case .timestamp:
            return TimestampBuilder(try timestampText(), try missingNumbers(options), options)
        }
    }

    private func timestampText() throws(DataError) -> TimestampText {
        guard let format, format != "epoch" else { return .number(unit) }
        guard let parsed = format == "iso8601" ? .iso8601 : TimeFormat(pattern: format) else {
            throw .impossible(
                "the format of column '\(name)' requires iso8601, epoch or a pattern of "
                    + "\(TimeFormat.directives) with a year; found '\(format)'")
        }
        return .format(parsed)
    }

    /// Which field says what a missing number counts for.
    private var numbersField: String? {
        if case .fill = missing { return "missing" }
        return fill == nil ? nil : "fill"
    }

    private func missingNumbers(_ options: CellOptions) throws(DataError) -> MissingNumbers {
        var fill = fill
        if case .fill(let value)? = missing {
            guard fill == nil else {
                throw .impossible(
                    "column '\(name)' says twice what a missing number counts for; 'missing' takes "
                        + "a list of texts beside 'fill'")
            }
            fill = .value(value)
        }
        if case .value(let value)? = fill, let field = numbersField {
            let isRight =
                kind == .float ? Float(value).isFinite : Int64(exactly: value) != nil
            guard isRight else {
                throw .impossible(
                    "'\(field)' of column '\(name)' requires "
                        + (kind == .float ? "a finite number" : "an integer") + "; found \(value)")
            }
        }
        let texts = options.missing + (missing?.texts ?? [])
        return MissingNumbers(MissingCells(texts), fill: fill)
    }
}
