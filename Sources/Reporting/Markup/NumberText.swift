import Platform

/// Numbers as people read them. What is rounded here stands exactly in the page's tables.
package enum NumberText {
    /// Four significant digits: 0.2509, 1,235, 1.25e-05; a count whole: 100,000.
    package static func short(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "none" : value < 0 ? "-∞" : "∞" }
        let size = abs(value)
        if value == value.rounded(), size < 1e15 { return grouped(value.fixed(0)) }
        if size >= 1000, size < 1e15 { return grouped(value.fixed(0)) }
        return value.significant(4)
    }

    package static func short(_ value: Int) -> String { grouped("\(value)") }

    /// With its sign: +0.012.
    package static func signed(_ value: Double) -> String {
        (value > 0 ? "+" : "") + short(value)
    }

    /// 0.25 is 25%.
    package static func percent(_ share: Double) -> String {
        let percent = share * 100
        if percent != 0, abs(percent) < 0.1 { return percent > 0 ? "under 0.1%" : "above -0.1%" }
        return
            (abs(percent) >= 99.95 || percent == 0
            ? percent.fixed(0) : percent.significant(abs(percent) < 10 ? 2 : 3)) + "%"
    }

    /// 0.4 s, 12 s, 3 min 20 s, 2 h 5 min.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "unknown" }
        if seconds < 0.0005 { return "0 s" }
        if seconds < 1 { return "\((seconds * 1000).fixed(0)) ms" }
        if seconds < 10 { return "\(seconds.fixed(1)) s" }
        let whole = Int(min(seconds, 1e15).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 {
            return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
        }
        if whole >= 172_800 { return "\((seconds / 86_400).significant(3)) days" }
        let minutes = whole / 60
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
    }

    /// 12 MiB.
    package static func bytes(_ bytes: Int) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(unit == 0 ? "\(bytes)" : value.significant(3)) \(units[unit])"
    }

    /// Digits before the point in groups of three.
    private static func grouped(_ digits: String) -> String {
        let sign = digits.hasPrefix("-") ? "-" : ""
        let plain = digits.dropFirst(sign.count)
        guard plain.count > 4 else { return digits }
        var text = ""
        for (place, digit) in plain.enumerated() {
            if place > 0, (plain.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return sign + text
    }
}
