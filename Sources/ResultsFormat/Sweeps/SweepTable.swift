/// A sweep as a table for spreadsheets: RFC 4180, one row for each trial.
extension SweepIndex {
    /// The table, with a header line and CR LF line ends.
    public func csv() -> String {
        let settings = Self.union(trials.map(\.settings.keys))
        let metrics = metricColumns.map(\.title)
        var lines = [
            ["trial", "configuration", "status", "seed", "fold", "epochs", "final"] + settings
                + metrics + ["reason", "digest"]
        ]
        for trial in trials {
            var values: [String: String] = [:]
            for part in trial.metrics {
                for metric in part.value {
                    values["\(part.key).\(metric.key)"] = metric.value.description
                }
            }
            lines.append(
                [
                    trial.name, trial.configuration, trial.status.rawValue,
                    trial.seed.map(String.init) ?? "", trial.fold.map(String.init) ?? "",
                    trial.rungEpochs.map(String.init) ?? "", String(trial.isFinal),
                ] + settings.map { trial.settings[$0].map(Self.cell) ?? "" }
                    + metrics.map { values[$0] ?? "" }
                    + [trial.reason ?? "", trial.digest ?? ""])
        }
        return Self.text(lines)
    }

    /// What the table's columns of figures are, a row for each: to be joined by the column's name.
    public func figuresCSV() -> String {
        let header = [
            "column", "better", "lowest", "highest", "unit", "cutoff", "component", "definition",
        ]
        let rows = metricColumns.map { column in
            let figure = figures[column.name] ?? FigureRecord()
            let ends = [figure.range?.lowerBound, figure.range?.upperBound].map { end in
                end.flatMap { $0.isFinite ? $0.description : nil } ?? ""
            }
            return [column.title, figure.better?.rawValue ?? ""] + ends + [
                figure.unit ?? "", figure.cutoff.map(String.init) ?? "", figure.component ?? "",
                figure.definition ?? "",
            ]
        }
        return Self.text([header] + rows)
    }

    /// The columns of figures in order of first appearance: what stands above them, and the
    /// figure's own name.
    private var metricColumns: [(title: String, name: String)] {
        var seen: Set<String> = []
        return trials.flatMap { trial in
            trial.metrics.flatMap { part in
                part.value.keys.map { ("\(part.key).\($0)", $0) }
            }
        }.filter { seen.insert($0.0).inserted }
    }

    private static func text(_ lines: [[String]]) -> String {
        lines.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// The names in order of first appearance.
    private static func union(_ lists: [[String]]) -> [String] {
        var seen: Set<String> = []
        return lists.joined().filter { seen.insert($0).inserted }
    }

    private static func cell(_ value: JSONValue) -> String {
        value.stringValue ?? (try? value.jsonText(.compact)) ?? ""
    }

    /// Quotes where the text would be read as something else; what a spreadsheet would take for a
    /// formula is no number of ours and gets an apostrophe.
    private static func quoted(_ text: String) -> String {
        var text = text
        if let first = text.first,
            "=@+\t\r".contains(first) || (first == "-" && Double(text) == nil)
        {
            text = "'" + text
        }
        guard text.contains(where: { "\",\r\n".contains($0) || $0 == "\r\n" }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
