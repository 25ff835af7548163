import Retrieval

extension SpecFindings {
    mutating func checkTraining() {
        let train = spec.train
        let optimizers =
            [("train.optimizer", train.optimizer)]
            + train.optimizers.enumerated().map { ("train.optimizers[\($0.offset)]", $0.element) }
        for (path, choice) in optimizers {
            if case .number(0)? = choice.values["learning_rate"] {
                warn(at: path + ".learning_rate", "a learning rate of 0 trains nothing")
            }
        }
        let clips = optimizers.contains {
            made($0.1, in: catalog.optimizers)?.options.clipping != nil
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
