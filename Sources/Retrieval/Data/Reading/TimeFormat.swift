/// How a time is written: ISO 8601, or a pattern of `strptime`'s directives. What it means is
/// seconds since 1970, UTC; parts of a second are dropped, towards the past.
public struct TimeFormat: Hashable, Sendable {
    private enum Part: Hashable {
        case literal(UInt8)
        case year, shortYear, month, monthName, day, hour, minute, second, fraction, zone
        /// The optional rest of ISO 8601 behind the date.
        case isoTime
    }

    private let parts: [Part]

    /// `1998-04-01`, `1998-04-01T12:30`, `1998-04-01 12:30:15.25+02:00`, a final `Z`; without a
    /// zone, UTC.
    public static let iso8601 = TimeFormat(
        parts: [
            .year, .literal(0x2D), .month, .literal(0x2D), .day, .isoTime,
        ])

    private init(parts: [Part]) {
        self.parts = parts
    }

    /// A pattern of `%Y %y %m %b %d %H %M %S %f %z %F %T %%` and literal text; nil for any other
    /// directive, or a pattern that gives no date.
    public init?(pattern: String) {
        var parts: [Part] = []
        var bytes = Array(pattern.utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                parts.append(.literal(byte))
                continue
            }
            switch bytes.popFirst() {
            case UInt8(ascii: "Y"): parts.append(.year)
            case UInt8(ascii: "y"): parts.append(.shortYear)
            case UInt8(ascii: "m"): parts.append(.month)
            case UInt8(ascii: "b"): parts.append(.monthName)
            case UInt8(ascii: "d"): parts.append(.day)
            case UInt8(ascii: "H"): parts.append(.hour)
            case UInt8(ascii: "M"): parts.append(.minute)
            case UInt8(ascii: "S"): parts.append(.second)
            case UInt8(ascii: "f"): parts.append(.fraction)
            case UInt8(ascii: "z"): parts.append(.zone)
            case UInt8(ascii: "F"):
                parts += [.year, .literal(0x2D), .month, .literal(0x2D), .day]
            case UInt8(ascii: "T"):
                parts += [.hour, .literal(0x3A), .minute, .literal(0x3A), .second]
            case UInt8(ascii: "%"): parts.append(.literal(UInt8(ascii: "%")))
            default: return nil
            }
        }
        guard parts.contains(.year) || parts.contains(.shortYear) else { return nil }
        self.parts = parts
    }

    /// The time that the text gives; nil where it does not fit.
    func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var reader = TimeReader(text: text)
        for part in parts where !read(part, &reader) { return nil }
        return reader.isAtEnd ? reader.seconds : nil
    }

    private func read(_ part: Part, _ reader: inout TimeReader) -> Bool {
        switch part {
        case .literal(let byte): return reader.skip(byte)
        case .year: return reader.number(4, 0...9999, into: \.year)
        case .shortYear:
            guard reader.number(2, 0...99, into: \.year) else { return false }
            // POSIX: 69 to 99 are of the last century.
            reader.year += reader.year < 69 ? 2000 : 1900
            return true
        case .month: return reader.number(2, 1...12, into: \.month)
        case .monthName: return reader.monthName()
        case .day: return reader.number(2, 1...31, into: \.day)
        case .hour: return reader.number(2, 0...23, into: \.hour)
        case .minute: return reader.number(2, 0...59, into: \.minute)
        case .second: return reader.number(2, 0...60, into: \.second)
        case .fraction: return reader.digits() > 0
        case .zone: return reader.zone()
        case .isoTime: return isoTime(&reader)
        }
    }

    private func isoTime(_ reader: inout TimeReader) -> Bool {
        if reader.isAtEnd { return true }
        guard reader.skip(UInt8(ascii: "T")) || reader.skip(UInt8(ascii: " ")),
            read(.hour, &reader), reader.skip(UInt8(ascii: ":")), read(.minute, &reader)
        else { return false }
        if reader.skip(UInt8(ascii: ":")) {
            guard read(.second, &reader) else { return false }
            if reader.skip(UInt8(ascii: ".")), reader.digits() == 0 { return false }
        }
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
        _ most: Int, _ bounds: ClosedRange<Int>, into place: WritableKeyPath<TimeReader, Int>
    ) -> Bool {
        let (value, count) = value(most)
        guard count > 0, bounds.contains(value) else { return false }
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

    /// Skips digits and answers how many.
    mutating func digits() -> Int {
        let start = position
        while position < text.count, text[position] &- 0x30 <= 9 { position += 1 }
        return position - start
    }

    mutating func monthName() -> Bool {
        let names = Array("janfebmaraprmayjunjulaugsepoctnovdec".utf8)
        guard position + 3 <= text.count else { return false }
        for index in 0..<12
        where (0..<3).allSatisfy({ text[position + $0] | 0x20 == names[index * 3 + $0] }) {
            month = index + 1
            position += 3
            return true
        }
        return false
    }

    /// `Z`, `+hh:mm`, `+hhmm` or `+hh`.
    mutating func zone() -> Bool {
        if skip(UInt8(ascii: "Z")) { return true }
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
    var seconds: Int64? {
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
        return Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
    }
}
