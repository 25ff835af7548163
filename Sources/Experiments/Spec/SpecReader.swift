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

/// Reads spec files: text, then a located tree, then checked values. Touches no data.
public struct SpecReader: Sendable {
    public let catalog: Catalog

    public init(catalog: Catalog) {
        self.catalog = catalog
    }

    /// - Throws: ``SpecError`` with all that is wrong with the file. A sweep's spec is its base.
    public func read(path: String) throws(SpecError) -> ExperimentSpec {
        try spec(of: Self.separatingSweep(tree(path: path)).rest)
    }

    /// - Parameter name: what errors call the text.
    public func read(text: String, name: String) throws(SpecError) -> ExperimentSpec {
        try spec(of: Self.separatingSweep(tree(text: text, name: name)).rest)
    }

    func tree(path: String) throws(SpecError) -> YAMLNode {
        do throws(YAMLError) {
            return try YAMLReader.read(path: path)
        } catch {
            throw SpecError([error.diagnostic])
        }
    }

    func tree(text: String, name: String) throws(SpecError) -> YAMLNode {
        do throws(YAMLError) {
            return try YAMLReader.read(text: text, name: name)
        } catch {
            throw SpecError([error.diagnostic])
        }
    }

    /// Decodes a tree without `sweep:`.
    func spec(of root: YAMLNode) throws(SpecError) -> ExperimentSpec {
        var decoder = SpecDecoder(catalog: catalog)
        let description = ExperimentSpec.description
        guard
            let values = decoder.decodeObject(
                root, description, type: .object(description), at: "")
        else {
            throw SpecError(decoder.diagnostics.sorted { $0.range.start < $1.range.start })
        }
        return ExperimentSpec(values, marks: decoder.marks)
    }
}
