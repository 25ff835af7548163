/// A line by which a job on GitHub Actions annotates a file: `::error file=…,line=…::message`.
///
/// Source: docs.github.com, "Workflow commands for GitHub Actions"; escapes as in actions/toolkit,
/// `packages/core/src/command.ts`.
public struct WorkflowCommand {
    /// With its line break.
    public let line: String

    /// - Parameter properties: such as `("file", "spec.yaml")`, in order.
    public init(_ kind: String, _ properties: [(name: String, value: String)], _ message: String) {
        let list = properties.map { "\($0.name)=\(Self.property($0.value))" }
        line = "::\(kind) \(list.joined(separator: ","))::\(Self.data(message))\n"
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r\n", with: "%0D%0A")
            .replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
