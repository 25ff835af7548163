/// A source line with a caret under a range of it.
struct SourceExcerpt {
    /// The two lines, each with its line break.
    let text: String

    /// Characters shown of a longer line.
    private static let maximumLength = 120
    /// Columns of the line's number, and of what tells that the line goes on at either side.
    private static let margins = 10

    /// - Parameter width: of the terminal, which would break longer lines; nil where there is none.
    /// - Returns: nil where the range is in no line of the file, or in a blank one.
    init?(_ source: SourceFile, _ range: SourceRange, width: Int? = nil) {
        let most = min(Self.maximumLength, max(20, (width ?? .max) - Self.margins))
        guard let line = source.line(range.start.line) else { return nil }
        let characters = line.unicodeScalars.map(DisplayText.shown)
        guard let last = characters.lastIndex(where: { !$0.properties.isWhitespace }) else {
            return nil
        }
        let length = characters.count
        let start = min(max(range.start.column - 1, 0), length)
        let rangeEnd = range.end.line == range.start.line ? range.end.column - 1 : last + 1

        // A window of a long line: a file may be one line of a megabyte.
        let low = length > most ? max(0, start - most / 3) : 0
        let high = min(length, low + most)
        let end = min(max(rangeEnd, start), high)

        var shown = low > 0 ? "…" : ""
        var pointer = low > 0 ? " " : ""
        for character in characters[low..<start] {
            pointer +=
                character == "\t"
                ? "\t" : String(repeating: " ", count: DisplayText.width(character))
        }
        let cells = characters[start..<end].reduce(0) { $0 + DisplayText.width($1) }
        pointer += "^" + String(repeating: "~", count: max(cells - 1, 0))
        shown.unicodeScalars.append(contentsOf: characters[low..<high])
        shown += high < length ? "…" : ""

        let number = String(range.start.line)
        let margin = String(repeating: " ", count: max(5 - number.count, 0)) + number
        let blank = String(repeating: " ", count: margin.count)
        text = "\(margin) | \(shown)\n\(blank) | \(pointer)\n"
    }
}
