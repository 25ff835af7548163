import ResultsFormat

/// The page of a check, from the report that `check --json` writes.
package struct GateSummary {
    private let path: String
    private let cases: [Case]
    private let outcome: String
    private let significance: Double?
    private let differences: [JSONValue]

    /// One figure of one configuration, held to its rule.
    private struct Case {
        var json: JSONValue

        var experiment: String { json["experiment"]?.stringValue ?? "" }
        var configuration: String { json["configuration"]?.stringValue ?? "" }
        var metric: String? { json["metric"]?.stringValue }
        var verdict: String { json["verdict"]?.stringValue ?? "" }
        var reason: String { json["reason"]?.stringValue ?? "" }
        var baseline: Double? { json["baseline"]?.doubleValue }
        var candidate: Double? { json["candidate"]?.doubleValue }
        var allowance: Double? { json["allowance"]?.doubleValue }
        var better: FigureRecord.Better? {
            json["better"]?.stringValue.flatMap(FigureRecord.Better.init)
        }

        /// In words that tell it from the others.
        var name: String {
            [configuration.isEmpty ? experiment : configuration, metric ?? ""]
                .filter { !$0.isEmpty }.joined(separator: ": ")
        }
    }

    /// The JSON of a report of a check, as far as pages need it.
    ///
    /// - Throws: ``ResultsDecodingError`` naming what is missing.
    package static func checked(_ json: JSONValue) throws(ResultsDecodingError) -> JSONValue {
        try GateReportFormat.check(json)
        return json
    }

    /// - Parameter json: of a report that ``checked(_:)`` has let pass.
    package init(path: String, _ json: JSONValue) {
        self.path = path
        cases = (json["cases"]?.arrayValue ?? []).map(Case.init)
        outcome = json["outcome"]?.stringValue ?? ""
        significance = json["significance"]?.doubleValue
        differences = json["differences"]?.arrayValue ?? []
    }

    package var page: Page {
        let experiments = cases.reduce(into: [String]()) {
            if !$0.contains($1.experiment) { $0.append($1.experiment) }
        }
        return Page(
            title: "Gate: "
                + (experiments.isEmpty ? "nothing" : experiments.joined(separator: ", ")),
            lead: lead,
            sections: [
                Page.Section("Differences and what is allowed", plots),
                Page.Section("Queries that moved most", moved),
                Page.Section("All verdicts", table.markup),
                Page.Section("Where the specs differ", specs),
            ], footer: PageFooter.text(of: [path]))
    }

    // MARK: Verdict

    private var lead: Markup {
        let kind =
            switch outcome {
            case "pass": "good"
            case "not_comparable": "warn"
            default: "bad"
            }
        let word = outcome.split(separator: "_").joined(separator: " ").uppercased()
        var lead = Markup.element(
            "p", [:], .element("span", ["class": "verdict \(kind)"], .text(word)),
            .text(" " + counts + "."))
        let bad = cases.filter { ["regressed", "broken", "not_comparable"].contains($0.verdict) }
        if !bad.isEmpty {
            lead += .element(
                "ul", ["class": "warnings", "aria-label": "What failed"],
                bad.prefix(20).map { item in
                    .element("li", [:], .name(item.name), .text(" "), .name(sentence(item)))
                })
        }
        if let significance {
            lead += .element(
                "p", ["class": "soft"],
                .text(
                    "A difference counts where its p-value, corrected for all tests of the "
                        + "check, is at most \(NumberText.short(significance))."))
        }
        return lead
    }

    private var counts: String {
        var counts: OrderedMap<Int> = [:]
        for item in cases { counts.update(item.verdict, default: 0) { $0 += 1 } }
        guard !counts.isEmpty else { return "Nothing was compared" }
        return counts.map { "\($0.value) \($0.key.split(separator: "_").joined(separator: " "))" }
            .joined(separator: ", ")
    }

    private func sentence(_ item: Case) -> String {
        var words = item.verdict.split(separator: "_").joined(separator: " ")
        if let old = item.baseline, let new = item.candidate {
            words += " from \(NumberText.short(old)) to \(NumberText.short(new))"
            if let change = item.json["relative_change"]?.doubleValue {
                words += " (\(change > 0 ? "+" : "")\(NumberText.percent(change)))"
            }
        }
        return item.reason.isEmpty ? words : "\(words): \(item.reason)"
    }

    // MARK: Differences

    private var plots: [Figure] {
        let drawn = cases.filter { $0.baseline != nil && $0.candidate != nil && $0.baseline != 0 }
        guard !drawn.isEmpty else {
            return [
                Figure(
                    "Differences",
                    missing: "No figure has a value in both the baseline and the results.")
            ]
        }
        let shown = drawn.sorted { isFirst($0, $1) }.prefix(24)
        return [
            DifferenceChart(
                title: title(of: drawn),
                note: "Change in percent of the baseline, with its 95% interval. The dashed band "
                    + "is what the rule allows. ▲ better, ▼ worse."
                    + (shown.count < drawn.count
                        ? " The first \(shown.count) of \(drawn.count)." : ""),
                xTitle: "change against the baseline in %", rows: shown.map(row),
                columns: [
                    "figure", "verdict", "baseline", "results", "difference", "95% from", "to",
                    "allowed",
                ]
            ).figure
        ]
    }

    private func isFirst(_ left: Case, _ right: Case) -> Bool {
        func order(_ item: Case) -> Int {
            ["broken", "regressed", "not_comparable", "uncertain", "tolerated", "improved"]
                .firstIndex(of: item.verdict) ?? 9
        }
        return order(left) < order(right)
    }

    private func title(of cases: [Case]) -> String {
        let regressed = cases.count { $0.verdict == "regressed" }
        return regressed == 0
            ? "No figure is worse than its rule allows"
            : regressed == 1
                ? "One figure is worse than its rule allows"
                : "\(regressed) figures are worse than their rules allow"
    }

    private func row(_ item: Case) -> DifferenceChart.Row {
        let (old, new) = (item.baseline ?? 0, item.candidate ?? 0)
        let scale = 100 / abs(old)
        let ends = item.json["difference_interval_95"]?.arrayValue?.compactMap(\.doubleValue) ?? []
        let isOrdered = ends.count == 2 && ends[0] <= ends[1]
        let isBetter: Bool? =
            switch item.better {
            case _ where new == old: nil
            case .higher: new > old
            case .lower: new < old
            default: nil
            }
        let allowed = item.allowance.map { $0 * scale }
        return DifferenceChart.Row(
            name: item.name, change: (new - old) * scale,
            interval: isOrdered ? ends[0] * scale...ends[1] * scale : nil,
            allowed: allowed.map { reach in
                switch item.better {
                case .higher: -reach...0
                case .lower: 0...reach
                default: -reach...reach
                }
            }, verdict: item.verdict.split(separator: "_").joined(separator: " "),
            isBetter: isBetter,
            cells: [
                .name(item.name), .text(item.verdict), .number(old), .number(new),
                .change(new - old), DataTable.Cell(isOrdered ? ends[0] : nil),
                DataTable.Cell(isOrdered ? ends[1] : nil), DataTable.Cell(item.allowance),
            ])
    }

    // MARK: Queries

    private var moved: Markup {
        let tables = cases.compactMap { item -> Markup? in
            guard let moved = item.json["moved"]?.arrayValue, !moved.isEmpty else { return nil }
            return .element("h3", [:], .name(item.name))
                + DataTable(
                    ["query", "baseline", "results", "difference"],
                    moved.map { entry in
                        let old = entry["baseline"]?.doubleValue
                        let new = entry["candidate"]?.doubleValue
                        return [
                            .name(entry["query"]?.stringValue ?? "?"), DataTable.Cell(old),
                            DataTable.Cell(new),
                            old.flatMap { old in new.map { .change($0 - old) } } ?? .missing,
                        ]
                    }, isSortable: true
                ).markup
        }
        guard !tables.isEmpty else {
            return .element(
                "p", ["class": "empty"],
                .text(
                    "The check knows of no single queries: it takes 'evaluate: {per_query: "
                        + "FILE}' in the spec, in the baseline as well."))
        }
        return tables.joined
    }

    // MARK: Tables

    private var table: DataTable {
        DataTable(
            [
                "experiment", "configuration", "figure", "verdict", "baseline", "results", "change",
                "p-value", "runs", "why",
            ],
            cases.map { item in
                [
                    .name(item.experiment), .name(item.configuration), .name(item.metric ?? ""),
                    .text(item.verdict), DataTable.Cell(item.baseline),
                    DataTable.Cell(item.candidate),
                    item.json["relative_change"]?.doubleValue.map {
                        .markup(.number($0, as: ($0 > 0 ? "+" : "") + NumberText.percent($0)))
                    } ?? .missing,
                    DataTable.Cell(item.json["p_value"]?.doubleValue),
                    DataTable.Cell(item.json["runs"]?.integerValue), .name(item.reason),
                ]
            }, isSortable: true)
    }

    private var specs: Markup {
        let rows = differences.flatMap { difference -> [[DataTable.Cell]] in
            let place =
                difference["configuration"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
                ?? difference["experiment"]?.stringValue ?? ""
            return (difference["spec"]?.arrayValue ?? []).map { change in
                func text(_ value: JSONValue?) -> String {
                    value?.stringValue ?? (try? value?.jsonText(.compact)) ?? "–"
                }
                return [
                    .name(place), .name(change["path"]?.stringValue ?? ""),
                    .name(text(change["baseline"])), .name(text(change["candidate"])),
                ]
            }
        }
        guard !rows.isEmpty else {
            return .paragraph(.text("They are those of the baseline."))
        }
        return DataTable(["runs", "setting", "baseline", "results"], rows).markup
    }
}
