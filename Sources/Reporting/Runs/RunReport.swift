import ResultsFormat

/// The page of one run.
package struct RunReport {
    let input: RunInput

    package init(_ input: RunInput) { self.input = input }

    private var document: ResultsDocument { input.document }

    package var page: Page {
        Page(
            title: document.experiment.name, lead: lead, sections: sections,
            footer: PageFooter.text(of: [input.path]))
    }

    /// The picture that stands for the run, such as a README shows.
    package var overview: String {
        var first = EpochFigures(document.training)?.all.prefix(2) ?? []
        if let figures = input.figures { first += MetricFigures(figures: figures).plots.prefix(1) }
        return Standalone.pictures(
            title: document.experiment.name, [Array(first.filter { $0.picture != nil })])
    }

    var sections: [Page.Section] {
        [figures, training, whereFound, data, queries, time, spec, reproduction].compactMap(\.self)
    }

    // MARK: What came of it

    private var lead: Markup {
        var lead = Markup.element("p", [:], [verdict, .text(" " + summary)])
        if let objection = input.objection {
            lead += .element("p", ["class": "bad"], .text("Do not trust this file: \(objection)."))
        }
        if let missing = document.data?.standInFor {
            lead += .element(
                "p", ["class": "bad"],
                .text(
                    "On GENERATED data: \(missing) could not be had. The figures say nothing of it."
                ))
        }
        lead += mainFigure
        if !document.warnings.isEmpty {
            lead += .element(
                "ul", ["class": "warnings", "aria-label": "Warnings"],
                document.warnings.map { .element("li", [:], .name($0)) })
        }
        return lead
    }

    private var verdict: Markup { StatusBadge.markup(document) }

    private var summary: String {
        var words: [String] = []
        if let failure = document.failure {
            let place = failure.epoch.map { epoch in
                " in epoch \(epoch)" + (failure.step.map { ", step \($0)" } ?? "")
            }
            words.append(failure.reason + (place ?? ""))
        }
        if let epochs = document.training?.epochs.count {
            words.append("\(epochs) \(epochs == 1 ? "epoch" : "epochs")")
        }
        words.append("in \(NumberText.duration(document.timing.totalSeconds))")
        if let started = document.environment.started { words.append("started \(started)") }
        if let host = document.environment.host { words.append("on \(host)") }
        return words.joined(separator: ", ") + "."
    }

    private var mainFigure: Markup {
        guard let figures = input.figures, let name = figures.main(document),
            let value = figures.record.metrics[name]
        else { return Markup() }
        var text = Markup.name(name) + .text(" is ") + .element("b", [:], .number(value))
        if let interval = figures.record.intervals[name] {
            text +=
                .text(" [") + .number(interval.lower) + .text(", ") + .number(interval.upper)
                + .text("]")
        }
        text += .text(" over ") + .number(figures.record.examples)
        text += .text(" \(figures.part) interactions.")
        for standing in MetricFigures(figures: figures).standings {
            text += .text(" It is ") + .name(standing) + .text(".")
        }
        return .element("p", [:], text)
    }

    // MARK: Sections

    private var figures: Page.Section? {
        guard let figures = input.figures else {
            return Page.Section(
                "Figures",
                .paragraph(.text("The run ended before anything was evaluated.")))
        }
        let metrics = MetricFigures(figures: figures)
        var after = Markup.element("h3", [:], .text("All figures of the \(figures.part) part"))
        after += metrics.table.markup
        for other in document.evaluation where other.key != figures.part {
            let table = MetricFigures(figures: RunFigures(part: other.key, record: other.value))
                .table
            after += .element(
                "details", [:],
                .element("summary", [:], .text("Figures of the \(other.key) part")),
                table.markup)
        }
        return Page.Section("Figures", metrics.plots, after: after)
    }

    private var training: Page.Section? {
        EpochFigures(document.training).map { epochs in
            let early = document.training?.earlyStopping
            return Page.Section(
                "Training", epochs.all,
                before: early.map { .paragraph(.text("Early stopping: \($0.reason).")) }
                    ?? Markup())
        }
    }

    private var whereFound: Page.Section? {
        guard let figures = input.figures, let main = figures.main(document) else { return nil }
        return Page.Section(
            "Where it works",
            RankFigures(input: input, figures: figures, main: main).all)
    }

    private var data: Page.Section? { DataFigures(document: document).section }

    private var queries: Page.Section? {
        input.figures.map {
            QueryExamples(
                profile: document.profile?.evaluation[$0.part], figures: input.perQuery
            ).section
        }
    }

    private var time: Page.Section? {
        let seconds = document.timing.seconds
        let known = seconds.reduce(0) { $0 + $1.value }
        let rest = document.timing.totalSeconds - known
        let longest = seconds.max { $0.value < $1.value }
        let figure = RowChart(
            title: longest.map {
                "\($0.key) took \(NumberText.duration($0.value)) of "
                    + NumberText.duration(document.timing.totalSeconds)
            } ?? "Where the time went",
            xTitle: "seconds",
            rows: (seconds.map { ($0.key, $0.value) } + (rest > 0.0005 ? [("else", rest)] : []))
                .map {
                    RowChart.Row(name: $0.0, value: $0.1, text: NumberText.duration($0.1))
                }, mark: .bar, nameTitle: "stage", valueTitle: "seconds"
        ).figure
        return Page.Section("Where the time went", [figure] + [rate].compactMap(\.self))
    }

    private var rate: Figure? {
        guard let all = document.training?.epochs, all.count > 1 else { return nil }
        let epochs = EpochFigures.thinned(all)
        let rates = epochs.map(\.examplesPerSecond)
        let mean = rates.reduce(0, +) / Double(rates.count)
        return LineChart(
            title: "Training saw \(NumberText.short(mean.rounded())) examples a second",
            xTitle: "epoch", yTitle: "examples a second",
            series: [
                LineChart.Series(
                    name: "examples a second",
                    points: epochs.map { (Double($0.epoch), $0.examplesPerSecond) })
            ], includesZero: true, xName: "epoch"
        ).figure
    }

    private var spec: Page.Section {
        let note =
            input.nonDefaults == nil
            ? "Every setting, with the defaults filled in."
            : "Every setting, with the defaults filled in; marked is what is not as by default."
        return Page.Section(
            "The spec",
            .paragraph(.text(note))
                + SpecText(spec: document.experiment.spec, nonDefaults: input.nonDefaults).markup)
    }

    private var reproduction: Page.Section {
        Page.Section("How to reproduce it", Reproduction(input: input).markup)
    }
}

/// How a run ended, in a word that no colour has to explain.
enum StatusBadge {
    static func markup(_ document: ResultsDocument) -> Markup {
        let kind =
            switch document.status {
            case .completed: "good"
            case .failed: "bad"
            case .interrupted: "warn"
            }
        return .element(
            "span", ["class": "verdict \(kind)"], .text(document.status.rawValue.uppercased()))
    }
}
