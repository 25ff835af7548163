import Retrieval

extension SpecFindings {
    /// The watched figure must be one that there will be, with a better way to go.
    mutating func checkEarlyStopping() {
        guard let early = spec.train.earlyStopping, spec.baseline == nil else { return }
        let path = "train.early_stopping"
        let (always, evaluated) = (figuresOfEveryEpoch, figuresOfEvaluatedEpochs)
        guard (always + evaluated).contains(early.monitor) else {
            error(at: path + ".monitor", absence(of: early.monitor, always, evaluated))
            return
        }
        guard early.direction != nil else {
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

    private var figuresOfEveryEpoch: [String] {
        ["loss", "batch_loss_mean"] + penalties(besides: []) + measuredNames
    }

    /// What `evaluate.every` brings.
    private var figuresOfEvaluatedEpochs: [String] {
        guard spec.evaluate.every != nil else { return [] }
        let prefix = spec.evaluate.on == .validation ? "val_" : "test_"
        // Penalties on activities are of training steps.
        let penalties = penalties(besides: ["activity_regularizer"])
        return (["loss"] + penalties + measuredNames + trainingMetricNames).map { prefix + $0 }
    }

    /// The losses of regularizers, if there is one.
    private func penalties(besides others: Set<String>) -> [String] {
        let parts = towers.flatMap { $0.tower.features + $0.tower.layers }
        let isPenalised = parts.contains { $0.values.hasRegularizer(besides: others) }
        return isPenalised ? ["regularization_loss", "total_loss"] : []
    }

    /// The values of batch and loss metrics.
    private var measuredNames: [String] {
        metrics.filter { !$0.path.hasPrefix("metrics.factorized") }.flatMap(\.names)
    }

    private var trainingMetricNames: [String] {
        spec.evaluate.metrics == nil
            ? metrics.filter { $0.path.hasPrefix("metrics.factorized") }.flatMap(\.names)
            : trainingMetrics.flatMap(\.names)
    }
}

extension FieldValues {
    fileprivate func hasRegularizer(besides others: Set<String>) -> Bool {
        members.contains { member in
            if member.name.hasSuffix("_regularizer"), !others.contains(member.name) {
                return member.value != .null
            }
            return member.value.hasRegularizer(besides: others)
        }
    }
}

extension FieldValue {
    fileprivate func hasRegularizer(besides others: Set<String>) -> Bool {
        switch self {
        case .object(let values): values.hasRegularizer(besides: others)
        case .list(let values): values.contains { $0.hasRegularizer(besides: others) }
        default: false
        }
    }
}
