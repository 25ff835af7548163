/// A line of parts of which the less important ones give way where there is no room.
struct LiveLine {
    /// In the order in which they stand; of what importance each is, 0 the most.
    private var parts: [(text: String, importance: Int)] = []

    mutating func add(_ text: String, importance: Int) { parts.append((text, importance)) }

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
}
