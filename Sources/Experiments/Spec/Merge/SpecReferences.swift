import Retrieval
import YAMLTree

/// `${x-NAME}` where a value is asked for: what the spec's own key `x-NAME` holds. One value for
/// several places, which `--set` and a sweep can vary together.
struct SpecReferences {
    /// Values that references may add to a spec, for the sake of memory.
    private static let maximumValues = 100_000

    private let values: [String: YAMLNode]
    private var added = 0
    private(set) var diagnostics: [Diagnostic] = []

    private init(_ root: YAMLNode) {
        var values: [String: YAMLNode] = [:]
        for entry in root.mapping?.entries ?? []
        where ExperimentSpec.isExtension(entry.key.text) {
            values[entry.key.text] = entry.value
        }
        self.values = values
    }

    /// The spec with every reference replaced, outside of the keys of its own, but for those that
    /// lead nowhere. What is put in keeps its place in the file, to be blamed there.
    static func resolving(_ root: YAMLNode) -> (root: YAMLNode, unresolved: [Diagnostic]) {
        var references = SpecReferences(root)
        let resolved = references.resolve(root, isTop: true)
        return (resolved, references.diagnostics)
    }

    /// The names that a spec refers to.
    static func names(in root: YAMLNode, isTop: Bool = true) -> Set<String> {
        switch root.content {
        case .scalar: name(in: root).map { [$0] } ?? []
        case .sequence(let items):
            items.reduce(into: []) { $0.formUnion(names(in: $1, isTop: false)) }
        case .mapping(let mapping):
            mapping.entries.reduce(into: []) { found, entry in
                guard !(isTop && ExperimentSpec.isExtension(entry.key.text)) else { return }
                found.formUnion(names(in: entry.value, isTop: false))
            }
        }
    }

    private mutating func resolve(_ node: YAMLNode, isTop: Bool = false) -> YAMLNode {
        switch node.content {
        case .scalar:
            guard let name = Self.name(in: node) else { return node }
            guard let value = values[name] else {
                let meant = Suggestion.closest(to: name, among: values.keys.sorted())
                return report(
                    node,
                    "the spec has no '\(name)' to refer to"
                        + (meant.map { "; did you mean '\($0)'?" } ?? ""))
            }
            added += value.count
            guard added <= Self.maximumValues else {
                return report(
                    node, "references add more than \(Self.maximumValues) values to the spec")
            }
            guard Self.names(in: value, isTop: false).isEmpty else {
                return report(node, "'\(name)' holds a reference itself, which leads no further")
            }
            return value
        case .sequence(let items):
            return node.with(.sequence(items.map { resolve($0) }))
        case .mapping(let mapping):
            var resolved = YAMLMapping()
            for entry in mapping.entries {
                let isOwn = isTop && ExperimentSpec.isExtension(entry.key.text)
                resolved.append(
                    YAMLMapping.Entry(
                        key: entry.key, value: isOwn ? entry.value : resolve(entry.value)))
            }
            return node.with(.mapping(resolved))
        }
    }

    private mutating func report(_ node: YAMLNode, _ message: String) -> YAMLNode {
        if diagnostics.count < SpecDecoder.maximumDiagnostics {
            diagnostics.append(
                Diagnostic(message: message, source: node.source, range: node.range))
        }
        return node
    }

    /// `x-dim` of the scalar `${x-dim}`; nil for any other value.
    private static func name(in node: YAMLNode) -> String? {
        guard let text = node.scalar?.text, text.hasPrefix("${" + ExperimentSpec.extensionPrefix),
            text.hasSuffix("}")
        else { return nil }
        return String(text.dropFirst(2).dropLast())
    }
}

extension YAMLNode {
    /// The scalars, sequences and mappings of the tree.
    var count: Int {
        switch content {
        case .scalar: 1
        case .sequence(let items): items.reduce(1) { $0 + $1.count }
        case .mapping(let mapping): mapping.entries.reduce(1) { $0 + $1.value.count }
        }
    }
}
