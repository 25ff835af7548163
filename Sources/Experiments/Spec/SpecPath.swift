import Retrieval

/// Dotted paths such as `metrics.factorized[0].ks`.
enum SpecPath {
    /// A key of the mapping at a path; of the whole spec's, if that is empty.
    static func of(_ key: String, in path: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    /// The last key of a path, list positions kept: `factorized[0]`.
    static func last(_ path: String) -> String {
        path.lastIndex(of: ".").map { String(path[path.index(after: $0)...]) } ?? path
    }
}

extension Advice {
    /// The path of what it is about.
    ///
    /// - Parameter component: the path of the component that gives it.
    func path(from component: String) -> String {
        fields.reduce(component) { SpecPath.of($1, in: $0) }
    }
}
