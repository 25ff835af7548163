import ResultsFormat
import YAMLTree

/// What is wrong with some spec files, and what looks so.
public struct SpecValidation: Sendable {
    /// One file.
    public struct Entry: Sendable {
        /// The spec's file.
        public var path: String
        /// Whether a run would start.
        public var isValid: Bool
        /// How many experiments the file holds, the trials of a sweep each for one.
        public var experiments: Int
        /// Errors and warnings, in the order of the file.
        public var diagnostics: [Diagnostic]
    }

    /// One for each file, in the order in which they were checked.
    public private(set) var entries: [Entry] = []
    private let isStrict: Bool

    /// Reads all files, whatever is wrong with some.
    ///
    /// - Parameters:
    ///   - isStrict: whether a warning makes a file wrong.
    ///   - objection: what else is wrong with a file that can be read; nil: nothing.
    public init(
        of paths: [String], _ reader: SpecReader, isStrict: Bool = false,
        objection: (ExperimentFile) -> String? = { _ in nil }
    ) {
        self.isStrict = isStrict
        for path in paths {
            do throws(SpecError) {
                let file = try reader.readFile(path: path)
                var diagnostics = file.warnings
                if let objection = objection(file) {
                    diagnostics.append(.about(path, objection))
                }
                add(path, max(1, file.trials.count), diagnostics)
            } catch {
                add(path, 0, error.diagnostics)
            }
        }
    }

    private mutating func add(_ path: String, _ experiments: Int, _ diagnostics: [Diagnostic]) {
        entries.append(
            Entry(
                path: path,
                isValid: diagnostics.errors.isEmpty && (!isStrict || diagnostics.warnings.isEmpty),
                experiments: experiments, diagnostics: diagnostics))
    }

    /// Whether all of them are valid.
    public var isValid: Bool { entries.allSatisfy(\.isValid) }

    /// What several files extend is wrong once.
    private var diagnostics: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return entries.flatMap(\.diagnostics).filter { seen.insert($0).inserted }
    }

    private func count(_ severity: Diagnostic.Severity) -> Int {
        diagnostics.count { $0.severity == severity }
    }

    // MARK: Formats

    /// Compiler style.
    ///
    /// - Parameter width: of the terminal; nil where there is none.
    public func text(width: Int? = nil) -> String { diagnostics.rendered(width: width) }

    /// One line: `3 specs: 2 right, 1 wrong (4 errors, 1 warning)`.
    public var summary: String {
        let wrong = entries.count { !$0.isValid }
        let verdict =
            switch wrong {
            case 0: entries.count == 1 ? "right" : "all right"
            case entries.count: entries.count == 1 ? "wrong" : "all wrong"
            default: "\(entries.count - wrong) right, \(wrong) wrong"
            }
        let counts = [
            Self.counted(count(.error), "error"), Self.counted(count(.warning), "warning"),
        ].compactMap { $0 }
        return "\(Self.counted(entries.count, "spec") ?? "no spec"): \(verdict)"
            + (counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))")
    }

    private static func counted(_ count: Int, _ noun: String) -> String? {
        count == 0 ? nil : "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    /// The outcome as a document.
    public var json: JSONValue {
        .object([
            "valid": .bool(isValid),
            "errors": .integer(count(.error)),
            "warnings": .integer(count(.warning)),
            "specs": .array(
                entries.map { entry in
                    .object([
                        "path": .string(entry.path), "valid": .bool(entry.isValid),
                        "experiments": .integer(entry.experiments),
                        "diagnostics": .array(entry.diagnostics.map(\.json)),
                    ])
                }),
        ])
    }

    /// A line each. GitHub shows them at the line of the file.
    public var gitHubAnnotations: String {
        diagnostics.map { diagnostic in
            var properties: [(String, String)] = []
            if diagnostic.isInFile {
                properties.append(("file", diagnostic.source.name))
                if diagnostic.range != .wholeFile {
                    let (start, end) = (diagnostic.range.start, diagnostic.range.end)
                    properties += [("line", "\(start.line)"), ("col", "\(start.column)")]
                    // Columns of an end mean something on the same line only.
                    if end.line == start.line {
                        let last = max(start.column, end.column - 1)
                        properties += [("endLine", "\(end.line)"), ("endColumn", "\(last)")]
                    }
                }
            }
            let message =
                diagnostic.isInFile
                ? diagnostic.message : "\(diagnostic.source.name): \(diagnostic.message)"
            return WorkflowCommand(diagnostic.severity.gitHubName, properties, message).line
        }.joined()
    }
}

extension Diagnostic.Severity {
    /// What GitHub calls an annotation of this kind.
    fileprivate var gitHubName: String { self == .note ? "notice" : rawValue }
}

extension Diagnostic {
    /// One about a file as such.
    fileprivate static func about(_ path: String, _ message: String) -> Diagnostic {
        Diagnostic(
            message: message, source: SourceFile(name: path, text: ""), range: .wholeFile)
    }

    /// Whether it points into a file and not into the command line.
    fileprivate var isInFile: Bool { source.name != SpecReader.settingName }

    /// Lines and columns from 1, in Unicode scalars; the end is one past the last character. All
    /// four are absent where the whole file is meant.
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "severity": .string(severity.rawValue), "message": .string(message),
            "file": .string(source.name),
        ]
        if range != .wholeFile {
            object["line"] = .integer(range.start.line)
            object["column"] = .integer(range.start.column)
            object["end_line"] = .integer(range.end.line)
            object["end_column"] = .integer(range.end.column)
        }
        if let path { object["path"] = .string(path) }
        return .object(object)
    }
}
