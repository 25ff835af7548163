/// Dotted paths such as `metrics.factorized[0].ks`.
enum SpecPath {
    /// The last key of a path, list positions kept: `factorized[0]`.
    static func last(_ path: String) -> String {
        path.lastIndex(of: ".").map { String(path[path.index(after: $0)...]) } ?? path
    }
}
