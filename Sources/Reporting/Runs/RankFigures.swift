import ResultsFormat

/// Where the positives were found: by rank, by popularity, in parts of the data.
struct RankFigures {
    let input: RunInput
    let figures: RunFigures
    let main: String

    var all: [Figure] { slices + [popularity, ranks] }

    private var profile: PartProfile? { input.document.profile?.evaluation[figures.part] }

    // MARK: Parts

    /// More rows than this are no picture; the table has all.
    private static let rowLimit = 24

    private var slices: [Figure] {
        let slices = figures.record.slices.filter { $0.value.metrics[main] != nil }
        guard !slices.isEmpty, let whole = figures.record.metrics[main] else { return [] }
        let shown = slices.prefix(Self.rowLimit)
        var figure = RowChart(
            title: title(of: slices.map { ($0.key, $0.value.metrics[main] ?? 0) }),
            note: shown.count < slices.count
                ? "The first \(shown.count) of \(slices.count) parts; the table has all." : "",
            xTitle: main,
            rows: shown.map { slice in
                let value = slice.value.metrics[main] ?? 0
                return RowChart.Row(
                    name: slice.key, value: value, references: [("all", whole)],
                    text: "\(NumberText.short(value)) of \(NumberText.short(slice.value.examples))",
                    count: slice.value.examples)
            }, mark: .bar, nameTitle: "part", valueTitle: main
        ).figure
        figure.table = sliceTable
        return [figure]
    }

    private func title(of values: [(name: String, value: Double)]) -> String {
        guard let low = values.min(by: { $0.value < $1.value }),
            let high = values.max(by: { $0.value < $1.value }), values.count > 1
        else { return "\(main) of parts of the data" }
        return "\(main) lies between \(NumberText.short(low.value)) (\(low.name)) and "
            + "\(NumberText.short(high.value)) (\(high.name))"
    }

    private var sliceTable: DataTable {
        let names = figures.record.metrics.keys
        return DataTable(
            ["part", "examples"] + names,
            figures.record.slices.map { slice in
                [.name(slice.key), .count(slice.value.examples)]
                    + names.map { DataTable.Cell(slice.value.metrics[$0]) }
            }, isSortable: true)
    }

    // MARK: Popularity

    private var popularity: Figure {
        let title = "Found by popularity of the positive"
        guard let bins = profile?.popularity, let depth = bins.first?.found.keys.last else {
            return Figure(
                title,
                missing: "These results do not say how popular the positives were: no corpus "
                    + "metric ranked them, or an earlier version of tfrs-run wrote them.")
        }
        let rows = bins.filter { $0.examples > 0 }
        let first = rows.first?.found[depth] ?? 0
        let last = rows.last?.found[depth] ?? 0
        return RowChart(
            title:
                "Among the first \(depth): \(NumberText.percent(first)) of the rarest positives, "
                + "\(NumberText.percent(last)) of the most popular",
            note: "Positives by their number of training interactions.",
            xTitle: "share found among the first \(depth)",
            rows: rows.map { bin in
                RowChart.Row(
                    name: bin.from == bin.to
                        ? "\(NumberText.short(bin.from)) interaction\(bin.from == 1 ? "" : "s")"
                        : "\(NumberText.short(bin.from)) to \(NumberText.short(bin.to))",
                    value: bin.found[depth] ?? 0,
                    text: "\(NumberText.percent(bin.found[depth] ?? 0)) of "
                        + NumberText.short(bin.examples), count: bin.examples)
            }, mark: .bar, nameTitle: "training interactions", valueTitle: "found"
        ).figure
    }

    // MARK: Ranks

    private var ranks: Figure {
        let points = RankDistribution(input.perQuery)?.points ?? profile?.ranks ?? []
        guard !points.isEmpty else {
            return Figure(
                "Where the positives rank",
                missing: input.perQueryProblem.map {
                    "The figures of single queries cannot be had: \($0)."
                } ?? "These results hold no ranks.")
        }
        return Self.distribution(points)
    }

    /// The cumulative distribution of ranks.
    static func distribution(_ points: [RankShare]) -> Figure {
        let atTen = points.last { $0.rank <= 10 }?.share
        return LineChart(
            title: atTen.map {
                "\(NumberText.percent($0)) of the positives rank among the first 10"
            }
                ?? "Where the positives rank",
            note: "The share of interactions whose positive has at most a rank; ranks are "
                + "logarithmic.",
            xTitle: "rank", yTitle: "share of interactions",
            series: [
                LineChart.Series(
                    name: "found", points: points.map { (Double($0.rank), $0.share) })
            ], isXLogarithmic: true, marksPoints: false, includesZero: true, xName: "rank at most"
        ).figure
    }
}

/// The cumulative distribution of ranks of a file of single queries.
struct RankDistribution {
    let points: [RankShare]

    init?(_ figures: PerQueryFigures?) {
        guard let table = figures?.interactions, let ranks = table.numbers("rank"),
            !ranks.isEmpty
        else { return nil }
        let weights = table.numbers("weight")
        // Ranks are counted by the place they lie below; half ranks of ties belong to the next.
        var bins = [Double](repeating: 0, count: Self.limits.count)
        var total = 0.0
        for (index, rank) in ranks.enumerated() {
            let weight = Double(weights?[index] ?? 1)
            total += weight
            guard rank.isFinite, let place = Self.place(of: rank) else { continue }
            bins[place] += weight
        }
        guard total > 0 else { return nil }
        let largest = ranks.lazy.filter(\.isFinite).max() ?? 1
        var sum = 0.0
        var points: [RankShare] = []
        for (limit, bin) in zip(Self.limits, bins) {
            sum += bin
            points.append(RankShare(rank: limit, share: sum / total))
            if Double(limit) >= Double(largest) { break }
        }
        self.points = points
    }

    private static func place(of rank: Float) -> Int? {
        var (low, high) = (0, limits.count)
        while low < high {
            let middle = (low + high) / 2
            if Double(limits[middle]) >= Double(rank) { high = middle } else { low = middle + 1 }
        }
        return low < limits.count ? low : nil
    }

    /// 1 to 10, then steps of some 12%.
    static let limits: [Int] = {
        var limits = Array(1...10)
        while let last = limits.last, last < 2_000_000_000 {
            limits.append(last + max(1, last / 8))
        }
        return limits
    }()
}
