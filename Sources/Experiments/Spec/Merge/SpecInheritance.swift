import Platform
import Retrieval
import Safeguards
import YAMLTree

/// `extends:` the spec that another is laid over.
struct SpecInheritance {
    let scope: SpecScope
    let environment: [String: String]

    /// How many specs may stand on one another.
    private static let maximumChain = 16

    /// A spec with everything that it extends below it, and `extends` itself gone.
    func resolve(_ root: YAMLNode) throws(Diagnostic) -> YAMLNode {
        try resolve(root, chain: [root.source.name])
    }

    private func resolve(_ root: YAMLNode, chain: [String]) throws(Diagnostic) -> YAMLNode {
        guard let mapping = root.mapping,
            let entry = mapping.entry(ExperimentSpec.extendsField.name)
        else { return root }
        let own = root.with(.mapping(mapping.removing(entry.key.text)))
        guard let (path, node, lists) = try base(entry.value) else { return own }
        let file = Self.path(path, beside: root.source.name)
        guard !chain.contains(where: { Self.isSame($0, file) }) else {
            throw problem(
                "'extends' leads in a circle: " + (chain + [file]).joined(separator: ", "), at: node
            )
        }
        guard chain.count < Self.maximumChain else {
            throw problem("'extends' leads through more than \(Self.maximumChain) files", at: node)
        }
        // What the system shows of itself, such as the environment, is nothing for a spec to name.
        do throws(RegularFile.Refusal) {
            _ = try RegularFile(path: file)
        } catch {
            if error == .notRegular {
                throw problem("'extends' names '\(file)': \(error)", at: node)
            }
        }
        let base: YAMLNode
        do throws(YAMLError) {
            base = try YAMLReader.read(path: file)
        } catch {
            guard error.diagnostic.range == .wholeFile else { throw error.diagnostic }
            throw problem("'extends' names '\(file)': \(error.diagnostic.message)", at: node)
        }
        guard base.mapping != nil else {
            throw problem("'extends' names '\(file)', which is no mapping", at: node)
        }
        let resolved = try resolve(base, chain: chain + [file])
        return SpecMerger(scope: scope, lists: lists).merge(
            own, over: resolved, as: .object(ExperimentSpec.description))
    }

    /// What `extends` says; nil for null.
    private func base(
        _ node: YAMLNode
    ) throws(Diagnostic) -> (path: String, node: YAMLNode, lists: ListRule)? {
        var decoder = SpecDecoder(catalog: scope.catalog, environment: environment)
        let value = decoder.decode(
            node, as: ExperimentSpec.extendsField.description.type,
            at: ExperimentSpec.extendsField.name)
        if let error = decoder.diagnostics.first { throw error }
        switch value {
        case .string(let path)?:
            return (path, node, .replace)
        case .object(let values)?:
            let extends = ExtendsSection(values)
            return (extends.path, node.mapping?["path"] ?? node, extends.lists)
        default:
            return nil
        }
    }

    private func problem(_ message: String, at node: YAMLNode) -> Diagnostic {
        Diagnostic(message: message, source: node.source, range: node.range)
    }

    /// A relative path is relative to the file that names it.
    private static func path(_ path: String, beside file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }

    private static func isSame(_ path: String, _ other: String) -> Bool {
        func resolved(_ path: String) -> String {
            URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
        }
        return resolved(path) == resolved(other)
    }
}

/// `extends:` as a mapping.
struct ExtendsSection {
    var path: String
    var lists: ListRule

    init(_ values: FieldValues) {
        path = values[Self.pathField]
        lists = values[Self.listsField]
    }

    static let pathField = Field<String>(
        "path", type: .path, default: nil, "The spec below, relative to this file."
    ).examples("base.yaml")
    static let listsField = Field<ListRule>(
        "lists", default: .replace,
        "Whether a list replaces the one below it, or its items follow those below.")
    static let description = ObjectDescription(
        name: "extends", fields: [pathField.description, listsField.description])
}
