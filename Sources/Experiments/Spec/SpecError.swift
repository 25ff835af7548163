import YAMLTree

/// A spec that cannot be used as it is: everything that is wrong with it, and the warnings that
/// came up with it.
public struct SpecError: Error, Sendable {
    /// Everything that is wrong, in the order of the file.
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }
}

extension SpecError: CustomStringConvertible {
    /// Compiler style: each error with its line and a caret.
    public var description: String {
        diagnostics.rendered
    }
}
