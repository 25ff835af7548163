import Experiments
import Platform
import ResultsFormat
import Safeguards

/// Writes lists of candidates: tables, or JSON Lines.
struct ListWriter {
    let model: SavedModel
    let format: ListFormat

    /// The ids of a file, one a line.
    static func ids(in path: String) throws(ExitStatus) -> [String] {
        do {
            let lines = try SavedModel.ids(inFile: path)
            guard !lines.isEmpty else {
                StandardError.writeLine("tfrs-run: '\(path)' names no candidates")
                throw ExitStatus.usage
            }
            return lines
        } catch {
            throw .tellingOfModel(error)
        }
    }

    /// - Parameter lists: each with what was asked.
    func write(_ lists: [(query: JSONValue, list: RecommendationList)]) throws {
        switch format {
        case .jsonl:
            var text = ""
            for (query, list) in lists { text += try line(query, list) + "\n" }
            try StandardOutput.write(text)
        case .table:
            for (query, list) in lists {
                for note in list.notes { StandardError.writeLine("tfrs-run: \(note)") }
                let asked = try query.jsonText(.compact)
                if lists.count > 1 { try StandardOutput.writeText("\(asked)\n") }
                try StandardOutput.writeText(try table(list))
            }
        }
    }

    private func line(_ query: JSONValue, _ list: RecommendationList) throws -> String {
        var members: JSONObject = [
            "query": query,
            "items": .array(
                list.items.map { ["id": .string($0.id), "score": JSONValue($0.score)] }),
        ]
        if !list.notes.isEmpty { members["notes"] = .array(list.notes.map(JSONValue.string)) }
        return try JSONValue.object(members).jsonText(.compact)
    }

    private func table(_ list: RecommendationList) throws -> String {
        var rows: [[String]] = []
        for (rank, item) in list.items.enumerated() {
            let words = try model.words(of: item.row)
            rows.append(
                ["\(rank + 1)", item.id, Text.fixed(Double(item.score), 4)]
                    + words.map { String($0.prefix(60)) })
        }
        guard !rows.isEmpty else { return "(no candidate is left)\n" }
        return Self.columns([["", model.record.candidate.id, "score"]] + rows)
    }

    private static func columns(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map { VisibleText.line($0) } }
        let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { Text.padded($1, to: widths[$0]) }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
