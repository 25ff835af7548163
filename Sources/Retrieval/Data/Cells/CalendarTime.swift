/// A point in time as the calendar reads it: proleptic Gregorian, in a fixed offset from UTC.
public struct CalendarTime: Hashable, Sendable {
    private static let secondsOfDay: Int64 = 86_400

    /// Days since 1 January 1970.
    public let day: Int64
    /// 0 to 86,399.
    public let secondOfDay: Int64
    /// Of the Gregorian calendar.
    public let year: Int64
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let dayOfMonth: Int

    /// - Parameter seconds: since 1970, in UTC or with the offset added.
    public init(seconds: Int64) {
        let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: Self.secondsOfDay)
        day = remainder < 0 ? quotient - 1 : quotient
        secondOfDay = remainder < 0 ? remainder + Self.secondsOfDay : remainder
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years, years
        // that start in March.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        dayOfMonth = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// 0 for Monday to 6 for Sunday.
    public var dayOfWeek: Int {
        // 1 January 1970 was a Thursday.
        let remainder = Int((day + 3) % 7)
        return remainder < 0 ? remainder + 7 : remainder
    }

    /// Whether the year has 366 days.
    public var isLeapYear: Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// 1 to 366.
    public var dayOfYear: Int {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
        return before + dayOfMonth + (month > 2 && isLeapYear ? 1 : 0)
    }

    /// Days of the time's month, 28 ... 31.
    public var daysOfMonth: Int {
        month == 2
            ? (isLeapYear ? 29 : 28) : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
