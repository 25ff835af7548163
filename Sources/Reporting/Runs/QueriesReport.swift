import ResultsFormat

/// The page of a file of single queries by itself.
struct QueriesReport {
    let path: String
    let figures: PerQueryFigures

    var page: Page {
        Page(
            title: "\(figures.experiment): single queries", lead: lead,
            sections: [
                Page.Section("Where the positives rank", plots),
                Page.Section(
                    "Best and worst", QueryExamples(profile: nil, figures: figures).content),
            ], footer: PageFooter.text(of: [path]))
    }

    private var lead: Markup {
        .paragraph(
            .number(figures.interactions.rowCount), .text(" interactions of "),
            .number(figures.queries.rowCount), .text(" queries of the "), .name(figures.part),
            .text(" part, seed \(figures.seed)."))
    }

    private var plots: [Figure] {
        let points = RankDistribution(figures)?.points ?? []
        var plots: [Figure] = []
        if points.isEmpty {
            plots.append(Figure("Where the positives rank", missing: "The file holds no ranks."))
        } else {
            plots.append(RankFigures.distribution(points))
        }
        return plots + figures.valueNames.prefix(12).compactMap(distribution)
    }

    /// How a figure is distributed over the queries.
    private func distribution(_ name: String) -> Figure? {
        guard let values = figures.queries.numbers(name)?.filter(\.isFinite), !values.isEmpty,
            let low = values.min(), let high = values.max()
        else { return nil }
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let count = 12
        let width = max(Double(high - low), 1e-9) / Double(count)
        var bins = [Int](repeating: 0, count: count)
        for value in values { bins[min(count - 1, Int(Double(value - low) / width))] += 1 }
        return Histogram(
            title: "\(name): \(NumberText.short(mean)) on average over the queries",
            note: "Queries by their value, each counted once.", xTitle: name, yTitle: "queries",
            bins: bins.enumerated().map { place, count in
                Histogram.Bin(
                    label: NumberText.short(Double(low) + (Double(place) + 0.5) * width),
                    count: count)
            }
        ).figure
    }
}
