import Experiments
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
    /// A text behind a margin, its further lines below the first. Where a word has no room there,
    /// the text stands below the margin.
    ///
    /// - Parameter width: of the terminal; nil breaks nothing.
    static func hanging(_ margin: String, _ text: String, _ width: Int?) -> String {
        guard let width, margin.count + text.count > width else { return margin + text + "\n" }
        let longest = text.split(separator: " ").map(\.count).max() ?? 0
        let isBeside = margin.count + longest <= width
        let indent = String(repeating: " ", count: isBeside ? margin.count : 6)
        let lines = lines(of: text, max(1, width - indent.count)).joined(separator: "\n" + indent)
        return isBeside
            ? margin + lines + "\n"
            : "  \(margin.trimming(while: \.isWhitespace))\n\(indent)\(lines)\n"
    }

    /// The lines of a text on a terminal, without blanks at their ends; one where nothing is known
    /// of its width.
    static func lines(of text: String, _ width: Int?) -> [String] {
        guard let width, text.count > width else { return [text] }
        return text.broken(at: width)
    }

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
