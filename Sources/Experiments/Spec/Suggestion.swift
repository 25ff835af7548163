/// "Did you mean": the known name nearest to a mistyped one.
package enum Suggestion {
    /// The nearest name by edits, or nil where none is near enough to be meant.
    package static func closest(to word: String, among names: some Sequence<String>) -> String? {
        let word = Array(word.lowercased().prefix(64))
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = editDistance(word, Array(name.lowercased()))
            let limit = max(1, min(word.count, name.count) / 3)
            // What has not a letter in common is not near, however short it is.
            guard distance <= limit, distance < word.count else { continue }
            if distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other
    /// (optimal string alignment).
    static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        var older = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var current = [i + 1]
            for (j, other) in b.enumerated() {
                var cost = min(
                    current[j] + 1, previous[j + 1] + 1, previous[j] + (letter == other ? 0 : 1))
                if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other {
                    cost = min(cost, older[j - 1] + 1)
                }
                current.append(cost)
            }
            (older, previous) = (previous, current)
        }
        return previous[b.count]
    }
}
