import Retrieval
import YAMLTree

/// What helps with an error in data: which line of the spec declares them, what a relative path is
/// relative to, and which option may mend it.
struct DataErrorContext {
    let spec: ExperimentSpec
    let environment: DataEnvironment

    func annotating(_ error: DataError) -> DataError {
        let lines: [String]
        switch error {
        case .unreadable(let file, _):
            lines =
                place(of: file)
                + [Self.relativity(of: file, in: environment), nearby(file)]
                .compactMap(\.self)
        case .malformed(let data):
            lines = place(of: data.file) + remedies(for: data)
        case .badRow(let row):
            lines = place(of: row.file) + skipping
        case .missingColumn(_, let table, _):
            lines = place(at: ["data.\(table)", "data"])
        default: return error
        }
        return lines.isEmpty ? error : .annotated(error, lines: lines)
    }

    /// What a path is relative to, or what is wrong with it; nil for one from the root.
    static func relativity(of file: String, in environment: DataEnvironment) -> String? {
        if file.hasPrefix("/") { return nil }
        if file.hasPrefix("~") { return "'~' is the shell's: write the whole path" }
        if file.contains("://") {
            return "it is an address; files are read from disks alone: fetch it first"
        }
        return "'\(file)' is relative to \(environment.workingDirectory)"
    }

    /// A file that may be meant, where there is none of the name.
    private func nearby(_ file: String) -> String? {
        guard environment.isFree(file), !file.contains(where: { "*?[~".contains($0) }) else {
            return nil
        }
        func folder(of path: String) -> Substring {
            path.lastIndex(of: "/").map { path[...$0] } ?? ""
        }
        if let spec = spec.marks.diagnostic(at: "data", "")?.source.name,
            case let beside = String(folder(of: spec)) + file, beside != file,
            !environment.isFree(beside)
        {
            return "there is '\(beside)' beside the spec"
        }
        let own = folder(of: file)
        return Suggestion.closest(
            to: String(file.dropFirst(own.count)), among: environment.names(beside: file)
        ).map { "did you mean '\(own)\($0)'?" }
    }

    private func remedies(for data: MalformedData) -> [String] {
        // The first line may be one of names, and no row to be skipped.
        guard data.line > 1 else { return [] }
        let isAboutQuotes = data.holdsQuote || data.required.contains("quote")
        return isAboutQuotes && takes("quote")
            ? ["'quote: null' reads quotes as text; 'on_bad_row: skip' leaves such rows out"]
            : skipping
    }

    private var skipping: [String] {
        takes("on_bad_row") ? ["'on_bad_row: skip' leaves such rows out and counts them"] : []
    }

    /// Whether the source's tables, or itself, have a field.
    private func takes(_ field: String) -> Bool {
        let values = spec.data.source.values
        if values[field] != nil { return true }
        if case .object(let table)? = values["interactions"] { return table[field] != nil }
        return false
    }

    /// Where the spec declares a file.
    private func place(of file: String) -> [String] {
        let tables = ["interactions", "users", "items"]
        let fields = ["path", "test_path", "validation_path"]
        let paths = tables.flatMap { table in fields.map { "data.\(table).\($0)" } } + ["data.path"]
        let path = paths.first { path in
            guard let declared = value(at: path) else { return false }
            return file == declared || file.hasPrefix(declared + ".")
                || file.hasPrefix(declared + "/")
                || declared.contains { "*?[".contains($0) }
        }
        return place(at: [path ?? "data"])
    }

    private func value(at path: String) -> String? {
        var value = FieldValue.object(spec.data.source.values)
        for name in path.split(separator: ".").dropFirst() {
            guard case .object(let values) = value, let member = values[String(name)] else {
                return nil
            }
            value = member
        }
        return String(fieldValue: value)
    }

    private func place(at paths: [String]) -> [String] {
        guard let path = paths.first(where: spec.marks.isWritten) ?? paths.last,
            let mark = spec.marks.diagnostic(at: path, "")
        else { return [] }
        let start = mark.range.start
        return ["declared at \(mark.source.name):\(start.line):\(start.column), '\(path)'"]
    }
}
