import ResultsFormat

/// The data of a run: what the split holds, what training never saw, and how they are distributed.
struct DataFigures {
    let document: ResultsDocument

    var section: Page.Section? {
        guard let data = document.data else { return nil }
        return Page.Section("The data", plots, before: facts(of: data), after: tables(of: data))
    }

    private func facts(of data: DataRecord) -> Markup {
        let source = data.source + (data.variant.map { ", \($0)" } ?? "")
        var text = Markup.paragraph(.text("Source: "), .name(source), .text("."))
        if let missing = data.standInFor {
            text += .element(
                "p", ["class": "bad"],
                .text("GENERATED data in place of "), .name(missing),
                .text(": the figures say nothing about it."))
        }
        for note in data.notes { text += .element("p", ["class": "soft"], .name(note)) }
        return text
    }

    private func tables(of data: DataRecord) -> Markup {
        var tables = Markup.element("h3", [:], .text("What there is"))
        tables +=
            DataTable(["", "count"], data.counts.map { [.name($0.key), .count($0.value)] })
            .markup
        if !data.filters.isEmpty {
            tables += .element("h3", [:], .text("What filters left"))
            tables +=
                DataTable(
                    ["filter", "interactions removed", "left", "queries", "candidates"],
                    data.filters.map {
                        [
                            .name($0.name), .count($0.removed), .count($0.interactions),
                            .count($0.queries), .count($0.candidates),
                        ]
                    }
                ).markup
        }
        if !data.unseen.isEmpty {
            var names: [String] = []
            for part in data.unseen {
                for name in part.value.keys where !names.contains(name) { names.append(name) }
            }
            tables += .element("h3", [:], .text("What training never saw"))
            tables +=
                DataTable(
                    ["part"] + names.map { $0.split(separator: "_").joined(separator: " ") },
                    data.unseen.map { part in
                        [.name(part.key)] + names.map { DataTable.Cell(part.value[$0]) }
                    }
                ).markup
        }
        return tables
    }

    private var plots: [Figure] {
        guard let profile = document.profile else {
            return [
                Figure(
                    "How the data are distributed",
                    missing: "These results were written by a version of tfrs-run that did not "
                        + "record it.")
            ]
        }
        return [popularity(profile), histories(profile), time(profile)].compactMap(\.self)
    }

    private func popularity(_ profile: RunProfile) -> Figure {
        let points = profile.popularity
        guard let most = points.first else {
            return Figure(
                "How popular candidates are", missing: "Nothing to draw: there was no training.")
        }
        return LineChart(
            title: "The most popular candidate has "
                + "\(NumberText.short(most.interactions)) training interactions"
                + (profile.shareOfTopTenth.map {
                    "; the first tenth of the candidates has \(NumberText.percent($0))"
                } ?? ""),
            note: "Candidates by their number of training interactions, both axes logarithmic.",
            xTitle: "candidates, most popular first", yTitle: "training interactions",
            series: [
                LineChart.Series(
                    name: "training interactions",
                    points: points.map { (Double($0.rank), Double($0.interactions)) })
            ], isXLogarithmic: true, isYLogarithmic: true, marksPoints: false, xName: "rank"
        ).figure
    }

    private func histories(_ profile: RunProfile) -> Figure {
        Histogram(
            title: profile.medianHistory.map {
                "Half of the queries have at most \(NumberText.short($0)) training interactions"
            } ?? "Training interactions of a query",
            xTitle: "training interactions of a query", yTitle: "queries",
            bins: profile.histories.map { bin in
                Histogram.Bin(
                    label: bin.from == bin.to ? "\(bin.from)" : "\(bin.from)–\(bin.to)",
                    count: bin.queries)
            }
        ).figure
    }

    private func time(_ profile: RunProfile) -> Figure {
        guard let time = profile.time, let count = time.parts.map(\.value.count).max() else {
            return Figure(
                "Interactions over time", missing: "The data have no column of times.")
        }
        let starts = (0..<count).map { time.start + Double($0) * time.stepSeconds }
        return LineChart(
            title: "Interactions from \(DateText.day(time.start)) to "
                + DateText.day(time.start + Double(count) * time.stepSeconds),
            note: "By \(time.column), in each \(NumberText.duration(time.stepSeconds)).",
            xTitle: "date, UTC", yTitle: "interactions",
            series: time.parts.map { part in
                LineChart.Series(
                    name: part.key, points: zip(starts, part.value).map { ($0, Double($1)) })
            }, isXTime: true, marksPoints: false, includesZero: true,
            xName: "from, seconds since 1970"
        ).figure
    }
}
