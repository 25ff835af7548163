import Retrieval

extension SpecFindings {
    mutating func checkTraining() {
        let train = spec.train
        let clips = ([train.optimizer] + train.optimizers).contains {
            made($0, in: catalog.optimizers)?.options.clipping != nil
        }
        if train.deduplicate == .auto, clips {
            warn(
                at: "train.deduplicate",
                """
                gradients are clipped example by example, as in Keras: equal queries and \
                candidates of a batch are not scored once, which takes longer
                """)
        }
        checkPatterns()
        checkKeeping()
    }

    /// What is kept, and what training starts from.
    private mutating func checkKeeping() {
        if let checkpoint = spec.checkpoint, checkpoint.cadence == nil {
            error(
                at: "checkpoint.every",
                "'every' requires a number of epochs, steps, s, min or h, such as '1 epoch' or "
                    + "'10 min'; found '\(checkpoint.every)'")
        }
        guard spec.baseline != nil else { return }
        for (name, isThere) in [
            ("output.model", spec.output.model != nil), ("checkpoint", spec.checkpoint != nil),
            ("warm_start", spec.warmStart != nil),
        ] where isThere {
            error(at: name, "'\(name)' requires a model that is trained; a baseline is not")
        }
    }

    /// Every parameter has one optimizer.
    private mutating func checkPatterns() {
        var first: [String: Int] = [:]
        for (index, choice) in spec.train.optimizers.enumerated() {
            let pattern = choice.values[TrainSection.matchField]
            if let other = first[pattern] {
                error(
                    at: "train.optimizers[\(index)].match",
                    "train.optimizers[\(other)] matches '\(pattern)' already")
            } else {
                first[pattern] = index
            }
        }
    }
}
