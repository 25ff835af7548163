import Retrieval

/// What is said of a name that there is not.
extension SpecLookup {
    /// What may have been meant by a name that a scope lacks: one of its own under another name, a
    /// near one, or one that stands elsewhere.
    func hint(_ name: String, _ scope: Scope, _ prefix: String) -> String {
        let own = fields(scope).map(\.field)
        if let meant = own.first(where: { ($0.synonyms + $0.formerNames).contains(name) }) {
            return Self.hint(meant.name, [meant.name], at: prefix)
        }
        let names = names(scope)
        if Suggestion.closest(to: name, among: names) == nil, Self.saying(name, names).isEmpty {
            let meant = elsewhere(name, near: prefix)
            if !meant.isEmpty { return Self.question(meant) }
        }
        return Self.hint(name, names, at: prefix)
    }

    /// The paths of what is called so in the same section, the nearest to where it was looked for,
    /// or at the top of others. What stands deep in another section is meant where it stands in few
    /// places; what is called so there by synonym hardly ever.
    private func elsewhere(_ name: String, near prefix: String) -> [String] {
        let all = everywhere(SpecOutline(catalog: catalog))
        let section = prefix.prefix { $0 != "." } + "."
        let near = all.filter { $0.path.hasPrefix(section) }
        let called = near.filter { $0.isCalled(name) }
        let exact = called.filter { SpecPath.last($0.path) == name }
        let nearest = (exact.isEmpty ? called : exact).map { match in
            (match.path, Self.sharedParts(match.path, prefix))
        }
        if let most = nearest.map(\.1).max(), let meant = nearest.first(where: { $0.1 == most }) {
            return [meant.0]
        }
        let parts = near.map(\.path).uniqued.filter {
            !Self.saying(name, [SpecPath.last($0)]).isEmpty
        }
        if (1...3).contains(parts.count) { return parts }
        let named = all.filter { SpecPath.last($0.path) == name }
        let others = named.filter(\.isOfSection).map(\.path).uniqued
        let top = others.filter { !$0.contains(".") }
        guard others.isEmpty else { return top.isEmpty ? Array(others.prefix(3)) : top }
        let deep = named.map(\.path).uniqued
        // A component alone is in no section: what it has tells more than what others have.
        return near.isEmpty || deep.count > 3 ? [] : deep
    }

    /// How many names two paths begin with alike.
    private static func sharedParts(_ path: String, _ other: String) -> Int {
        let parts = [path, other].map { $0.replacing("[]", with: "").split(separator: ".") }
        return zip(parts[0], parts[1]).prefix { $0 == $1 }.count
    }

    /// The names of which a word is one of their words.
    private static func saying(_ word: String, _ names: [String]) -> [String] {
        names.filter { $0.split(separator: "_").contains(word[...]) }
    }

    static func hint(_ name: String, _ known: [String], at prefix: String = "") -> String {
        let names = known.uniqued
        let whole = saying(name, names)
        let meant =
            Suggestion.closest(to: name, among: known).map { [$0] }
            ?? ((1...3).contains(whole.count) ? whole : [])
        guard meant.isEmpty else {
            return question(meant.map { prefix.isEmpty ? $0 : "\(prefix).\($0)" })
        }
        guard !names.isEmpty else { return "" }
        let rest = names.count > 24 ? ", ..." : ""
        return "; it has \(names.prefix(24).joined(separator: ", "))\(rest)"
    }

    static func question(_ paths: [String]) -> String {
        "; did you mean \(paths.map { "'\($0)'" }.joined(separator: " or "))?"
    }
}

extension SpecLookup.Match {
    /// Whether it is a field of a section, or of a mapping of one, and of no component.
    fileprivate var isOfSection: Bool {
        guard case .field(_, let owners) = subject else { return false }
        return owners.isEmpty && path.count { $0 == "." } <= 1
    }
}
