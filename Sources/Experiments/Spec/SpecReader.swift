import Platform
import Retrieval
import YAMLTree

/// Reads spec files: text, then a located tree with what it extends and what the command line
/// sets, then checked values. Touches no data. Of a results file it reads the spec in it.
public struct SpecReader: Sendable {
    /// The components that specs may name.
    public let catalog: Catalog
    /// `KEY=VALUE`, each laid over the spec in turn, such as `train.epochs=10`.
    public var settings: [String] = []
    /// What errors call ``settings``, in the place of a file.
    public static let settingName = "--set"
    /// What `${NAME}` in a path means.
    public var environment: [String: String]
    /// Whether rules across fields are checked, which no schema can say. What they warn of is in
    /// ``ExperimentSpec/warnings``.
    package var checksAcrossFields = true

    /// - Parameter environment: this process's own where there is none.
    public init(
        catalog: Catalog, settings: [String] = [],
        environment: [String: String]? = nil
    ) {
        self.catalog = catalog
        self.settings = settings
        self.environment = environment ?? ProcessEnvironment.variables
    }

    func tree(path: String) throws(SpecError) -> YAMLNode {
        try tree { () throws(YAMLError) in try YAMLReader.read(path: path) }
    }

    func tree(text: String, name: String) throws(SpecError) -> YAMLNode {
        try tree { () throws(YAMLError) in try YAMLReader.read(text: text, name: name) }
    }

    func tree(bytes: [UInt8], name: String) throws(SpecError) -> YAMLNode {
        try tree { () throws(YAMLError) in try YAMLReader.read(bytes: bytes, name: name) }
    }

    /// The tree of a file with what it extends and what the command line sets.
    private func tree(
        _ read: () throws(YAMLError) -> YAMLNode
    ) throws(SpecError) -> YAMLNode {
        let root: YAMLNode
        do throws(YAMLError) {
            root = try read()
        } catch {
            throw SpecError([error.diagnostic])
        }
        return try composed(root)
    }

    /// The tree with everything below and above it.
    private func composed(_ root: YAMLNode) throws(SpecError) -> YAMLNode {
        let scope = SpecScope(catalog: catalog)
        var tree: YAMLNode
        do throws(Diagnostic) {
            let root = try RecordedSpec.taken(from: root)
            tree = try SpecInheritance(scope: scope, environment: environment).resolve(root)
        } catch {
            throw SpecError([error])
        }
        var wrong: [Diagnostic] = []
        var overrides: [SpecOverride] = []
        for setting in settings {
            do throws(Diagnostic) {
                let override = try SpecOverride(setting)
                tree = try override.applied(to: tree, scope)
                overrides.append(override)
            } catch {
                wrong.append(error)
            }
        }
        for override in overrides {
            do throws(Diagnostic) {
                try override.checkReferences(in: tree)
            } catch {
                wrong.append(error)
            }
        }
        guard !wrong.isEmpty else { return tree }
        // A wrong setting hides nothing that is wrong with the file.
        do throws(SpecError) {
            _ = try parts(of: tree)
        } catch {
            wrong += error.diagnostics
        }
        throw SpecError(wrong)
    }

    /// Decodes a tree without `sweep:`.
    ///
    /// - Parameter isRun: whether the spec is run as it is; a sweep's base may leave it to the
    ///   trials to make something whole of it.
    func spec(of root: YAMLNode, isRun: Bool = true) throws(SpecError) -> ExperimentSpec {
        var decoder = SpecDecoder(catalog: catalog, environment: environment)
        let description = ExperimentSpec.description
        let (root, unresolved) = SpecReferences.resolving(root)
        decoder.timeColumn = root.value(at: DataSection.timePath).flatMap { node in
            if case .string? = node.scalar?.value { node } else { nil }
        }
        let values = decoder.decodeObject(
            root, description, type: .object(description), at: "")
        guard let values, unresolved.isEmpty else {
            // Of what refers to nothing only that is said.
            let others = decoder.diagnostics.filter { found in
                !unresolved.contains { $0.source == found.source && $0.range == found.range }
            }
            throw SpecError((unresolved + others).ordered + decoder.unshown(of: root.source))
        }
        var spec = ExperimentSpec(values, marks: decoder.marks)
        guard checksAcrossFields, isRun else { return spec }
        let findings = SpecFindings.of(spec, catalog: catalog)
        guard findings.errors.isEmpty else { throw SpecError(findings) }
        spec.warnings = findings
        return spec
    }
}

extension SpecDecoder {
    /// That there is more to say, where there is.
    fileprivate func unshown(of file: SourceFile) -> [Diagnostic] {
        guard errorCount > diagnostics.count else { return [] }
        let more = errorCount - diagnostics.count
        return [
            Diagnostic(
                message: more == 1
                    ? "1 more error is not shown" : "\(more) more errors are not shown",
                source: file, range: .wholeFile)
        ]
    }
}
