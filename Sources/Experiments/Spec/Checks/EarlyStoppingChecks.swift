import Retrieval

extension SpecFindings {
    /// The watched figure must be one that there will be, with a better way to go.
    mutating func checkEarlyStopping() {
        guard let early = spec.train.earlyStopping, spec.baseline == nil else { return }
        let path = "train.early_stopping"
        let figures = figures
        let always = figures.ofEveryEpoch.map(\.name)
        let evaluated = figures.ofEvaluatedEpochs(of: spec).map(\.name)
        guard (always + evaluated).contains(early.monitor) else {
            error(at: path + ".monitor", absence(of: early.monitor, always, evaluated))
            return
        }
        guard figures.direction(of: early, in: spec) != nil else {
            error(
                at: path + ".monitor",
                """
                'mode: auto' cannot tell whether \(early.monitor) is better smaller or larger: \
                say 'mode: min' or 'mode: max'
                """)
            return
        }
        let every = evaluated.contains(early.monitor) ? spec.evaluate.every ?? 1 : 1
        let watched = (1...spec.train.epochs).last { $0.isMultiple(of: every) } ?? 0
        if watched <= early.startFromEpoch {
            warn(
                at: path,
                """
                nothing is watched: there are \(spec.train.epochs) epochs, the first \
                \(early.startFromEpoch) are passed over, and \(early.monitor) is measured every \
                \(every)
                """)
        }
        if evaluated.contains(early.monitor), spec.evaluate.on == .test {
            warn(
                at: path + ".monitor",
                """
                \(early.monitor) chooses the weights by the test part, on which they are then \
                measured: the figures will be too good
                """)
        }
    }

    private func absence(
        of monitor: String, _ always: [String], _ evaluated: [String]
    ) -> String {
        let isOfEvaluation = monitor.hasPrefix("val_") || monitor.hasPrefix("test_")
        let hint =
            isOfEvaluation && spec.evaluate.every == nil
            ? "; 'evaluate: {every: 1}' brings figures of the validation part, such as val_loss"
            : ""
        return "no epoch has a figure '\(monitor)'; there are "
            + (always + evaluated).joined(separator: ", ") + hint
    }
}
