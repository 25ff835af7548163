import Platform
import Safeguards

/// Rows in columns for a terminal; the last column is not padded.
enum TextTable {
    /// - Parameter width: of the terminal, where the last column is broken between its words; nil
    ///   breaks nothing, for what reads on.
    static func text(_ rows: [[String]], indent: Int = 2, width: Int? = nil) -> String {
        let rows = rows.map { $0.map(VisibleText.line) }
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0
        }
        let start = indent + widths.dropLast().reduce(0) { $0 + $1 + 2 }
        let margin = String(repeating: " ", count: indent)
        if let width, width - start < leastWidth, columns > 1 {
            return rows.map { stacked($0, indent: indent, width: width) }.joined()
        }
        return rows.map { row in
            let cells = row.dropLast().enumerated().map { column, cell in
                cell + String(repeating: " ", count: widths[column] - cell.count) + "  "
            }
            let last = width.map { row.last?.broken(at: $0 - start) ?? [] } ?? row.suffix(1)
            let hanging = "\n" + String(repeating: " ", count: start)
            return margin + cells.joined() + last.joined(separator: hanging) + "\n"
        }.joined()
    }

    /// What the last column must have for reading to be no pain.
    private static let leastWidth = 28

    /// A row whose last cell stands below the others.
    private static func stacked(_ row: [String], indent: Int, width: Int) -> String {
        let head = row.dropLast().joined(separator: "  ").broken(at: width - indent - 4)
        let body = (row.last ?? "").broken(at: width - indent - 4)
        let margins = [indent] + [Int](repeating: indent + 4, count: head.count + body.count - 1)
        return zip(margins, head + body).map {
            String(repeating: " ", count: $0) + $1 + "\n"
        }.joined()
    }
}

extension String {
    /// Lines of at most `width` characters, broken between words and without blanks at their ends.
    /// A longer word keeps its line.
    package func broken(at width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(word)
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return (lines + [line]).map { line in String(line.trimming { $0 == " " }) }
    }
}
