import Platform

/// Numbers and columns as people read them.
enum Text {
    static func fixed(_ value: Double, _ digits: Int) -> String { value.fixed(digits) }

    static func significant(_ value: Double, _ places: Int) -> String { value.significant(places) }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension Text {
    /// 503, 12k, 1.2M.
    static func count(_ value: Double) -> String {
        for (size, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= size {
            return significant(value / size, 3) + suffix
        }
        return fixed(value, 0)
    }

    /// 4 s, 3 min 20 s, 2 h 5 min.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "long" }
        let whole = Int(max(0, seconds).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
