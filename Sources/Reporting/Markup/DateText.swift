/// Times as dates of the proleptic Gregorian calendar in UTC.
package enum DateText {
    struct Date {
        var year: Int
        var month: Int
        var day: Int
    }

    /// 1998-04-22.
    static func day(_ seconds: Double) -> String {
        let date = date(seconds)
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    /// 1998-04-22 14:05:10 UTC, as RFC 3339 with a `Z` has it.
    package static func time(_ seconds: Double) -> String {
        let rest = Int((seconds - (seconds / 86_400).rounded(.down) * 86_400).rounded(.down))
        return "\(day(seconds))T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):"
            + "\(padded(rest % 60, 2))Z"
    }

    static func date(_ seconds: Double) -> Date {
        let limit = 1e14  // Three million years are calendar enough.
        let days = Int((min(max(seconds, -limit), limit) / 86_400).rounded(.down))
        // Years begin in March here, so that the day of leap years is their last.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        return Date(
            year: yearOfEra + era * 400 + (month >= 10 ? 1 : 0),
            month: month < 10 ? month + 3 : month - 9,
            day: dayOfYear - (153 * month + 2) / 5 + 1)
    }

    /// Seconds since 1970 of the beginning of a day.
    static func seconds(_ year: Int, _ month: Int, _ day: Int) -> Double {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Double(era * 146_097 + dayOfEra - 719_468) * 86_400
    }

    static func padded(_ value: Int, _ width: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
