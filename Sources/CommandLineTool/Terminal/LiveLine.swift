/// A line of parts of which the less important ones give way where there is no room.
struct LiveLine {
    private struct Part {
        var text: String
        /// 0 the most.
        var importance: Int
        var isBar = false
    }

    /// In the order in which they stand.
    private var parts: [Part] = []

    mutating func add(_ text: String, importance: Int) {
        parts.append(Part(text: text, importance: importance))
    }

    /// A bar that is filled to a share, from 0 to 1.
    mutating func add(bar share: Double, importance: Int) {
        let width = 16
        let filled = Int(max(0, min(1, share)) * Double(width))
        let bar =
            "[" + String(repeating: "#", count: filled)
            + String(repeating: ".", count: width - filled) + "]"
        parts.append(Part(text: bar, importance: importance, isBar: true))
    }

    /// The most important parts that fit into so many columns.
    func text(width: Int) -> String {
        var chosen = Set<Int>()
        var used = 0
        for index in parts.indices.sorted(by: { parts[$0].importance < parts[$1].importance }) {
            let columns = LiveTerminal.columns(of: parts[index].text) + (chosen.isEmpty ? 0 : 2)
            guard used + columns <= width || chosen.isEmpty else { break }
            used += columns
            chosen.insert(index)
        }
        return parts.indices.filter(chosen.contains).map { parts[$0].text }
            .joined(separator: "  ")
    }

    /// All parts but the bar, for a log.
    var plain: String { parts.filter { !$0.isBar }.map(\.text).joined(separator: ", ") }
}
