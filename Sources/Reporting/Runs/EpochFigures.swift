import ResultsFormat

/// What training went through, by epoch.
struct EpochFigures {
    let epochs: [EpochRecord]
    let stopping: EarlyStoppingRecord?
    /// How many were finished, of which ``epochs`` may be a part.
    private let count: Int

    init?(_ training: TrainingRecord?) {
        guard let training, !training.epochs.isEmpty else { return nil }
        stopping = training.earlyStopping
        epochs = Self.thinned(training.epochs, keeping: stopping?.bestEpoch)
        count = training.epochs.count
    }

    /// More epochs than this are neither seen in a picture nor read in a table.
    private static let limit = 300

    /// As many epochs as one sees, evenly, with the first, the last and the best.
    static func thinned(_ epochs: [EpochRecord], keeping best: Int? = nil) -> [EpochRecord] {
        guard epochs.count > limit else { return epochs }
        let step = (epochs.count + limit - 1) / limit
        return epochs.enumerated().filter { place, epoch in
            place % step == 0 || place == epochs.count - 1 || epoch.epoch == best
        }.map(\.element)
    }

    var all: [Figure] {
        guard epochs.count > 1 else {
            return [
                Figure(
                    "Training: one epoch, loss \(NumberText.short(epochs[0].loss))",
                    missing: "Only one epoch was finished: there is no curve to draw.")
            ]
        }
        return [losses] + metrics + [rates].compactMap(\.self)
    }

    private var losses: Figure {
        let first = epochs[0].loss
        let last = epochs[epochs.count - 1].loss
        let word = last < first ? "fell" : last > first ? "ROSE" : "stayed"
        var series = [series("loss") { $0.loss }]
        for name in names where FigureName.kind(name) == "loss" {
            series.append(self.series(name) { $0.metrics[name] })
        }
        if epochs.contains(where: { $0.regularizationLoss != nil }) {
            series.append(self.series("regularization_loss") { $0.regularizationLoss })
        }
        return LineChart(
            title: "The training loss \(word) from \(NumberText.short(first)) to "
                + "\(NumberText.short(last)) over \(count) epochs" + validationLoss,
            note: "Per the loss's own reduction; val_ is measured on the validation part."
                + (epochs.count < count ? " Shown are \(epochs.count) of them." : ""),
            xTitle: "epoch", yTitle: "loss", series: series, best: best, xName: "epoch"
        ).figure
    }

    private var validationLoss: String {
        let values = epochs.compactMap { epoch in
            epoch.metrics["val_loss"].map { (epoch.epoch, $0) }
        }
        guard values.count > 1, let least = values.min(by: { $0.1 < $1.1 }) else { return "" }
        return least.0 == values[values.count - 1].0
            ? "; that of the validation is still falling"
            : "; that of the validation was least after epoch \(least.0)"
    }

    /// A plot for each kind of figure, its cut-offs together.
    private var metrics: [Figure] {
        var kinds: OrderedMap<[String]> = [:]
        for name in names where FigureName.kind(name) != "loss" {
            kinds.update(FigureName.kind(name), default: []) { $0.append(name) }
        }
        return kinds.map { member in
            let (kind, names) = (member.key, member.value)
            let main = names.first { $0 == stopping?.monitor } ?? names[names.count - 1]
            return LineChart(
                title: title(of: main), note: names.count > 1 ? "All of \(kind)." : "",
                xTitle: "epoch", yTitle: kind,
                series: names.map { name in series(name) { $0.metrics[name] } }, best: best,
                xName: "epoch"
            ).figure
        }
    }

    private func title(of name: String) -> String {
        let values = epochs.compactMap { epoch in
            epoch.metrics[name].map { (epoch: epoch.epoch, value: $0) }
        }
        guard let first = values.first, let last = values.last, values.count > 1 else {
            return "\(FigureName.short(name)) by epoch"
        }
        if name == stopping?.monitor, let best = stopping?.bestEpoch,
            let value = stopping?.bestValue
        {
            return
                "\(FigureName.short(name)) was best after epoch \(best): \(NumberText.short(value))"
        }
        return "\(FigureName.short(name)) went from \(NumberText.short(first.value)) to "
            + "\(NumberText.short(last.value))"
    }

    private var rates: Figure? {
        var names: [String] = []
        for epoch in epochs {
            for name in epoch.learningRates.keys where !names.contains(name) { names.append(name) }
        }
        guard let first = names.first else { return nil }
        let values = epochs.compactMap { $0.learningRates[first] }
        let isConstant = names.allSatisfy { name in
            Set(epochs.compactMap { $0.learningRates[name] }).count < 2
        }
        return LineChart(
            title: isConstant
                ? "The learning rate stayed at \(NumberText.short(values.first ?? 0))"
                : "The learning rate went from \(NumberText.short(values.first ?? 0)) to "
                    + "\(NumberText.short(values.last ?? 0))",
            note: "That of each epoch's last step.", xTitle: "epoch", yTitle: "learning rate",
            series: names.map { name in series(name) { $0.learningRates[name] } },
            includesZero: true, xName: "epoch"
        ).figure
    }

    private var best: (x: Double, label: String)? {
        stopping?.bestEpoch.map { (Double($0), "best: \($0)") }
    }

    private var names: [String] {
        var names: [String] = []
        for epoch in epochs {
            for name in epoch.metrics.keys where !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func series(
        _ name: String, _ value: (EpochRecord) -> Double?
    ) -> LineChart.Series {
        LineChart.Series(
            name: FigureName.short(name),
            points: epochs.compactMap { epoch in value(epoch).map { (Double(epoch.epoch), $0) } })
    }
}
