import Safeguards

/// What can go wrong with data. Each case holds facts; ``description`` words them, one line that
/// stands on its own first.
public enum DataError: Error, Hashable, Sendable {
    /// The data could not be had anywhere; the command-line tool exits with code 5.
    case unavailable(UnavailableData)
    /// A file does not hold what its format requires.
    case malformed(MalformedData)
    /// A row of a database does not hold what its columns require.
    case badRow(BadRow)
    /// A file that was named cannot be read.
    case unreadable(file: String, reason: String)
    /// A column that a component reads is not in the table, which has the `available` ones.
    case missingColumn(name: String, table: String, available: [String])
    /// The column is there and holds values of another kind.
    case wrongColumn(name: String, table: String, required: String, found: String)
    /// The parts that a split asks for cannot be made of the data.
    case badSplit(SplitProblem)
    /// A generator was asked for what cannot exist; the text says why.
    case impossible(String)
    /// A table of users or items does not go with the interactions; the text says why.
    case misjoined(table: String, reason: String)
    /// A vocabulary was given one token twice; positions are 0-based.
    case duplicateToken(token: String, first: Int, second: Int)
    /// An error with what helps to mend it, a line each.
    indirect case annotated(DataError, lines: [String])
}

/// Data that was sought and not found.
public struct UnavailableData: Hashable, Sendable {
    /// A place that was tried, and why it did not serve.
    public struct Attempt: Hashable, Sendable {
        /// Where the data were looked for.
        public var place: String
        /// Why they were not there.
        public var reason: String

        public init(place: String, reason: String) {
            self.place = place
            self.reason = reason
        }
    }

    /// One line: what was sought and what came of it.
    public var summary: String
    /// In the order in which they were tried.
    public var attempts: [Attempt]
    /// What to do about it, one sentence each.
    public var advice: [String]

    public init(summary: String, attempts: [Attempt], advice: [String]) {
        self.summary = summary
        self.attempts = attempts
        self.advice = advice
    }
}

/// A place in a file and what is wrong there.
public struct MalformedData: Hashable, Sendable {
    /// The file's path, as it was given.
    public var file: String
    /// 1-based.
    public var line: Int
    /// 1-based, in bytes.
    public var column: Int
    /// What has to stand there.
    public var required: String
    /// What stands there.
    public var found: String
    /// Whether the row of delimited text has a quote, which another way to quote may read.
    public var holdsQuote: Bool

    public init(
        file: String, line: Int, column: Int, required: String, found: String,
        holdsQuote: Bool = false
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.required = required
        self.found = found
        self.holdsQuote = holdsQuote
    }
}

/// A row of a database's table, and what is wrong there.
public struct BadRow: Hashable, Sendable {
    /// The file's path, as it was given.
    public var file: String
    /// Which table or query, in words.
    public var place: String
    /// 1-based, in the order in which rows are read.
    public var row: Int
    public var column: String
    /// What has to stand there.
    public var required: String
    /// What stands there.
    public var found: String

    public init(
        file: String, place: String, row: Int, column: String, required: String, found: String
    ) {
        self.file = file
        self.place = place
        self.row = row
        self.column = column
        self.required = required
        self.found = found
    }
}

/// What is wrong with a split's sizes; what is wrong in an index file is ``MalformedData``.
public enum SplitProblem: Hashable, Sendable {
    /// A size below 1 row, or a fraction not above 0 and at most 1.
    case sizeOutOfRange(part: String, size: String)
    /// The parts together are larger than the data; `parts` reads like "train 8, test 4".
    case tooLarge(parts: String, asked: String, available: Int)
    /// A fraction so small that it rounds to no row.
    case emptyPart(part: String, size: String, available: Int)
    /// A part that came out without rows; `split` says how it was made.
    case nothingLeft(part: String, split: String)
}

extension DataError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let data): data.description
        case .malformed(let place):
            "\(place.file):\(place.line):\(place.column): required \(place.required), "
                + "found \(Confinement.content(place.found))"
        case .badRow(let bad):
            "\(bad.file), \(bad.place), row \(bad.row): required \(bad.column), "
                + "\(bad.required), found \(Confinement.content(bad.found))"
        case .unreadable(let file, let reason): "cannot read '\(file)': \(reason)"
        case .missingColumn(let name, let table, let available):
            "the \(table) have no column '\(name)'; "
                + (available.isEmpty
                    ? "they have no columns"
                    : "there are \(Confinement.content(Self.list(available)))"
                        + Self.hint(on: available))
        case .wrongColumn(let name, let table, let required, let found):
            "column '\(name)' of the \(table) must hold \(required), but holds \(found)"
        case .badSplit(let problem): problem.description
        case .impossible(let reason), .misjoined(_, let reason): reason
        case .duplicateToken(let token, let first, let second):
            "a vocabulary needs distinct tokens: "
                + "\(Confinement.content("'\(token)'")) stands at \(first) and at \(second)"
        case .annotated(let error, let lines):
            ([error.description] + lines.map { "  " + $0 }).joined(separator: "\n")
        }
    }
}

extension UnavailableData: CustomStringConvertible {
    public var description: String {
        var lines = [summary]
        if !attempts.isEmpty {
            lines.append("  tried:")
            lines += attempts.map { "    \($0.place): \($0.reason)" }
        }
        if !advice.isEmpty {
            lines.append("  what to do:")
            lines += advice.map { "    \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}

extension SplitProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .sizeOutOfRange(let part, let size):
            "the \(part) part of a split needs at least 1 row, or a fraction above 0 and at most "
                + "1, not \(size)"
        case .tooLarge(let parts, let asked, let available):
            "the split asks for \(asked) (\(parts)), but the data has \(available) rows"
        case .emptyPart(let part, let size, let available):
            "the \(part) part of the split is empty: \(size) of \(available) rows rounds to none"
        case .nothingLeft(let part, let split):
            "the \(part) part of the split is empty: \(split)"
        }
    }
}

extension DataError {
    /// What to do where names look as if a file was cut at the wrong places.
    static func hint(on names: [String]) -> String {
        if names.first?.hasPrefix("{") ?? false {
            return ": lines of objects are read by 'source: jsonl'"
        }
        if names.count == 1, let name = names.first,
            let delimiter = ["\t", ";", "|", "::", ",", " "].first(where: name.contains)
        {
            if delimiter == " ", name.contains("  ") {
                return ": several blanks stand between the columns: leave one, as tr -s ' ' does, "
                    + "and say 'delimiter: \" \"'"
            }
            let written = delimiter == "\t" ? "\\t" : delimiter
            return ": is \"\(written)\" the 'delimiter'?"
        }
        if names.contains(where: { Double($0) != nil }) {
            return ": a first line that is a row goes by 'header: false', with 'columns' that name "
                + "the fields"
        }
        if names.count > 1, names.dropFirst().allSatisfy({ $0.hasPrefix(" ") }) {
            return ": the blanks before them go by 'delimiter: \", \"' (with the file's own)"
        }
        return ""
    }

    /// Names for a message; of very many the first, and how many there are besides.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(30).joined(separator: ", ")
        return names.count > 30 ? "\(shown) and \(names.count - 30) more" : shown
    }
}
