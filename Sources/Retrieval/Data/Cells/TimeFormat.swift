/// How a time is written: ISO 8601, or a pattern of `strptime`'s directives. What it means is a
/// moment, UTC where no zone is given; parts below a nanosecond are dropped, towards the past.
public struct TimeFormat: Hashable, Sendable {
    /// Since 1970, UTC: whole seconds, and what is beyond them.
    struct Time: Hashable {
        var seconds: Int64
        var nanoseconds: Int32 = 0
    }

    private enum Part: Hashable {
        case literal(UInt8)
        /// Any number of blanks, none among them.
        case blanks
        case year, shortYear, month, monthName, day, weekday
        case hour, halfDayHour, halfDay, minute, second, fraction, zone
        /// The optional rest of ISO 8601 behind the year.
        case isoRest
    }

    private let parts: [Part]

    /// `1998-04-01`, `1998-04-01T12:30`, `1998-04-01 12:30:15.25+02:00`, a final `Z` or ` UTC`, the
    /// basic form `19980401T123015Z`; without a zone, UTC.
    public static let iso8601 = TimeFormat(parts: [.year, .isoRest])

    private init(parts: [Part]) {
        self.parts = parts
    }

    /// What a pattern may hold, for messages.
    static let directives =
        "%Y %y %m %b %B %d %e %a %A %H %I %p %M %S %f %z %Z %F %T %D %R %%"

    /// A pattern of directives of `strftime`, such as `%Y` or `%H`, and literal text, in which a
    /// blank stands for any number of them; nil for a directive that is not among those that are
    /// read, or a pattern that gives no date.
    public init?(pattern: String) {
        var parts: [Part] = []
        var bytes = Array(pattern.utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                parts.append(byte == 0x20 || byte == 0x09 ? .blanks : .literal(byte))
                continue
            }
            guard let directive = bytes.popFirst(), let meant = Self.parts(of: directive) else {
                return nil
            }
            parts += meant
        }
        guard parts.contains(.year) || parts.contains(.shortYear) else { return nil }
        self.parts = parts
    }

    private static func parts(of directive: UInt8) -> [Part]? {
        let (dash, colon, slash) = (Part.literal(0x2D), Part.literal(0x3A), Part.literal(0x2F))
        return switch Character(Unicode.Scalar(directive)) {
        case "Y": [.year]
        case "y": [.shortYear]
        case "m": [.month]
        case "b", "B", "h": [.monthName]
        case "d": [.day]
        case "e": [.blanks, .day]
        case "a", "A": [.weekday]
        case "H": [.hour]
        case "I": [.halfDayHour]
        case "p": [.halfDay]
        case "M": [.minute]
        case "S": [.second]
        case "f": [.fraction]
        case "z", "Z": [.zone]
        case "F": [.year, dash, .month, dash, .day]
        case "T": [.hour, colon, .minute, colon, .second]
        case "D": [.month, slash, .day, slash, .shortYear]
        case "R": [.hour, colon, .minute]
        case "%": [.literal(directive)]
        default: nil
        }
    }

    /// The time that the text gives; nil where it does not fit.
    func time(_ text: UnsafeBufferPointer<UInt8>) -> Time? {
        var reader = TimeReader(text: text)
        for part in parts where !read(part, &reader) { return nil }
        return reader.isAtEnd ? reader.time : nil
    }

    private func read(_ part: Part, _ reader: inout TimeReader) -> Bool {
        switch part {
        case .literal(let byte): return reader.skip(byte)
        case .blanks:
            reader.skipBlanks()
            return true
        // Of two digits a year is another one: `%y`.
        case .year: return reader.number(4, 0...9999, into: \.year, least: 4)
        case .shortYear:
            guard reader.number(2, 0...99, into: \.year) else { return false }
            // POSIX: 69 to 99 are of the last century.
            reader.year += reader.year < 69 ? 2000 : 1900
            return true
        case .month: return reader.number(2, 1...12, into: \.month)
        case .monthName: return reader.monthName()
        case .day: return reader.number(2, 1...31, into: \.day)
        case .weekday: return reader.weekday()
        case .hour: return reader.number(2, 0...23, into: \.hour)
        case .halfDayHour: return reader.number(2, 1...12, into: \.halfDayHour)
        case .halfDay: return reader.halfDay()
        case .minute: return reader.number(2, 0...59, into: \.minute)
        case .second: return reader.number(2, 0...60, into: \.second)
        case .fraction: return reader.fraction()
        case .zone: return reader.zone()
        case .isoRest: return isoRest(&reader)
        }
    }

    /// What follows the year, with the separators of the extended form or without any.
    private func isoRest(_ reader: inout TimeReader) -> Bool {
        let isExtended = reader.skip(UInt8(ascii: "-"))
        guard read(.month, &reader), !isExtended || reader.skip(UInt8(ascii: "-")),
            read(.day, &reader)
        else { return false }
        if reader.isAtEnd { return true }
        guard reader.skip(UInt8(ascii: "T")) || reader.skip(UInt8(ascii: " ")),
            read(.hour, &reader), !isExtended || reader.skip(UInt8(ascii: ":")),
            read(.minute, &reader)
        else { return false }
        if isExtended ? reader.skip(UInt8(ascii: ":")) : reader.seesDigit {
            guard read(.second, &reader) else { return false }
            if reader.skip(UInt8(ascii: ".")) || reader.skip(UInt8(ascii: ",")),
                !reader.fraction()
            {
                return false
            }
        }
        reader.skipBlanks()
        return reader.isAtEnd || reader.zone()
    }
}

/// Reads the parts of one time.
private struct TimeReader {
    let text: UnsafeBufferPointer<UInt8>
    private var position = 0
    var year = 1970
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    private var nanoseconds = 0
    /// 1 to 12, where that is how the hour is given; 0 where not.
    var halfDayHour = 0
    private var isAfternoon = false
    /// Of the zone, east positive.
    private var offset = 0

    init(text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    var isAtEnd: Bool { position == text.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    /// One to `most` digits, as `strptime` takes them, of a value within bounds.
    mutating func number(
        _ most: Int, _ bounds: ClosedRange<Int>, into place: WritableKeyPath<TimeReader, Int>,
        least: Int = 1
    ) -> Bool {
        let (value, count) = value(most)
        guard count >= least, bounds.contains(value) else { return false }
        self[keyPath: place] = value
        return true
    }

    private mutating func value(_ most: Int) -> (value: Int, count: Int) {
        var value = 0
        var count = 0
        while count < most, position < text.count, text[position] &- 0x30 <= 9 {
            value = value * 10 + Int(text[position] - 0x30)
            position += 1
            count += 1
        }
        return (value, count)
    }

    var seesDigit: Bool { position < text.count && text[position] &- 0x30 <= 9 }

    mutating func skipBlanks() {
        while position < text.count, text[position] == 0x20 || text[position] == 0x09 {
            position += 1
        }
    }

    /// Digits behind a point: at least one; those beyond nanoseconds are dropped.
    mutating func fraction() -> Bool {
        let start = position
        var width = 100_000_000
        nanoseconds = 0
        while seesDigit {
            nanoseconds += Int(text[position] - 0x30) * width
            width /= 10
            position += 1
        }
        return position > start
    }

    mutating func monthName() -> Bool {
        guard let index = name(of: Self.months) else { return false }
        month = index + 1
        return true
    }

    /// What a day of the week adds to a date is not checked.
    mutating func weekday() -> Bool { name(of: Self.weekdays) != nil }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]
    private static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// Which of the names stands here, whole or its first three letters, in any case.
    private mutating func name(of names: [String]) -> Int? {
        for (index, name) in names.enumerated() {
            for count in [name.utf8.count, 3] where skip(word: name.utf8.prefix(count)) {
                return index
            }
        }
        return nil
    }

    /// Passes over letters, in any case.
    private mutating func skip(word: some Sequence<UInt8>) -> Bool {
        var end = position
        for letter in word {
            guard end < text.count, text[end] | 0x20 == letter else { return false }
            end += 1
        }
        position = end
        return true
    }

    /// `AM` or `PM`, in any case, perhaps with points.
    mutating func halfDay() -> Bool {
        for (letter, isLater) in [("a", false), ("p", true)] where skip(word: letter.utf8) {
            let hasPoint = skip(UInt8(ascii: "."))
            isAfternoon = isLater
            return skip(word: "m".utf8) && (!hasPoint || skip(UInt8(ascii: ".")))
        }
        return false
    }

    /// `Z`, `UTC`, `GMT`, `+hh:mm`, `+hhmm` or `+hh`.
    mutating func zone() -> Bool {
        let isUniversal = skip(word: "utc".utf8) || skip(word: "gmt".utf8)
        if isUniversal || skip(word: "z".utf8) { return true }
        let sign = skip(UInt8(ascii: "+")) ? 1 : -1
        guard sign > 0 || skip(UInt8(ascii: "-")) else { return false }
        let hours = value(2)
        guard hours.count == 2, hours.value < 24 else { return false }
        let hasColon = skip(UInt8(ascii: ":"))
        let minutes = value(2)
        guard minutes.count == 2 || (minutes.count == 0 && !hasColon), minutes.value < 60 else {
            return false
        }
        offset = sign * (hours.value * 3600 + minutes.value * 60)
        return true
    }

    /// Nil for a day that the month does not have.
    var time: TimeFormat.Time? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        // Days since 1970-03-01's era, after Howard Hinnant's days_from_civil.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        // Twelve is the first hour of either half of a day.
        let hour = halfDayHour == 0 ? hour : halfDayHour % 12 + (isAfternoon ? 12 : 0)
        return TimeFormat.Time(
            seconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset),
            nanoseconds: Int32(nanoseconds))
    }
}
