import Safeguards

/// Rows in columns for a terminal; the last column is not padded.
enum TextTable {
    static func text(_ rows: [[String]], indent: Int = 2) -> String {
        let rows = rows.map { $0.map(VisibleText.line) }
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            return String(repeating: " ", count: indent) + cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
