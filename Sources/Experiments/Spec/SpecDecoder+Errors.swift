import Retrieval
import YAMLTree

// What the decoder says of what does not fit.

extension SpecDecoder {
    @discardableResult
    mutating func mismatch(
        _ node: YAMLNode, _ type: FieldType, at path: String, suggestion: String? = nil
    ) -> FieldValue? {
        guard !isFull else {
            errorCount += 1
            return nil
        }
        let name = path.isEmpty ? "the spec" : "'\(SpecPath.last(path))'"
        let meant = suggestion ?? type.nearMiss(node)
        // What is of the right kind is wrong by its size.
        let found = type.fitsKind(of: node) ? node.sizeWords : node.foundWords
        report(
            node, at: path,
            "\(name) requires \(type.words); found \(found)"
                + (meant.map { "; did you mean \($0)?" } ?? ""))
        return nil
    }

    /// - Returns: the field of the same mapping that was meant, if one was.
    mutating func reportUnknown(
        _ key: YAMLKey, _ fields: [FieldDescription], owner: String, known: Set<String>,
        kind: AnyComponentKind?, at path: String
    ) -> String? {
        guard !isFull else {
            errorCount += 1
            return nil
        }
        let meant =
            fields.first { $0.synonyms.contains(key.text) }?.name
            ?? Suggestion.closest(to: key.text, among: fields.map(\.name) + known)
        let places = meant.map { [$0] } ?? elsewhere(key.text, than: path)
        let allowed = (known.sorted() + fields.map(\.name)).joined(separator: ", ")
        let hint =
            switch places.count {
            case 1...3: "did you mean " + Words.list(places.map { "'\($0)'" }, "or") + "?"
            default:
                owners(of: key.text, kind)
                    + (allowed.isEmpty ? "it has no fields" : "it has \(allowed)")
            }
        report(key, in: path, "\(owner) has no \(Words.quoted(key.text)); \(hint)")
        return meant
    }

    /// The components of the same family that have such a field, as the beginning of a hint.
    func owners(of key: String, _ kind: AnyComponentKind?) -> String {
        let owners =
            kind.map(catalog.descriptions)?.filter { description in
                description.fields.contains { $0.name == key }
            } ?? []
        guard (1...3).contains(owners.count) else { return "" }
        return Words.list(owners.map(\.name), "and") + (owners.count == 1 ? " has; " : " have; ")
    }

    /// Where else in the spec a key belongs. Of the same mapping it was tried by name; a field of
    /// another component that might stand there is none that this one has.
    func elsewhere(_ key: String, than path: String) -> [String] {
        KeyIndex(catalog: catalog).paths(of: key).filter { $0 != "\(path).\(key)" }
    }

    /// Nobody reads more errors than these; and words for a million would take their time.
    static let maximumDiagnostics = 100
    var isFull: Bool { diagnostics.count >= Self.maximumDiagnostics }

    mutating func report(_ node: YAMLNode, at path: String, _ message: String) {
        report(
            Diagnostic(message: message, source: node.source, range: node.range, path: path))
    }

    /// - Parameter path: of the mapping that has the key.
    mutating func report(_ key: YAMLKey, in path: String, _ message: String) {
        report(
            Diagnostic(
                message: message, source: key.source, range: key.range,
                path: SpecPath.of(key.text, in: path)))
    }

    private mutating func report(_ diagnostic: Diagnostic) {
        errorCount += 1
        if !isFull { diagnostics.append(diagnostic) }
    }
}
