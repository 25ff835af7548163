import ResultsFormat
import Safeguards

/// Rows of named columns, in the formats that people and programs read.
package struct TextTable: Sendable {
    package enum Format: String, CaseIterable, Sendable {
        /// Columns beneath each other, for a terminal.
        case table
        case csv
        case json
        /// A table of Markdown.
        case md
    }

    package var columns: [String]
    /// Null where a row has nothing in a column.
    package var rows: [[JSONValue]]

    package init(columns: [String], rows: [[JSONValue]]) {
        self.columns = columns
        self.rows = rows
    }

    /// - Parameter width: columns of the terminal, for ``Format/table``; nil: as wide as it takes.
    package func text(as format: Format, width: Int? = nil) -> String {
        switch format {
        case .table: aligned(width)
        case .csv: csv
        case .json: json
        case .md: markdown
        }
    }

    // MARK: Formats

    /// Whether the table is cut nowhere on a terminal but in its long cells.
    func fits(_ width: Int) -> Bool {
        let widths = widths(of: cells(width))
        return widths.reduce(0, +) + 2 * (widths.count - 1) <= width
    }

    /// The heading and the rows as they are shown.
    private func cells(_ width: Int?) -> [[String]] {
        // On a terminal one long name must not push the others off it.
        let most = width == nil ? Int.max : 40
        return ([columns] + rows.map { $0.map(Self.shown) }).map { row in
            row.map { cell in
                let text = VisibleText.line(cell)
                return text.count > most ? text.prefix(most - 1) + "…" : text
            }
        }
    }

    private func widths(of cells: [[String]]) -> [Int] {
        columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    }

    private func aligned(_ width: Int?) -> String {
        let cells = cells(width)
        let widths = widths(of: cells)
        let isNumeric = columns.indices.map { column in
            rows.lazy.map { $0[column] }.first { $0 != .null }?.doubleValue != nil
        }
        return cells.map { row in
            let line = row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return isNumeric[column] ? padding + text : text + padding
            }.joined(separator: "  ")
            return cut(line, width) + "\n"
        }.joined()
    }

    /// Without spaces at its end, and no longer than the terminal is wide.
    private func cut(_ line: String, _ width: Int?) -> String {
        var line = line
        if let width, line.count > width { line = line.prefix(max(1, width - 1)) + "…" }
        while line.last == " " { line.removeLast() }
        return line
    }

    private var csv: String {
        ([columns] + rows.map { $0.map(Self.exact) }).map { row in
            row.map(Self.field).joined(separator: ",") + "\n"
        }.joined()
    }

    /// RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe.
    private static func field(_ text: String) -> String {
        var text = text
        if let first = text.first, "=+-@\t\r".contains(first), Double(text) == nil {
            text = "'" + text
        }
        guard text.contains(where: { ",\"\n\r".contains($0) || $0.isNewline }) else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    private var json: String {
        let objects = rows.map { row in
            JSONValue.object(
                OrderedMap(zip(columns, row).filter { $0.1 != .null }.map { ($0.0, $0.1) }))
        }
        return ((try? JSONValue.array(objects).jsonText(.pretty)) ?? "[]") + "\n"
    }

    private var markdown: String {
        let head = "| " + columns.map(Self.escaped).joined(separator: " | ") + " |\n"
        let rule = "|" + columns.map { _ in " --- |" }.joined() + "\n"
        return head + rule
            + rows.map { row in
                "| " + row.map { Self.escaped(Self.shown($0)) }.joined(separator: " | ") + " |\n"
            }.joined()
    }

    /// Nothing in a cell ends it or is markup.
    private static func escaped(_ text: String) -> String {
        VisibleText.line(text).reduce(into: "") { escaped, character in
            if "|\\`*_[]<>&#".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }

    // MARK: Values

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .integer(let integer): "\(integer)"
        case .number(let number): NumberText.short(number)
        default: exact(value)
        }
    }

    private static func exact(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: (try? value.jsonText(.compact)) ?? ""
        }
    }
}
