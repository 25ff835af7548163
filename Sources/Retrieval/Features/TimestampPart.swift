/// A part of a point in time, such as the hour: embedded, encoded, or as its place in its cycle.
public struct TimestampPart: FeatureDefinition {
    /// Which part of a time, in UTC.
    public enum Part: String, FieldChoice {
        /// 0 ... 59.
        case minuteOfHour = "minute_of_hour"
        /// 0 ... 23.
        case hourOfDay = "hour_of_day"
        /// From Monday, 0, to Sunday, 6.
        case dayOfWeek = "day_of_week"
        /// 1 ... 31, counted from 0 as an index.
        case dayOfMonth = "day_of_month"
        /// 1 ... 366, counted from 0 as an index.
        case dayOfYear = "day_of_year"
        /// 1 ... 12, counted from 0 as an index.
        case monthOfYear = "month_of_year"

        /// Values of the part.
        public var count: Int {
            switch self {
            case .minuteOfHour: 60
            case .hourOfDay: 24
            case .dayOfWeek: 7
            case .dayOfMonth: 31
            case .dayOfYear: 366
            case .monthOfYear: 12
            }
        }

        /// The part, from 0 on; 0 is Monday, January, or the first.
        public func index(of time: CalendarTime) -> Int {
            switch self {
            case .minuteOfHour: Int(time.secondOfDay / 60 % 60)
            case .hourOfDay: Int(time.secondOfDay / 3600)
            case .dayOfWeek: time.dayOfWeek
            case .dayOfMonth: time.dayOfMonth - 1
            case .dayOfYear: time.dayOfYear - 1
            case .monthOfYear: time.month - 1
            }
        }

        /// How much of the part's cycle (hour, day, week, month, year) has passed, to the second:
        /// at least 0 and below 1.
        public func phase(of time: CalendarTime) -> Double {
            let day = Double(time.secondOfDay) / 86_400
            switch self {
            case .minuteOfHour: return Double(time.secondOfDay % 3600) / 3600
            case .hourOfDay: return day
            case .dayOfWeek: return (Double(time.dayOfWeek) + day) / 7
            case .dayOfMonth:
                return (Double(time.dayOfMonth - 1) + day) / Double(time.daysOfMonth)
            case .dayOfYear, .monthOfYear:
                return (Double(time.dayOfYear - 1) + day) / (time.isLeapYear ? 366 : 365)
            }
        }
    }

    /// How the part is given out.
    public enum Output: String, FieldChoice {
        /// As its index, for an embedding.
        case int
        /// A vector with a 1 at the part's index.
        case oneHot = "one_hot"
        /// As sine and cosine of its place in its cycle, two numbers.
        case cyclic
    }

    /// What the column counts since 1970.
    public enum Unit: String, FieldChoice {
        /// The unit of the column.
        case seconds, milliseconds, microseconds

        var perSecond: Int64 {
            switch self {
            case .seconds: 1
            case .milliseconds: 1_000
            case .microseconds: 1_000_000
            }
        }
    }

    public var column: String
    /// Which part of the time.
    public var part: Part
    /// What becomes of it.
    public var output: Output
    /// What the column counts since 1970, in UTC.
    public var unit: Unit
    /// Hours that local time is ahead of UTC.
    public var utcOffset: Double
    /// The table that the part is looked up in; nil without one.
    public var embedding: EmbeddingOptions?

    public var outputDimension: Int? {
        switch output {
        case .int: embedding?.outputDim
        case .oneHot: part.count
        case .cyclic: 2
        }
    }

    public var sharedTables: [SharedTableUse] {
        [SharedTableUse(output == .int ? embedding : nil, rows: part.count)].compactMap(\.self)
    }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let offset = Int64((utcOffset * 3600).rounded())
        let times = try seconds(input.values).map { seconds in
            // The years 1 to 9999.
            guard seconds >= -62_135_596_800, seconds < 253_402_300_800 else {
                throw DataError.impossible(
                    "'\(column)' holds \(seconds) seconds since 1970, which no calendar has; "
                        + "another 'unit' may be right")
            }
            return CalendarTime(seconds: Int64(seconds) + offset)
        }
        guard output == .cyclic else {
            let categorical = CategoricalOutput(
                embedding: embedding, mode: output == .oneHot ? .oneHot : .int)
            return try categorical.prepare(
                IndexLists(single: times.map { Int32(part.index(of: $0)) }), depth: part.count,
                path: path, &builder)
        }
        try check()
        return NumericEncoder(
            values: Matrix(
                rows: times.count, columns: 2,
                values: times.flatMap { time in
                    let angle = 2 * Double.pi * part.phase(of: time)
                    return [Float(Kernels.sin(angle)), Float(Kernels.cos(angle))]
                }))
    }
}

extension TimestampPart {
    /// Whole seconds since 1970, towards the past.
    private func seconds(_ values: Column) throws(DataError) -> [Double] {
        switch values {
        case .times(let times):
            // Whose unit is known.
            return times.ticks.indices.map { Double(times.wholeSeconds(of: $0)) }
        case .integers(let integers):
            return integers.map { (Double($0) / Double(unit.perSecond)).rounded(.down) }
        case .numbers(let numbers):
            return numbers.map { ($0 / Double(unit.perSecond)).rounded(.down) }
        case .tokens, .tokenLists:
            throw .wrongColumn(
                name: column, table: "data",
                required: "times or integers (\(unit.rawValue) since 1970)", found: values.kind)
        }
    }
}

extension TimestampPart: SelfChecking {
    public func check() throws(DataError) {
        guard output == .cyclic else {
            return try CategoricalOutput(
                embedding: embedding, mode: output == .oneHot ? .oneHot : .int
            ).check()
        }
        if embedding != nil {
            throw .impossible("'embedding' requires the output mode int; found cyclic")
        }
    }

    public func advice() -> [Advice] {
        (embedding?.advice() ?? []).map { $0.inside(CategoricalOutput.embeddingField) }
    }
}

extension TimestampPart: CatalogComponent {
    static let partField = Field<Part>(
        "part", type: Part.fieldType, default: nil, "Which part of the time.")
    static let outputField = Field<Output>(
        "output_mode", default: .int,
        "int for an embedding, one_hot, or cyclic: sine and cosine of the place in the cycle.")
    static let unitField = Field<Unit>(
        "unit", default: .seconds, "What the column counts since 1970.")
    static let offsetField = Field<Double>(
        "utc_offset", default: 0, .between(-24, and: 24), unit: "hours",
        "How far local time is ahead of UTC.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "timestamp_part", summary: "A part of a point in time, such as the hour of the day.",
        source: "the proleptic Gregorian calendar",
        fields: [
            StringLookup.columnField.description, partField.description,
            CategoricalOutput.embeddingField.description, outputField.description,
            unitField.description, offsetField.description,
        ]
    ) { values, components in
        try TimestampPart(
            column: values[StringLookup.columnField], part: values[partField],
            output: values[outputField], unit: values[unitField], utcOffset: values[offsetField],
            embedding: values[CategoricalOutput.embeddingField].map {
                try EmbeddingOptions($0, components)
            })
    }
}
