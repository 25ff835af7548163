import CLibYAML

/// An error of libyaml: what it stumbled over, and what it was reading.
///
/// Its wording is kept, so that it can be looked up, except where it would not help.
struct ParserFailure {
    private let type: yaml_error_type_t
    private let problem: String
    private let problemIndex: Int
    private let byteOffset: Int
    /// Such as `while parsing a block mapping`.
    private let context: String?
    private let contextIndex: Int

    init(_ parser: yaml_parser_t) {
        type = parser.error
        problem = parser.problem.map { String(cString: $0) } ?? "the text is not valid YAML"
        problemIndex = Int(parser.problem_mark.index)
        byteOffset = Int(parser.problem_offset)
        context = parser.context.map { String(cString: $0) }
        contextIndex = Int(parser.context_mark.index)
    }

    func error(in source: SourceFile) -> YAMLError {
        let mark = source.mark(atScalar: problemIndex)
        let start = source.mark(atScalar: contextIndex)
        switch type {
        case YAML_MEMORY_ERROR:
            return error(.outOfMemory, .wholeFile, source)
        case YAML_READER_ERROR:
            return error(.syntax(problem), SourceRange(at: source.mark(atByte: byteOffset)), source)
        default:
            break
        }
        switch problem {
        case "found a tab character that violates indentation",
            "found a tab character where an indentation space is expected":
            return error(.tabIndentation, SourceRange(at: mark), source)
        case "found character that cannot start any token":
            return unexpectedCharacter(at: mark, in: source)
        case "mapping values are not allowed in this context":
            let message = problem + "; " + colonAdvice(before: mark.line, in: source)
            return error(.syntax(message), SourceRange(at: mark), source)
        case "found unexpected end of stream" where context == "while scanning a quoted scalar":
            // The place to look at is where it begins, not where the file ends.
            let message = "\(problem) while scanning this quoted scalar; its end quote is missing"
            return error(.syntax(message), SourceRange(at: start), source)
        case "did not find expected <document start>":
            let message = problem + "; the document has ended before this"
            return error(.syntax(message), SourceRange(at: mark), source)
        case "could not find expected ':'" where context == "while scanning a simple key":
            return error(.syntax(problem + " after this key"), SourceRange(at: start), source)
        case "block sequence entries are not allowed in this context":
            let message = problem + "; a list's items begin on lines of their own"
            return error(.syntax(message), SourceRange(at: mark), source)
        case "found unknown escape character":
            let message =
                problem + "; a backslash is written \\\\ in double quotes, \\ in single quotes"
            return error(.syntax(message), SourceRange(at: mark), source)
        default:
            let message = problem + contextWords(start) + advice(at: mark, in: source)
            return error(.syntax(message), SourceRange(at: mark), source)
        }
    }

    private func unexpectedCharacter(at mark: SourceMark, in source: SourceFile) -> YAMLError {
        guard let character = source.character(at: mark) else {
            return error(.syntax(problem), SourceRange(at: mark), source)
        }
        if character == "\t" { return error(.tabIndentation, SourceRange(at: mark), source) }
        let shown = DisplayText.quoted(String(character))
        let message = "found character \(shown) that cannot start any token; a text needs quotes"
        return error(.syntax(message), SourceRange(at: mark), source)
    }

    /// What is to be done about a colon that cannot stand where it does: the line before may lack
    /// the space after its own, and so have become the beginning of a text.
    private func colonAdvice(before line: Int, in source: SourceFile) -> String {
        if line > 1, let above = source.line(line - 1),
            above.prefixMatch(of: /\s*[A-Za-z_][A-Za-z0-9_]*:[^\s\/]/) != nil
        {
            return "line \(line - 1) lacks the space after its ':'"
        }
        return "check the indentation, and quote a text that has ': ' in it"
    }

    /// What is to be done where a block ends that should not, and where brackets begin within a
    /// text among brackets.
    private func advice(at mark: SourceMark, in source: SourceFile) -> String {
        let character = source.character(at: mark)
        if problem == "did not find expected key" {
            return character == "}" || character == "]"
                ? "; nothing is open here that this bracket closes" : "; check the indentation"
        }
        guard problem.hasPrefix("did not find expected ',' or"),
            character == "[" || character == "{", mark.column > 1,
            let before = source.character(
                at: SourceMark(line: mark.line, column: mark.column - 1)),
            Character(before).isLetter || Character(before).isNumber
        else { return "" }
        return "; within brackets a text that has brackets needs quotes"
    }

    /// What was being read, and where that begins.
    private func contextWords(_ start: SourceMark) -> String {
        switch context {
        case nil, "while scanning for the next token", "while parsing a node",
            "while parsing a block node", "while parsing a flow node":
            ""
        case let context?: " \(context) that starts on line \(start.line)"
        }
    }

    private func error(
        _ kind: YAMLError.Kind, _ range: SourceRange, _ source: SourceFile
    ) -> YAMLError {
        YAMLError(kind, at: range, in: source)
    }
}
