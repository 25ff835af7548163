import ResultsFormat

/// Runs in a table: what they are called, when and of which commit they ran, what came of them, and
/// where their specs differ.
package struct RunListing {
    private let runs: [RunInput]
    /// The settings in which the specs differ.
    private let differences: [SpecDifferences.Row]
    /// By an experiment's name the places of those settings in which its own runs differ.
    private let ownDifferences: [String: Set<Int>]
    /// What each of these settings is called: by its path where another has its name, as both
    /// towers have an output_dim.
    private let labels: [String]
    /// The figures that are listed, with their parts.
    private let metrics: [(part: String, name: String)]

    /// - Parameter metrics: names of figures; none: the main figure of the runs.
    package init(_ runs: [RunInput], metrics names: [String] = []) {
        self.runs = runs
        differences = SpecDifferences.rows(of: runs.map(\.document.experiment.spec))
            .filter { !["seed", "name", "description"].contains($0.path) }
        let axes = differences.map { SweepAxis(path: $0.path, values: []).name }
        let counts = Dictionary(axes.map { ($0, 1) }, uniquingKeysWith: +)
        labels = zip(differences, axes).map { counts[$1] == 1 ? $1 : $0.path }
        metrics = ["validation", "test"].flatMap { part in
            Self.names(of: runs, part, names).map { (part, $0) }
        }
        let paths = differences.map { JSONPath(parsing: $0.path) }
        let experiments = Dictionary(grouping: runs.map(\.document.experiment), by: \.name)
        ownDifferences = experiments.mapValues { experiments in
            Set(
                paths.indices.filter { place in
                    Set(experiments.map { own in paths[place].flatMap { own.spec[path: $0] } })
                        .count > 1
                })
        }
    }

    private static func names(
        of runs: [RunInput], _ part: String, _ asked: [String]
    ) -> [String] {
        func has(_ name: String) -> Bool {
            runs.contains { $0.document.evaluation[part]?.metrics[name] != nil }
        }
        if !asked.isEmpty { return asked.filter(has) }
        var names: [String] = []
        for run in runs {
            guard let figures = run.figures, let main = figures.main(run.document), has(main),
                !names.contains(main), names.count < 2
            else { continue }
            names.append(main)
        }
        return names
    }

    package var columns: [String] {
        ["name", "started", "commit", "status", "seed"]
            + metrics.map { "\($0.part).\($0.name)" } + ["differs", "file"]
    }

    /// The rows for which all conditions hold, in the order of a key.
    ///
    /// - Parameters:
    ///   - conditions: such as `status=completed`; see ``RunCondition``.
    ///   - key: a column or a setting; with `-` before it the largest first.
    ///   - isBrief: whether long cells are cut, for people.
    ///   - width: of the terminal, where columns that say the least give way to the others; nil
    ///     shows all.
    package func table(
        where conditions: [RunCondition], by key: String, isBrief: Bool = false, width: Int? = nil
    ) -> TextTable {
        var rows = runs.indices.filter { place in
            conditions.allSatisfy { $0.holds(for: value($0.key, of: runs[place])) }
        }
        let isDescending = key.hasPrefix("-")
        let name = isDescending ? String(key.dropFirst()) : key
        rows.sort { left, right in
            let (a, b) = (value(name, of: runs[left]), value(name, of: runs[right]))
            // What has no such value comes last, whichever way.
            if a == .null || b == .null {
                return a != .null && b == .null || a == b && left < right
            }
            if let order = RunCondition.order(a, b), order != 0 {
                return isDescending ? order > 0 : order < 0
            }
            return left < right
        }
        var shown = columns
        var table: TextTable {
            TextTable(
                columns: shown,
                rows: rows.map { place in shown.map { cell($0, of: runs[place], isBrief) } })
        }
        for column in ["commit", "started", "status", "file"] {
            guard let width, !table.fits(width) else { break }
            shown.removeAll { $0 == column }
        }
        return table
    }

    /// The figures that any of the runs has, by their names.
    package static func figures(of runs: [RunInput]) -> [String] {
        var known: Set<String> = []
        return runs.flatMap { $0.document.evaluation.flatMap { $0.value.metrics.keys } }
            .filter { known.insert($0).inserted }
    }

    /// Whether a figure has a column.
    package func lists(_ metric: String) -> Bool { metrics.contains { $0.name == metric } }

    /// Whether any run knows a key.
    package func knows(_ key: String) -> Bool {
        columns.contains(key) || runs.contains { value(key, of: $0) != .null }
    }

    /// A column's cell.
    private func cell(_ column: String, of run: RunInput, _ isBrief: Bool) -> JSONValue {
        switch column {
        case "commit":
            run.document.environment.commit.map { .string(String($0.prefix(8))) } ?? .null
        case "differs" where isBrief:
            .string(brief(differing(run, first: ownDifferences[run.document.experiment.name])))
        default: value(column, of: run)
        }
    }

    /// A column, a figure by part and name, or a setting by its path.
    private func value(_ key: String, of run: RunInput) -> JSONValue {
        let document = run.document
        switch key {
        case "name": return .string(document.experiment.name)
        case "started": return document.environment.started.map(JSONValue.string) ?? .null
        case "commit": return document.environment.commit.map(JSONValue.string) ?? .null
        case "status": return .string(document.status.rawValue)
        case "seed": return .integer(document.seed)
        case "file": return .string(run.path)
        case "host": return document.environment.host.map(JSONValue.string) ?? .null
        case "seconds": return .number(document.timing.totalSeconds)
        case "digest": return document.digest.map(JSONValue.string) ?? .null
        case "differs": return .string(differing(run).joined(separator: " "))
        default: break
        }
        for part in document.evaluation where key.hasPrefix(part.key + ".") {
            if let value = part.value.metrics[String(key.dropFirst(part.key.count + 1))] {
                return .number(value)
            }
        }
        return JSONPath(parsing: key).flatMap { document.experiment.spec[path: $0] } ?? .null
    }

    /// The run's own values of the settings in which the runs differ.
    ///
    /// - Parameter first: the places of settings that stand before the others, as those do that tell
    ///   the trials of one sweep apart.
    private func differing(_ run: RunInput, first: Set<Int>? = nil) -> [String] {
        let places = differences.indices
        let first = first ?? []
        let order = places.filter(first.contains) + places.filter { !first.contains($0) }
        return order.compactMap { place in
            guard let path = JSONPath(parsing: differences[place].path),
                let value = run.document.experiment.spec[path: path]
            else { return nil }
            let text = value.stringValue ?? (try? value.jsonText(.compact)) ?? "?"
            return "\(labels[place])=\(text.prefix(40))"
        }
    }

    /// As many settings as a line has room for, and how many there are besides.
    private func brief(_ settings: [String]) -> String {
        var line = settings.first ?? ""
        for (index, setting) in settings.enumerated().dropFirst() {
            guard line.count + 1 + setting.count <= Self.briefWidth else {
                return line + " … \(settings.count - index) more"
            }
            line += " " + setting
        }
        return line
    }

    private static let briefWidth = 60
}

/// A condition on a run: a key, what it is compared by, and a value: `test.recall@10>0.1`.
package struct RunCondition: Sendable {
    enum Comparison: String, CaseIterable {
        // Those of two characters are tried first.
        case notEqual = "!="
        case atMost = "<="
        case atLeast = ">="
        case equal = "="
        case less = "<"
        case greater = ">"
        case contains = "~"
    }

    package let key: String
    let comparison: Comparison
    let value: String

    /// Nil for a text that is no condition.
    package init?(_ text: String) {
        for place in text.indices.dropFirst() {
            guard
                let comparison = Comparison.allCases.first(where: {
                    text[place...].hasPrefix($0.rawValue)
                })
            else { continue }
            key = String(text[..<place])
            self.comparison = comparison
            value = String(text[place...].dropFirst(comparison.rawValue.count))
            return
        }
        return nil
    }

    func holds(for found: JSONValue) -> Bool {
        let text = Self.text(found)
        let order =
            Double(value).flatMap { number in
                found.doubleValue.map { $0 < number ? -1 : $0 > number ? 1 : 0 }
            } ?? (text < value ? -1 : text > value ? 1 : 0)
        // What is not there is neither more nor less than anything.
        let isThere = found != .null
        switch comparison {
        case .equal: return order == 0
        case .notEqual: return order != 0
        case .less: return isThere && order < 0
        case .atMost: return isThere && order <= 0
        case .greater: return isThere && order > 0
        case .atLeast: return isThere && order >= 0
        case .contains: return text.lowercased().contains(value.lowercased())
        }
    }

    /// Negative where the first comes before the second; numbers by size, others as text.
    static func order(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let a = left.doubleValue, let b = right.doubleValue { return a < b ? -1 : a > b ? 1 : 0 }
        let (a, b) = (text(left), text(right))
        return a < b ? -1 : a > b ? 1 : 0
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .string(let text): text
        default: (try? value.jsonText(.compact)) ?? ""
        }
    }
}
