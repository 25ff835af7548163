/// A point in time as a spec writes it: ISO 8601, or seconds since 1970.
public struct Moment: FieldTyped, Hashable {
    /// Since 1970, UTC, towards the past.
    public let seconds: Int64
    /// What is beyond those, below a second.
    public let nanoseconds: Int32
    private let written: FieldValue

    public static var fieldType: FieldType {
        .either([.integer(.any), .number(.any), .string])
    }

    /// Whether a text is a time is said where it is used, with the place.
    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .integer(let value): self.init(seconds: Int64(value), written: fieldValue)
        case .number(let value):
            // As near as 64 bits come.
            self.init(value.isNaN ? 0 : min(max(value, -0x1p62), 0x1p62), written: fieldValue)
        case .string(let text):
            let time = Self.parsed(text)
            self.init(
                seconds: time?.seconds ?? .min, nanoseconds: time?.nanoseconds ?? 0,
                written: fieldValue)
        default: return nil
        }
    }

    init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.init(
            seconds: seconds, nanoseconds: nanoseconds, written: .integer(Int(seconds)))
    }

    private init(seconds: Int64, nanoseconds: Int32 = 0, written: FieldValue) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.written = written
    }

    private init(_ value: Double, written: FieldValue) {
        let whole = value.rounded(.down)
        self.init(
            seconds: Int64(whole), nanoseconds: Int32((value - whole) * 1e9), written: written)
    }

    public var fieldValue: FieldValue { written }

    /// The seconds, as near as a double comes.
    public var value: Double { Double(seconds) + Double(nanoseconds) / 1e9 }

    /// ISO 8601, with as many decimals as there are; nil outside the years 1 to 9999.
    public var utc: String? {
        guard (-62_135_596_800..<253_402_300_800).contains(seconds) else { return nil }
        let time = CalendarTime(seconds: seconds)
        func digits(_ value: some BinaryInteger, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = [
            digits(time.year, 4), digits(time.month, 2), digits(time.dayOfMonth, 2),
        ].joined(separator: "-")
        let (hours, rest) = time.secondOfDay.quotientAndRemainder(dividingBy: 3600)
        let clock = [digits(hours, 2), digits(rest / 60, 2), digits(rest % 60, 2)]
            .joined(separator: ":")
        var fraction = nanoseconds == 0 ? "" : "." + digits(nanoseconds, 9)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(date)T\(clock)\(fraction)Z"
    }

    /// - Throws: ``DataError/impossible(_:)`` where the text is no time.
    func checked(_ name: String) throws(DataError) -> Moment {
        guard case .string(let text) = written, Self.parsed(text) == nil else { return self }
        throw .impossible(
            "'\(name)' requires a date such as 1998-04-01 or 1998-04-01T12:00:00Z, or seconds "
                + "since 1970; found '\(text)'")
    }

    /// The first whole unit that is not before the moment, as near as 64 bits come.
    func ticks(perSecond: Int64) -> Int64 {
        let width = 1_000_000_000 / perSecond
        let part = (Int64(nanoseconds) + width - 1) / width
        let (scaled, overflowed) = seconds.multipliedReportingOverflow(by: perSecond)
        let (sum, overflowedToo) = scaled.addingReportingOverflow(part)
        return overflowed || overflowedToo ? (seconds < 0 ? .min : .max) : sum
    }

    private static func parsed(_ text: String) -> TimeFormat.Time? {
        var text = text
        return text.withUTF8 { TimeFormat.iso8601.time($0) }
    }
}

extension Moment: ExpressibleByIntegerLiteral {
    public init(integerLiteral seconds: Int64) {
        self.init(seconds: seconds, written: .integer(Int(seconds)))
    }
}

extension Column {
    /// The first and the last moment of a column of times, or of numbers taken for seconds since
    /// 1970; nil for tokens, and where there are none.
    public var span: ClosedRange<Moment>? {
        switch self {
        case .integers(let values): Self.span(values) { Moment(seconds: $0) }
        case .times(let times):
            Self.span(times.ticks) { tick in
                let (seconds, rest) = tick.flooredQuotient(by: times.perSecond)
                return Moment(
                    seconds: seconds,
                    nanoseconds: Int32(rest * (1_000_000_000 / times.perSecond)))
            }
        case .numbers(let values): Self.span(values) { Moment(fieldValue: .number($0)) }
        case .tokens, .tokenLists: nil
        }
    }

    private static func span<Value: Comparable>(
        _ values: [Value], _ moment: (Value) -> Moment?
    ) -> ClosedRange<Moment>? {
        guard let least = values.min(), let most = values.max(), let first = moment(least),
            let last = moment(most)
        else { return nil }
        return first...last
    }
}

extension Moment: Comparable {
    public static func < (first: Moment, second: Moment) -> Bool {
        (first.seconds, first.nanoseconds) < (second.seconds, second.nanoseconds)
    }

    /// Two that were written differently may be one moment.
    public static func == (first: Moment, second: Moment) -> Bool {
        (first.seconds, first.nanoseconds) == (second.seconds, second.nanoseconds)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(seconds)
        hasher.combine(nanoseconds)
    }
}
