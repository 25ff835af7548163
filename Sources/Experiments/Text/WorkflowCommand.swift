import Safeguards

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
        var data = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": data += "%25"
            case "\r": data += "%0D"
            case "\n": data += "%0A"
            // What else acts on a terminal is not told apart by the runner.
            case _ where VisibleText.isHarmful(scalar): data += VisibleText.line(String(scalar))
            default: data.unicodeScalars.append(scalar)
            }
        }
        return data
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
