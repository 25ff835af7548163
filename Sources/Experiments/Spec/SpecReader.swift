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

    /// - Throws: ``SpecError`` with all that is wrong with the file.
    public func read(path: String) throws(SpecError) -> ExperimentSpec {
        try decode { () throws(YAMLError) in try YAMLReader.read(path: path) }
    }

    /// - Parameter name: what errors call the text.
    public func read(text: String, name: String) throws(SpecError) -> ExperimentSpec {
        try decode { () throws(YAMLError) in try YAMLReader.read(text: text, name: name) }
    }

    private func decode(
        _ read: () throws(YAMLError) -> YAMLNode
    ) throws(SpecError) -> ExperimentSpec {
        let root: YAMLNode
        do throws(YAMLError) {
            root = try read()
        } catch {
            throw SpecError([error.diagnostic])
        }
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
