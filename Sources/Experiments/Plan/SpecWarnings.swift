import Retrieval

/// What a spec may say, but surely did not mean.
enum SpecWarnings {
    static func of(
        _ spec: ExperimentSpec, _ task: RetrievalTask, optimizers: [OptimizerGroup],
        corpusCount: Int
    ) -> [String] {
        var warnings: [String] = []
        for case let metric as FactorizedTopK in task.factorizedMetrics {
            for k in metric.ks where k > corpusCount {
                warnings.append(
                    "top-\(k) accuracy of \(corpusCount) candidates is 1 whatever the model does")
            }
        }
        if let negatives = spec.task.numHardNegatives, negatives >= spec.train.batchSize {
            warnings.append(
                """
                num_hard_negatives (\(negatives)) is not below train.batch_size \
                (\(spec.train.batchSize)): every negative is kept
                """)
        }
        if let sampled = spec.evaluate.sampledNegatives {
            warnings.append(
                """
                corpus metrics rank among \(sampled.count) sampled negatives: they are not \
                comparable with those over the whole corpus, and may order models differently
                """)
        }
        if spec.train.deduplicate == .auto,
            optimizers.contains(where: { $0.optimizer.options.clipping != nil })
        {
            warnings.append(
                """
                gradients are clipped example by example, as in Keras: equal queries and \
                candidates of a batch are not scored once, which takes longer
                """)
        }
        return warnings
    }
}
