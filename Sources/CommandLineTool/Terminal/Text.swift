import Foundation

/// Numbers and columns as people read them.
enum Text {
    static func fixed(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }

    /// As few digits as say the value to so many places, such as 0.1 and 1.25e-05.
    static func significant(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)g", value)
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
