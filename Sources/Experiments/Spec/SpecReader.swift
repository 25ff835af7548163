import Foundation
import Retrieval
import YAMLTree

/// A spec that cannot be used as it is: everything that is wrong with it.
public struct SpecError: Error, Sendable {
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }
}

extension SpecError: CustomStringConvertible {
    /// Compiler style: each error with its line and a caret.
    public var description: String {
        diagnostics.map(\.rendered).joined()
    }
}

/// Reads spec files: text, then a located tree with what it extends and what the command line
/// sets, then checked values. Touches no data.
public struct SpecReader: Sendable {
    public let catalog: Catalog
    /// `KEY=VALUE`, each laid over the spec in turn, such as `train.epochs=10`.
    public var settings: [String] = []
    /// What `${NAME}` in a path means.
    public var environment: [String: String]
    /// Whether rules across fields are checked, which no schema can say.
    package var checksAcrossFields = true

    public init(
        catalog: Catalog, settings: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.catalog = catalog
        self.settings = settings
        self.environment = environment
    }

    /// - Throws: ``SpecError`` with all that is wrong with the file.
    public func read(path: String) throws(SpecError) -> ExperimentSpec {
        try read { () throws(YAMLError) in try YAMLReader.read(path: path) }
    }

    /// - Parameter name: what errors call the text; what it extends is looked for beside it.
    public func read(text: String, name: String) throws(SpecError) -> ExperimentSpec {
        try read { () throws(YAMLError) in try YAMLReader.read(text: text, name: name) }
    }

    /// - Parameter name: what errors call the bytes.
    public func read(bytes: [UInt8], name: String) throws(SpecError) -> ExperimentSpec {
        try read { () throws(YAMLError) in try YAMLReader.read(bytes: bytes, name: name) }
    }

    private func read(
        _ read: () throws(YAMLError) -> YAMLNode
    ) throws(SpecError) -> ExperimentSpec {
        let root: YAMLNode
        do throws(YAMLError) {
            root = try read()
        } catch {
            throw SpecError([error.diagnostic])
        }
        return try decode(try composed(root))
    }

    /// The tree with everything below and above it.
    private func composed(_ root: YAMLNode) throws(SpecError) -> YAMLNode {
        let scope = SpecScope(catalog: catalog)
        do throws(Diagnostic) {
            var tree = try SpecInheritance(scope: scope, environment: environment).resolve(root)
            for setting in settings { tree = try SpecOverride(setting).applied(to: tree, scope) }
            return tree
        } catch {
            throw SpecError([error])
        }
    }

    private func decode(_ root: YAMLNode) throws(SpecError) -> ExperimentSpec {
        var decoder = SpecDecoder(catalog: catalog, environment: environment)
        let description = ExperimentSpec.description
        let values = decoder.decodeObject(root, description, type: .object(description), at: "")
        guard let values else {
            throw SpecError(decoder.diagnostics.ordered + decoder.unshown(of: root.source))
        }
        return ExperimentSpec(values, marks: decoder.marks)
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

extension [Diagnostic] {
    /// File by file, as they were come to, and by place in each.
    fileprivate var ordered: [Diagnostic] {
        var files: [SourceFile] = []
        for diagnostic in self where !files.contains(diagnostic.source) {
            files.append(diagnostic.source)
        }
        return files.flatMap { file in
            filter { $0.source == file }.sorted { $0.range.start < $1.range.start }
        }
    }
}
