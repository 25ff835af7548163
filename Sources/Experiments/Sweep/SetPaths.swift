import ResultsFormat
import YAMLTree

/// The paths that a sweep sets, to be asked for those that lead to another or through it.
struct SetPaths {
    private struct Entry {
        var order: Int
        var key: YAMLKey
    }

    /// What is set at a path or through it: by entries of the list, and by what sets all trials.
    private struct Keys {
        var first: Entry
        var outsideLists: Entry?
        var inLists: [Int: Entry] = [:]
    }

    private var at: [JSONPath: Keys] = [:]
    private var through: [JSONPath: Keys] = [:]
    private var count = 0

    /// The first key that sets a path which leads to another or through it.
    ///
    /// - Parameter list: the entry of the list that sets it; entries do not meet each other.
    func clash(with path: JSONPath, list: Int?) -> YAMLKey? {
        let met =
            Self.beginnings(of: path).compactMap { at[$0] } + [through[path]].compactMap(\.self)
        let entries = met.flatMap { keys in
            guard let list else { return [keys.first] }
            return [keys.outsideLists, keys.inLists[list]].compactMap(\.self)
        }
        return entries.min { $0.order < $1.order }?.key
    }

    mutating func note(_ path: JSONPath, _ key: YAMLKey, list: Int?) {
        let entry = Entry(order: count, key: key)
        count += 1
        func add(to keys: inout Keys?) {
            var known = keys ?? Keys(first: entry)
            keys = nil
            if let list {
                known.inLists[list] = known.inLists[list] ?? entry
            } else {
                known.outsideLists = known.outsideLists ?? entry
            }
            keys = known
        }
        add(to: &at[path])
        for beginning in Self.beginnings(of: path).dropLast() { add(to: &through[beginning]) }
    }

    /// The paths that lead to a path, itself at last.
    private static func beginnings(of path: JSONPath) -> [JSONPath] {
        (0...path.components.count).map { JSONPath(Array(path.components.prefix($0))) }
    }
}

extension JSONPath {
    /// Whether one of the two leads to the other or through it.
    func overlaps(_ other: JSONPath) -> Bool {
        zip(components, other.components).allSatisfy { $0 == $1 }
    }
}
