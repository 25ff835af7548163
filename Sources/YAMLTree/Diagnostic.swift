import Safeguards

/// A message about a place in a source file.
public struct Diagnostic: Error, Hashable, Sendable {
    /// How much a diagnostic matters.
    public enum Severity: String, Hashable, Sendable {
        /// The file cannot be used.
        case error
        /// The file can be used, though perhaps not as meant.
        case warning
        /// What is good to know.
        case note
    }

    public var severity: Severity
    /// What is wrong: one sentence without a full stop.
    public var message: String
    public var source: SourceFile
    /// What to point at; ``SourceRange/wholeFile`` for the file as such.
    public var range: SourceRange
    /// What it is about by its place in the tree, such as `train.optimizer.learning_rate`; empty
    /// for the whole, nil where there is no tree.
    public var path: String?

    public init(
        severity: Severity = .error, message: String, source: SourceFile, range: SourceRange,
        path: String? = nil
    ) {
        self.severity = severity
        self.message = message
        self.source = source
        self.range = range
        self.path = path
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The diagnostic on one line, without a line break: `FILE:LINE:COLUMN: error: MESSAGE`, or
    /// `FILE: error: MESSAGE` when it is about the whole file.
    ///
    /// Control characters in the name or the message are written as escapes.
    public var description: String {
        let place = range == .wholeFile ? source.name : "\(source.name):\(range.start)"
        return VisibleText.line("\(place): \(severity.rawValue): \(message)")
    }

    /// The diagnostic as a compiler shows it, each line with its line break:
    /// ```
    /// spec.yaml:12:18: error: 'learning_rate' requires a number; found 'fast'
    ///    12 |   learning_rate: fast
    ///       |                  ^~~~
    /// ```
    /// The source line is left out where there is none or it is blank.
    public var rendered: String { rendered(width: nil) }

    /// ``rendered`` on a terminal of so many columns: of a longer line a part is shown, so that the
    /// caret stands beneath its place.
    public func rendered(width: Int?) -> String {
        let excerpt = SourceExcerpt(source, range, width: width).map { $0.text } ?? ""
        return description + "\n" + excerpt
    }
}
