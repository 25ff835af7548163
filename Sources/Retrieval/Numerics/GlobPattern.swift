/// A pattern of names: `*` stands for any characters, slashes too, `?` for one of them.
package struct GlobPattern: Sendable {
    private let pattern: [Character]

    package init(_ pattern: String) {
        self.pattern = Array(pattern)
    }

    package func matches(_ name: String) -> Bool {
        let name = Array(name)
        var (p, n) = (0, 0)
        // Where to go on if what follows the last star does not match here.
        var retry: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count && pattern[p] == "*" {
                retry = (p + 1, n)
                p += 1
            } else if p < pattern.count && (pattern[p] == "?" || pattern[p] == name[n]) {
                p += 1
                n += 1
            } else if let (after, start) = retry {
                retry = (after, start + 1)
                (p, n) = (after, start + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }
}
