import YAMLTree

/// Where the values of a spec stand in its file, by path such as `train.optimizer.learning_rate`,
/// so that what turns out later can still point at the line that said so.
public struct SpecMarks: Sendable {
    private var byPath: [String: (source: SourceFile, range: SourceRange)] = [:]

    /// The paths that name variables of the environment, as they are written: their values are for
    /// the run alone.
    private(set) var references: [String: String] = [:]

    mutating func note(reference text: String, at path: String) { references[path] = text }

    mutating func record(_ node: YAMLNode, at path: String) {
        byPath[path] = (node.source, node.range)
    }

    /// The files that say it, by their paths.
    var files: Set<String> { Set(byPath.values.map(\.source.name)) }

    /// Whether the file, or what is laid over it, says anything at a path.
    func isWritten(_ path: String) -> Bool { byPath[path] != nil }

    /// A diagnostic at a path or, where the file does not mention it, at the nearest enclosing
    /// value that it does.
    public func diagnostic(
        _ severity: Diagnostic.Severity = .error, at path: String, _ message: String
    ) -> Diagnostic? {
        let whole = path
        var path = path
        while true {
            if let mark = byPath[path] {
                return Diagnostic(
                    severity: severity, message: message, source: mark.source, range: mark.range,
                    path: whole)
            }
            guard !path.isEmpty else { return nil }
            path =
                path.lastIndex(where: { $0 == "." || $0 == "[" }).map { String(path[..<$0]) } ?? ""
        }
    }
}
