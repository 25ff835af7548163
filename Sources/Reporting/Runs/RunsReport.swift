import ResultsFormat

/// The page of several runs: curves over each other, figures beside each other, differences, and
/// where the specs differ.
struct RunsReport {
    let runs: [RunInput]
    /// What tells the runs apart, one each.
    private let names: [String]

    init(_ runs: [RunInput]) {
        self.runs = runs
        names = Self.names(of: runs)
    }

    var page: Page {
        Page(
            title: title, lead: lead,
            sections: [
                Page.Section("Figures", figures + [], before: table),
                Page.Section("Training", curves),
                Page.Section(
                    "Differences from \(names[0])",
                    [RunDifferences(runs, names).figure].compactMap(\.self),
                    after: RunDifferences(runs, names).table),
                Page.Section("Where the specs differ", specs),
                Page.Section("Where the time went", [time]),
            ], footer: PageFooter.text(of: runs.map(\.path)))
    }

    private var title: String {
        let experiments = Set(runs.map(\.document.experiment.name))
        return experiments.count == 1
            ? "\(names.count) runs of \(runs[0].document.experiment.name)"
            : "\(names.count) runs"
    }

    /// The experiments' names where they differ, else the files', else with a number.
    static func names(of runs: [RunInput]) -> [String] {
        func areDistinct(_ names: [String]) -> Bool { Set(names).count == names.count }
        let experiments = runs.map(\.document.experiment.name)
        if areDistinct(experiments) { return experiments }
        let files = runs.map { run in
            String(run.path.split(separator: "/").last?.split(separator: ".").first ?? "")
        }
        if areDistinct(files) { return files }
        let paths = runs.map(\.path)
        if areDistinct(paths) { return paths }
        return paths.enumerated().map { "\($0 + 1): \($1)" }
    }

    private var lead: Markup {
        let ended = runs.filter { $0.document.status != .completed }
        var lead = Markup.paragraph(
            .text(
                ended.isEmpty
                    ? "All of them completed."
                    : "\(ended.count) of them did not complete."))
        if let best { lead += .element("p", [:], best) }
        let data = Set(runs.map { $0.document.data?.fingerprint ?? "" })
        if data.count > 1 {
            lead += .element(
                "p", ["class": "warn"],
                .text("They are not of the same data and split: their figures do not compare."))
        }
        for (run, name) in zip(runs, names) {
            guard let objection = run.objection else { continue }
            lead += .element(
                "p", ["class": "bad"], .name(name), .text(": do not trust this file: \(objection).")
            )
        }
        return lead
    }

    /// Which run is best by the main figure of the first.
    private var best: Markup? {
        guard let main else { return nil }
        let values = zip(names, runs).compactMap { name, run in
            run.figures?.record.metrics[main].map { (name: name, value: $0, run: run) }
        }
        guard let first = values.first, let figures = first.run.figures else { return nil }
        let best = values.dropFirst().reduce(first) { best, other in
            figures.isBetter(other.value, than: best.value, main) ?? false ? other : best
        }
        guard figures.record(of: main).direction != nil else { return nil }
        return .name(main) + .text(" is best in ") + .name(best.name) + .text(": ")
            + .element("b", [:], .number(best.value)) + .text(".")
    }

    private var main: String? { runs[0].figures?.main(runs[0].document) }

    /// The figures of any of the runs, in the order of the first that has each.
    private var metricNames: [String] {
        var names: [String] = []
        for run in runs {
            for name in run.figures?.record.metrics.keys ?? [] where !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    private var table: Markup {
        let metrics = metricNames
        let start = runs.contains { $0.document.environment.started != nil } ? ["started"] : []
        return DataTable(
            ["run", "status", "seed"] + start + ["seconds"] + metrics,
            zip(names, runs).map { name, run in
                [
                    .name(name), .text(run.document.status.rawValue), .count(run.document.seed),
                ] + start.map { _ in .text(run.document.environment.started ?? "") }
                    + [.number(run.document.timing.totalSeconds)]
                    + metrics.map { DataTable.Cell(run.figures?.record.metrics[$0]) }
            }, isSortable: true
        ).markup
    }

    /// More runs than this are no picture; the table has all.
    private static let rowLimit = 20

    /// A forest plot of each of the first figures.
    private var figures: [Figure] {
        metricNames.prefix(9).map { metric in
            let rows = zip(names, runs).compactMap { name, run -> RowChart.Row? in
                guard let record = run.figures?.record, let value = record.metrics[metric] else {
                    return nil
                }
                return RowChart.Row(
                    name: name, value: value,
                    interval: record.intervals[metric].flatMap {
                        $0.lower <= $0.upper ? $0.lower...$0.upper : nil
                    })
            }
            return RowChart(
                title: title(of: metric, rows),
                note: rows.count > Self.rowLimit
                    ? "The first \(Self.rowLimit) runs; the table has all." : "",
                xTitle: metric, rows: Array(rows.prefix(Self.rowLimit)), mark: .point,
                nameTitle: "run", startsAtZero: false
            ).figure
        }
    }

    /// Which run is best, where that is known.
    private func title(of metric: String, _ rows: [RowChart.Row]) -> String {
        guard let figures = runs.lazy.compactMap(\.figures).first, let first = rows.first,
            rows.count > 1, figures.record(of: metric).direction != nil
        else { return FigureName.short(metric) }
        let best = rows.dropFirst().reduce(first) { best, row in
            figures.isBetter(row.value, than: best.value, metric) ?? false ? row : best
        }
        return "\(FigureName.short(metric)): best in \(best.name)"
    }

    /// The loss, then the validation figures that most runs have.
    private var curves: [Figure] {
        var metrics: [String] = []
        for run in runs.prefix(Self.rowLimit) {
            for epoch in run.document.training?.epochs.prefix(1) ?? [] {
                for name in epoch.metrics.keys where !metrics.contains(name) {
                    metrics.append(name)
                }
            }
        }
        let loss = curve("Training loss", "loss") { $0.loss }
        return [loss]
            + metrics.prefix(11).map { name in
                curve(FigureName.short(name), name) { $0.metrics[name] }
            }
    }

    private func curve(
        _ title: String, _ yTitle: String, _ value: (EpochRecord) -> Double?
    ) -> Figure {
        LineChart(
            title: title,
            note: runs.count > Self.rowLimit ? "The first \(Self.rowLimit) of the runs." : "",
            xTitle: "epoch", yTitle: yTitle,
            series: zip(names, runs).prefix(Self.rowLimit).map { name, run in
                LineChart.Series(
                    name: name,
                    points: EpochFigures.thinned(
                        run.document.training?.epochs ?? []
                    ).compactMap { epoch in
                        value(epoch).map { (Double(epoch.epoch), $0) }
                    })
            }, xName: "epoch"
        ).figure
    }

    private var specs: Markup {
        let rows = SpecDifferences.rows(of: runs.map(\.document.experiment.spec))
        guard !rows.isEmpty else {
            return .paragraph(.text("The specs are the same."))
        }
        return DataTable(
            ["setting"] + names,
            rows.map { row in
                [.name(row.path)] + row.values.map { $0.map { .name($0) } ?? .missing }
            }, isSortable: true
        ).markup
    }

    private var time: Figure {
        let rows = zip(names, runs).prefix(Self.rowLimit).map { name, run in
            RowChart.Row(
                name: name, value: run.document.timing.totalSeconds,
                text: NumberText.duration(run.document.timing.totalSeconds))
        }
        return RowChart(
            title: "Seconds of each run", xTitle: "seconds", rows: Array(rows), mark: .bar,
            nameTitle: "run", valueTitle: "seconds"
        ).figure
    }
}

/// The settings in which specs differ, and only those.
package enum SpecDifferences {
    package struct Row {
        package var path: String
        /// One for each spec; nil where it has no such setting.
        package var values: [String?]
    }

    package static func rows(of specs: [JSONValue]) -> [Row] {
        guard let first = specs.first else { return [] }
        var paths: [JSONPath] = []
        for other in specs.dropFirst() {
            for difference in JSONDifference.between(first, other)
            where !paths.contains(difference.path) { paths.append(difference.path) }
        }
        return paths.map { path in
            Row(
                path: path.text,
                values: specs.map { spec in
                    spec[path: path].map { value in
                        value.stringValue ?? (try? value.jsonText(.compact)) ?? "?"
                    }
                })
        }
    }
}
