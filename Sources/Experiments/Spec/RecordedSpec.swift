import YAMLTree

/// The spec that a results file records: given the file, it is run again.
enum RecordedSpec {
    /// The spec within a results file's tree; any other tree is taken for a spec itself.
    ///
    /// - Throws: where the file is another that the tool writes, which holds no spec.
    static func taken(from root: YAMLNode) throws(Diagnostic) -> YAMLNode {
        // No spec has this key.
        guard let mapping = root.mapping, let version = mapping.entry("schema_version") else {
            return root
        }
        if let spec = mapping["experiment"]?.mapping?["spec"], spec.mapping != nil { return spec }
        guard let kind = words(mapping["kind"]?.scalar?.text) else { return root }
        let path = mapping["spec_path"]?.scalar?.text
        let source = path.map { "; run its spec, '\($0)'" } ?? ""
        throw Diagnostic(
            message: "this is no spec but \(kind)\(source)", source: root.source,
            range: version.key.range)
    }

    private static func words(_ kind: String?) -> String? {
        switch kind {
        case "sweep": "the index of a sweep"
        case "baseline": "a baseline, which 'tfrs-run check --baseline' takes"
        case "check": "the report of a check"
        default: nil
        }
    }
}
