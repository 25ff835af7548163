import Retrieval

extension SpecFindings {
    /// The task's options, and the loss that they lead to.
    mutating func checkTask() {
        guard let loss = made(spec.loss, in: catalog.losses) else { return }
        checkTemperature(loss)
        checkNegatives()
    }

    private mutating func checkTemperature(_ loss: any Loss) {
        if loss is any ContrastiveLoss {
            if spec.task.temperature != nil {
                error(
                    at: "task.temperature",
                    "the loss \(spec.loss.name) has a temperature of its own; leave this one out")
            }
        } else if let layer = unitLayer, spec.task.temperature ?? 1 >= 1 {
            warn(
                at: isWritten("task.temperature")
                    ? "task.temperature"
                    : "towers.candidate.layers[\(spec.towers.candidate.layers.count - 1)]",
                """
                the towers end in \(layer), so that scores lie within -1 and 1: without \
                a task.temperature well below 1 the loss hardly tells candidates apart
                """)
        }
    }

    private mutating func checkNegatives() {
        // Of the batch but its own, and the extra ones.
        let (negatives, isHuge) = (spec.train.batchSize - 1).addingReportingOverflow(
            spec.train.extraNegatives?.count ?? 0)
        if !isHuge, let kept = spec.task.numHardNegatives, kept >= negatives {
            warn(
                at: "task.num_hard_negatives",
                """
                num_hard_negatives (\(kept)) keeps every negative: a batch of \
                \(spec.train.batchSize) has \(negatives) for each query
                """)
        }
        if spec.train.batchSize == 1, spec.train.extraNegatives == nil {
            warn(
                at: "train.batch_size",
                "a batch of one example has no negatives to learn from")
        }
    }
}
