/// How a table of figures is written for other programs.
public enum FigureFormat: String, CaseIterable, Sendable {
    /// A line of names, then a line for each row (RFC 4180); what is not there is empty.
    case csv
    /// An object for each row; what is not there is null.
    case jsonl
}

extension FigureTable {
    /// Writes the table piece by piece.
    public func write<Failure: Error>(
        as format: FigureFormat, to output: (String) throws(Failure) -> Void
    ) throws(Failure) {
        var text = ""
        if format == .csv {
            text = columns.map { Self.csv($0.key) }.joined(separator: ",") + "\n"
        }
        for row in 0..<rowCount {
            switch format {
            case .csv:
                text += columns.map { $0.value.csv(row) }.joined(separator: ",") + "\n"
            case .jsonl:
                let members = columns.map {
                    JSONObject.Member(key: $0.key, value: $0.value.json(row))
                }
                // What is not finite is null.
                text +=
                    ((try? JSONValue.object(JSONObject(distinct: members))
                        .jsonText(.compact)) ?? "null") + "\n"
            }
            if text.utf8.count > 1 << 16 {
                try output(text)
                text = ""
            }
        }
        try output(text)
    }

    /// A field of CSV, in quotes where it needs them.
    fileprivate static func csv(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}

extension FigureColumn {
    fileprivate func csv(_ row: Int) -> String {
        switch self {
        case .float32(let values): values[row].isFinite ? values[row].description : ""
        case .int32(let values): String(values[row])
        case .strings(let values): FigureTable.csv(values[row])
        }
    }

    fileprivate func json(_ row: Int) -> JSONValue {
        switch self {
        case .float32(let values): values[row].isFinite ? JSONValue(values[row]) : .null
        case .int32(let values): .integer(Int(values[row]))
        case .strings(let values): .string(values[row])
        }
    }
}
