import Platform
import ResultsFormat

/// How runs differ from the first, query by query where both wrote the figures of single queries.
struct RunDifferences {
    private let runs: [RunInput]
    private let names: [String]
    private let rows: [Row]

    private struct Row {
        var run: String
        var metric: String
        var base: Double
        var value: Double
        var interval: ClosedRange<Double>?
        var queries: Int?
        var isBetter: Bool?
    }

    init(_ runs: [RunInput], _ names: [String]) {
        self.runs = runs
        self.names = names
        rows = zip(runs, names).dropFirst().flatMap { run, name in
            Self.rows(of: run, name, from: runs[0])
        }
    }

    private static func rows(of run: RunInput, _ name: String, from base: RunInput) -> [Row] {
        guard let figures = run.figures, let old = base.figures, figures.part == old.part else {
            return []
        }
        let pairs = QueryPairs(old: base.perQuery, new: run.perQuery)
        return figures.record.metrics.compactMap { metric in
            guard let before = old.record.metrics[metric.key] else { return nil }
            let paired = pairs?.difference(metric.key)
            return Row(
                run: name, metric: metric.key, base: before, value: metric.value,
                interval: paired?.interval, queries: paired?.queries,
                isBetter: before == metric.value
                    ? nil : figures.isBetter(metric.value, than: before, metric.key))
        }
    }

    /// The differences of the first figures of up to a few runs, each as a share of the base.
    var figure: Figure? {
        let drawn = rows.filter { $0.base != 0 }.prefix(24)
        guard !drawn.isEmpty else { return nil }
        let isOfOne = Set(drawn.map(\.run)).count == 1
        return DifferenceChart(
            title: "Change against \(names[0])",
            note: "In percent of its value. Lines are 95% intervals over the queries that both "
                + "have; without figures of single queries there are none. ▲ better, ▼ worse.",
            xTitle: "change in %",
            rows: drawn.map { row in
                let scale = 100 / abs(row.base)
                let change = (row.value - row.base) * scale
                return DifferenceChart.Row(
                    name: isOfOne
                        ? FigureName.short(row.metric)
                        : "\(row.run): \(FigureName.short(row.metric))", change: change,
                    interval: row.interval.map {
                        $0.lowerBound * scale...$0.upperBound * scale
                    }, verdict: NumberText.signed(change) + "%", isBetter: row.isBetter,
                    cells: cells(row))
            }, columns: columns
        ).figure
    }

    private let columns = [
        "run", "figure", "first", "this", "difference", "95% from", "to", "queries",
    ]

    private func cells(_ row: Row) -> [DataTable.Cell] {
        [
            .name(row.run), .name(row.metric), .number(row.base), .number(row.value),
            .change(row.value - row.base), DataTable.Cell(row.interval?.lowerBound),
            DataTable.Cell(row.interval?.upperBound), DataTable.Cell(row.queries),
        ]
    }

    var table: Markup {
        guard !rows.isEmpty else {
            return .paragraph(.text("No figure is in both."))
        }
        return DataTable(columns, rows.map(cells), isSortable: true).markup
    }
}

/// The queries that two files of figures have in common.
struct QueryPairs {
    private let old: PerQueryFigures
    private let new: PerQueryFigures

    /// Nil where either is missing or they are of other data.
    init?(old: PerQueryFigures?, new: PerQueryFigures?) {
        guard let old, let new, old.dataFingerprint == new.dataFingerprint, old.part == new.part,
            old.queries.strings("query") == new.queries.strings("query")
        else { return nil }
        self.old = old
        self.new = new
    }

    /// The 95% interval of the difference of a mean over queries, Σ w d / Σ w: by Student's t over
    /// the queries' differences, weighted as the figure weighs them.
    func difference(_ metric: String) -> (interval: ClosedRange<Double>, queries: Int)? {
        guard let before = old.queries.numbers(metric), let after = new.queries.numbers(metric),
            let weights = old.queries.numbers("weight:" + metric),
            weights == new.queries.numbers("weight:" + metric)
        else { return nil }
        var (sum, total, count) = (0.0, 0.0, 0)
        func isThere(_ place: Int) -> Bool {
            weights[place] > 0 && before[place].isFinite && after[place].isFinite
        }
        for place in weights.indices where isThere(place) {
            sum += Double(weights[place]) * Double(after[place] - before[place])
            total += Double(weights[place])
            count += 1
        }
        guard count > 1, total > 0 else { return nil }
        let mean = sum / total
        var squares = 0.0
        for place in weights.indices where isThere(place) {
            let part = Double(weights[place]) * (Double(after[place] - before[place]) - mean)
            squares += part * part
        }
        let n = Double(count)
        let error = (squares * n / (n - 1)).squareRoot() / total
        let reach = error * StudentT.quantile(0.975, degreesOfFreedom: n - 1)
        return (mean - reach...mean + reach, count)
    }
}
