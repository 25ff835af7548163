/// Times as RFC 3339 writes them in UTC.
package enum UTCTime {
    /// `2026-11-26T19:15:00Z`.
    package static func text(of seconds: Double) -> String {
        var whole = time_t(seconds.rounded(.down))
        var parts = tm()
        gmtime_r(&whole, &parts)
        func padded(_ value: Int32, _ width: Int = 2) -> String {
            let digits = "\(value)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1))-"
            + "\(padded(parts.tm_mday))T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):"
            + "\(padded(parts.tm_sec))Z"
    }

    /// Seconds since 1970 of a time that ``text(of:)`` wrote; nil for another text.
    package static func seconds(of text: String) -> Double? {
        let numbers = text.split { "-T:Z".contains($0) }.compactMap { Int32($0) }
        guard numbers.count == 6, text.hasSuffix("Z") else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (
            numbers[0] - 1900, numbers[1] - 1, numbers[2]
        )
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
        let seconds = timegm(&parts)
        return self.text(of: Double(seconds)) == text ? Double(seconds) : nil
    }
}
