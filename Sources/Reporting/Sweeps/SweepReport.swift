import ResultsFormat

/// The page of a sweep.
struct SweepReport {
    let sweep: SweepInput
    private let measured: [(trial: TrialEntry, value: Double)]
    private let axes: [SweepAxis]

    init(_ sweep: SweepInput) {
        self.sweep = sweep
        measured = sweep.measured
        axes = SweepAxis.all(of: measured.map(\.trial))
    }

    private var index: SweepIndex { sweep.index }
    private var values: [Double] { measured.map(\.value) }
    private var metric: String {
        sweep.objective.map { "\($0.part) \($0.metric)" } ?? "no figure"
    }

    var page: Page {
        Page(
            title: "\(index.name): a sweep of \(index.trials.count) trials", lead: lead,
            sections: [
                Page.Section("Which settings matter", matters + axes.map(scatter)),
                Page.Section("All settings together", [parallel] + heatMaps),
                Page.Section("On the way, and at what cost", [progress, seconds, parameters]),
                Page.Section("Configurations", configurations),
                Page.Section("All trials", trials.markup),
            ], footer: PageFooter.text(of: [sweep.path]))
    }

    // MARK: What came of it

    private var lead: Markup {
        let completed = index.trials.count { $0.status == .completed }
        let others = index.trials.count - completed
        var lead = Markup.element(
            "p", [:],
            .element(
                "span", ["class": others == 0 ? "verdict good" : "verdict warn"],
                .text("\(completed) of \(index.trials.count) COMPLETED")))
        if let objective = sweep.objective, let best = best {
            lead += .element(
                "p", [:], .text("Best by "), .name(metric),
                .text(", \(objective.direction.rawValue): "),
                .element("b", [:], .number(best.value)), .text(" with "),
                .name(best.trial.name.isEmpty ? "(base)" : best.trial.name), .text("."))
        }
        if index.objective == nil {
            lead += .paragraph(.text("The sweep names no objective: the first figure is shown."))
        }
        let failed = index.trials.filter { $0.status == .failed || $0.status == .killed }
        if !failed.isEmpty {
            lead += .element(
                "ul", ["class": "warnings", "aria-label": "Trials that failed"],
                failures(failed))
        }
        return lead
    }

    /// Trials that failed for the same reason are one line.
    private func failures(_ failed: [TrialEntry]) -> [Markup] {
        var names: OrderedMap<[String]> = [:]
        for trial in failed {
            names.update(trial.reason ?? trial.status.rawValue, default: []) {
                $0.append(trial.name)
            }
        }
        return names.prefix(10).map { reason in
            let count = reason.value.count
            return .element(
                "li", [:], .name(reason.value[0]),
                .text(count > 1 ? " and \(count - 1) more: " : ": "), .name(reason.key))
        }
            + (names.count > 10
                ? [.element("li", [:], .text("and \(names.count - 10) more reasons"))] : [])
    }

    private func isBetter(_ value: Double, _ other: Double) -> Bool {
        sweep.objective?.prefers(value, to: other) ?? false
    }

    private var best: (trial: TrialEntry, value: Double)? {
        measured.dropFirst().reduce(measured.first) { best, next in
            best.map { isBetter(next.value, $0.value) ? next : $0 }
        }
    }

    // MARK: Settings

    private var matters: [Figure] {
        let shares = axes.compactMap { axis in
            SweepVariance.share(of: values, between: axis.groups).map { (axis: axis, share: $0) }
        }.sorted { $0.share > $1.share }
        guard let first = shares.first else {
            return [
                Figure(
                    "Which settings matter",
                    missing: "It takes two completed trials that differ to tell.")
            ]
        }
        return [
            RowChart(
                title: "\(first.axis.name) explains \(NumberText.percent(first.share)) of the "
                    + "variance of \(metric)",
                note: "A plain analysis of variance, each setting by itself: the share of the "
                    + "trials' variance that lies between its values. Shares need not add up.",
                xTitle: "share of the variance",
                rows: shares.map {
                    RowChart.Row(
                        name: $0.axis.path, value: $0.share, text: NumberText.percent($0.share))
                }, mark: .bar, nameTitle: "setting", valueTitle: "share"
            ).figure
        ]
    }

    private func scatter(_ axis: SweepAxis) -> Figure {
        let levels = axis.levels
        let isPlaced = !axis.isContinuous
        let points = zip(measured, axis.values).compactMap { entry, value -> ScatterChart.Point? in
            guard let value else { return nil }
            let x =
                isPlaced ? Double(levels.firstIndex(of: value) ?? 0) : value.doubleValue ?? .nan
            return ScatterChart.Point(name: entry.trial.name, x: x, y: entry.value)
        }
        let summaries = levels.map { level in
            let values = zip(measured, axis.values).filter { $0.1 == level }.map(\.0.value)
            return (level: level, values: values)
        }.filter { !$0.values.isEmpty }
        let means = summaries.map { $0.values.reduce(0, +) / Double($0.values.count) }
        let best = zip(summaries, means).reduce(nil as (String, Double)?) { best, next in
            let text = SweepAxis.text(next.0.level)
            guard let best else { return (text, next.1) }
            return isBetter(next.1, best.1) ? (text, next.1) : best
        }
        return ScatterChart(
            title: isPlaced
                ? "\(axis.name): best on average at \(best?.0 ?? "–")"
                : "\(axis.name) against \(metric)",
            note: axis.path, xTitle: axis.name, yTitle: metric, points: points,
            isXLogarithmic: !isPlaced && axis.isLogarithmic,
            places: isPlaced ? levels.map { SweepAxis.text($0) } : nil,
            joined: isPlaced ? means.enumerated().map { (Double($0), $1) } : [],
            joinedName: "mean",
            table: DataTable(
                [axis.path, "trials", "mean", "least", "largest"],
                zip(summaries, means).map { summary, mean in
                    [
                        .name(SweepAxis.text(summary.level)), .count(summary.values.count),
                        .number(mean), DataTable.Cell(summary.values.min()),
                        DataTable.Cell(summary.values.max()),
                    ]
                }, isSortable: true)
        ).figure
    }

    private var parallel: Figure {
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        func share(_ value: Double) -> Double { high > low ? (value - low) / (high - low) : 0.5 }
        let settings = axes.map { axis -> ParallelCoordinates.Axis in
            let levels = axis.levels
            let numbers = axis.values.map { $0?.doubleValue }
            let scale: Scale =
                axis.isContinuous
                ? axis.isLogarithmic
                    ? .logarithmic(numbers.compactMap(\.self)) : .linear(numbers.compactMap(\.self))
                : .places(levels.map { SweepAxis.text($0) })
            return ParallelCoordinates.Axis(
                name: axis.name,
                places: axis.values.map { value in
                    value.flatMap { value in
                        axis.isContinuous
                            ? value.doubleValue : levels.firstIndex(of: value).map { Double($0) }
                    }.map { scale.fraction(of: $0) }
                },
                ticks: scale.ticks.map { (scale.fraction(of: $0.value), $0.label) })
        }
        let scale = Scale.linear(values)
        let objective = ParallelCoordinates.Axis(
            name: metric, places: values.map { scale.fraction(of: $0) },
            ticks: scale.ticks.map { (scale.fraction(of: $0.value), $0.label) })
        let isHigherBetter = sweep.objective?.direction != .minimize
        return ParallelCoordinates(
            title: "Every trial across its settings to \(metric)",
            note: "The thick lines are the best fifth of the trials, at most five.",
            axes: settings.isEmpty ? [] : settings + [objective],
            shades: values.map { isHigherBetter ? share($0) : 1 - share($0) }, table: settingsTable
        ).figure
    }

    private var settingsTable: DataTable {
        DataTable(
            axes.map(\.path) + [metric],
            measured.indices.map { place in
                axes.map { axis in
                    axis.values[place].map { value in
                        value.doubleValue.map(DataTable.Cell.number)
                            ?? .name(SweepAxis.text(value))
                    } ?? .missing
                } + [.number(measured[place].value)]
            }, isSortable: true)
    }

    /// The pairs of settings that matter most together.
    private var heatMaps: [Figure] {
        var pairs: [(first: SweepAxis, second: SweepAxis, share: Double)] = []
        let candidates = axes.filter { !$0.isContinuous && $0.levels.count <= 8 }
        for (place, first) in candidates.enumerated() {
            for second in candidates[(place + 1)...] {
                let share = SweepVariance.interaction(
                    of: values, first.groups, second.groups)
                pairs.append((first, second, share ?? 0))
            }
        }
        return pairs.sorted { $0.share > $1.share }.prefix(4).map { pair in
            let (columns, rows) = (pair.first.levels, pair.second.levels)
            let cells = rows.map { row in
                columns.map { column -> Double? in
                    let values = measured.indices.filter {
                        pair.first.values[$0] == column && pair.second.values[$0] == row
                    }.map { measured[$0].value }
                    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
                }
            }
            return HeatMap(
                title: "\(pair.first.name) and \(pair.second.name) explain "
                    + "\(NumberText.percent(pair.share)) together beyond each alone",
                note: "The mean of \(metric); darker is better.", xTitle: pair.first.name,
                yTitle: pair.second.name, columns: columns.map { SweepAxis.text($0) },
                rows: rows.map { SweepAxis.text($0) }, values: cells,
                isHigherBetter: sweep.objective?.direction != .minimize
            ).figure
        }
    }

    // MARK: Progress and cost

    private var progress: Figure {
        var best: Double?
        var points: [(x: Double, y: Double)] = []
        for (place, entry) in measured.enumerated() {
            best = best.map { isBetter(entry.value, $0) ? entry.value : $0 } ?? entry.value
            points.append((Double(place + 1), best ?? entry.value))
        }
        return LineChart(
            title: best.map { "Best so far by trial: \(NumberText.short($0)) in the end" }
                ?? "Best so far by trial",
            note: "Trials in the sweep's order.", xTitle: "trial", yTitle: metric,
            series: [
                LineChart.Series(name: "best so far", points: points),
                LineChart.Series(
                    name: "each trial",
                    points: measured.enumerated().map { (Double($0 + 1), $1.value) }),
            ], marksPoints: measured.count <= 40, xName: "trial"
        ).figure
    }

    private var seconds: Figure {
        cost("seconds", missing: "The trials' results say nothing of their time.") { $0.seconds }
    }

    private var parameters: Figure {
        cost(
            "parameters",
            missing: "The trials' results do not say how many parameters their models have."
        ) { $0.parameters.map { Double($0) } }
    }

    private func cost(
        _ name: String, missing: String, _ value: (SweepInput.Cost) -> Double?
    ) -> Figure {
        let points = measured.compactMap { entry -> ScatterChart.Point? in
            sweep.costs[entry.trial.name].flatMap(value).map {
                ScatterChart.Point(name: entry.trial.name, x: $0, y: entry.value)
            }
        }
        guard !points.isEmpty else {
            return Figure("\(metric) against \(name)", missing: missing)
        }
        let front = front(of: points)
        return ScatterChart(
            title: "\(metric) against \(name): "
                + "\(front.count == 1 ? "one trial" : "\(front.count) trials") on the Pareto front",
            note: "On the front nothing is better for less.", xTitle: name, yTitle: metric,
            points: points, joined: front.map { ($0.x, $0.y) }, joinedName: "Pareto front",
            table: DataTable(
                ["on the Pareto front", name, metric],
                front.map { [.name($0.name), .number($0.x), .number($0.y)] })
        ).figure
    }

    /// The points that no other beats in both.
    private func front(of points: [ScatterChart.Point]) -> [ScatterChart.Point] {
        var front: [ScatterChart.Point] = []
        let ordered = points.sorted {
            $0.x != $1.x ? $0.x < $1.x : isBetter($0.y, $1.y)
        }
        for point in ordered {
            if let last = front.last, !isBetter(point.y, last.y) { continue }
            front.append(point)
        }
        return front
    }

    // MARK: Tables

    private var configurations: Markup {
        guard let objective = sweep.objective else { return .paragraph(.text("None has a value.")) }
        let rows = index.configurations.map { entry -> [DataTable.Cell] in
            let summary = entry.metrics[objective.part]?[objective.metric]
            return [
                DataTable.Cell(entry.rank), .name(entry.name.isEmpty ? "(base)" : entry.name),
                DataTable.Cell(summary?.mean), DataTable.Cell(summary?.standardDeviation),
                .count(entry.completed), .count(entry.trials),
            ]
        }
        return .paragraph(.text("Trials that differ in their seed or fold alone are one."))
            + DataTable(
                [
                    "rank", "configuration", "mean of \(metric)", "standard deviation", "completed",
                    "trials",
                ],
                rows, isSortable: true
            ).markup
    }

    private var trials: DataTable {
        var metrics: [String] = []
        let part = sweep.objective?.part ?? "test"
        for trial in index.trials {
            for name in trial.metrics[part]?.keys ?? [] where !metrics.contains(name) {
                metrics.append(name)
            }
        }
        // What the trials are ranked by comes first; more columns than these nobody reads.
        let first = sweep.objective.map { [$0.metric] } ?? []
        let shown = (first + metrics.filter { !first.contains($0) }).prefix(6)
        return DataTable(
            ["trial", "status", "seconds"] + shown.map { "\(part) \($0)" },
            index.trials.map { trial in
                [
                    .name(trial.name.isEmpty ? "(base)" : trial.name),
                    .text(trial.status.rawValue),
                    DataTable.Cell(sweep.costs[trial.name]?.seconds),
                ] + shown.map { DataTable.Cell(trial.metrics[part]?[$0]) }
            }, isSortable: true)
    }
}
