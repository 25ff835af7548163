import ResultsFormat

/// Several runs beside each other: their figures, and where their specs, data and machines differ.
package struct RunComparison {
    private let runs: [RunInput]
    private let names: [String]

    package init(_ runs: [RunInput]) {
        self.runs = runs
        names = RunsReport.names(of: runs)
    }

    /// A row for each thing that differs, a column for each run; of two runs also by how much.
    package var table: TextTable {
        var rows: [[JSONValue]] = []
        for part in ["validation", "test"] {
            var metrics: [String] = []
            for run in runs {
                for name in run.document.evaluation[part]?.metrics.keys ?? []
                where !metrics.contains(name) { metrics.append(name) }
            }
            for name in metrics {
                let values = runs.map { $0.document.evaluation[part]?.metrics[name] }
                guard Set(values).count > 1 else { continue }
                rows.append(
                    row("metric", "\(part).\(name)", values.map { $0.map(JSONValue.number) }))
            }
        }
        let records: [(String, (ResultsDocument) -> JSONValue?)] = [
            ("spec", { $0.experiment.spec }),
            ("data", { $0.json["data"] }),
            ("environment", { $0.json["environment"] }),
            ("timing", { $0.json["timing"] }),
        ]
        for (kind, record) in records {
            for place in Self.differences(of: runs.map { record($0.document) }) {
                rows.append(
                    row(kind, place.text, runs.map { record($0.document)?[path: place] }))
            }
        }
        return TextTable(columns: ["kind", "what"] + names + changeColumn, rows: rows)
    }

    private var changeColumn: [String] { runs.count == 2 ? ["change"] : [] }

    private func row(_ kind: String, _ name: String, _ values: [JSONValue?]) -> [JSONValue] {
        var cells = [.string(kind), .string(name)] + values.map { $0 ?? .null }
        if runs.count == 2 {
            let numbers = values.compactMap { $0?.doubleValue }
            cells.append(numbers.count == 2 ? .number(numbers[1] - numbers[0]) : .null)
        }
        return cells
    }

    /// Where any of the values differs from the first.
    private static func differences(of values: [JSONValue?]) -> [JSONPath] {
        var paths: [JSONPath] = []
        for other in values.dropFirst() {
            for difference in JSONDifference.between(values[0], other)
            where !paths.contains(difference.path) { paths.append(difference.path) }
        }
        return paths
    }
}
