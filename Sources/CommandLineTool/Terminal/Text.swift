import Platform

/// Numbers and columns as people read them.
enum Text {
    static func fixed(_ value: Double, _ digits: Int) -> String { value.fixed(digits) }

    static func significant(_ value: Double, _ places: Int) -> String { value.significant(places) }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
