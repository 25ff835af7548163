import ResultsFormat

/// The final figures of a run, drawn and as a table.
struct MetricFigures {
    let figures: RunFigures

    private var record: EvaluationRecord { figures.record }

    /// Shares over one axis, each other kind over its own.
    var plots: [Figure] {
        let names = record.metrics.keys
        guard !names.isEmpty else {
            return [
                Figure(
                    "No figures",
                    missing: "The spec declares no metrics, or the run ended before they were "
                        + "measured.")
            ]
        }
        var groups: OrderedMap<[String]> = [:]
        for name in names {
            let group = figures.isShare(name) ? "" : FigureName.kind(name)
            groups.update(group, default: []) { $0.append(name) }
        }
        return groups.map { plot($0.value, isShare: $0.key.isEmpty) }
    }

    private func plot(_ names: [String], isShare: Bool) -> Figure {
        RowChart(
            title: title(of: names, isShare),
            note: record.intervals.isEmpty
                ? "" : "Points with their 95% intervals over queries.",
            xTitle: isShare
                ? "value"
                : names[0]
                    + (figures.record(of: names[0]).unit.map { ", \($0)" } ?? ""),
            rows: names.compactMap { name in
                record.metrics[name].map { value in
                    RowChart.Row(
                        name: FigureName.short(name), value: value, interval: interval(name),
                        references: record.baselines.compactMap { baseline in
                            baseline.value[name].map { (baseline.key, $0) }
                        }, text: text(name, value))
                }
            }, mark: .point, nameTitle: "figure"
        ).figure
    }

    private func title(of names: [String], _ isShare: Bool) -> String {
        guard isShare else {
            return names.compactMap { name in
                record.metrics[name].map { "\(name): \(NumberText.short($0))" }
            }.prefix(2).joined(separator: ", ")
        }
        guard let baseline = record.baselines.first else {
            return "Figures of the \(figures.part) part, all between 0 and 1"
        }
        let better = names.count { name in
            guard let own = record.metrics[name], let other = baseline.value[name] else {
                return false
            }
            return figures.isBetter(own, than: other, name) ?? false
        }
        return "Better than \(baseline.key) in \(better) of \(names.count) figures between 0 and 1"
    }

    private func interval(_ name: String) -> ClosedRange<Double>? {
        record.intervals[name].flatMap { $0.lower <= $0.upper ? $0.lower...$0.upper : nil }
    }

    private func text(_ name: String, _ value: Double) -> String {
        let interval = record.intervals[name].map {
            " [\(NumberText.short($0.lower)), \(NumberText.short($0.upper))]"
        }
        return NumberText.short(value) + (interval ?? "")
    }

    /// All figures with what they mean.
    var table: DataTable {
        let baselines = record.baselines.keys
        var last = ""
        var rows: [[DataTable.Cell]] = record.metrics.map { metric in
            let meaning = figures.record(of: metric.key)
            var cells: [DataTable.Cell] = [
                .name(metric.key), .number(metric.value),
                DataTable.Cell(record.intervals[metric.key]?.lower),
                DataTable.Cell(record.intervals[metric.key]?.upper),
            ]
            cells += baselines.map { DataTable.Cell(record.baselines[$0]?[metric.key]) }
            cells.append(.text(better(meaning)))
            let definition = meaning.definition ?? ""
            cells.append(.text(definition == last && !last.isEmpty ? "as above" : definition))
            last = definition
            return cells
        }
        let losses = [
            ("loss", record.loss), ("regularization_loss", record.regularizationLoss),
            ("total_loss", record.totalLoss),
        ]
        for (name, value) in losses {
            guard let value else { continue }
            rows.append(
                [.name(name), .number(value), .missing, .missing]
                    + baselines.map { _ in .missing } + [.text("lower"), .text("")])
        }
        return DataTable(
            ["figure", "value", "95% from", "to"] + baselines + ["better", "what it is"], rows)
    }

    private func better(_ record: FigureRecord) -> String {
        switch record.better {
        case .higher: "higher"
        case .lower: "lower"
        case .neither: "neither"
        case nil: ""
        }
    }

    /// How the run stands against rankings without training, in a sentence each.
    var standings: [String] {
        record.baselines.compactMap { baseline in
            var (better, worse) = (0, 0)
            for metric in record.metrics {
                guard let other = baseline.value[metric.key], other != metric.value,
                    let wins = figures.isBetter(metric.value, than: other, metric.key)
                else { continue }
                if wins { better += 1 } else { worse += 1 }
            }
            guard better + worse > 0 else { return nil }
            return worse == 0
                ? "better than \(baseline.key) in all \(better) figures that tell"
                : "better than \(baseline.key) in \(better) and worse in \(worse) of "
                    + "\(better + worse) figures"
        }
    }
}
