import Retrieval

/// Decides what the batches of a spec are made of.
struct BatchPlanner {
    let spec: ExperimentSpec
    let candidates: EntitySpace
    let train: Examples
    let corpus: [Int32]
    let keyCounts: KeyCounts

    func options() throws -> BatchOptions {
        BatchOptions(
            deduplication: spec.train.deduplicate,
            samplingProbability: try spec.task.candidateSamplingProbability.map(probability),
            extraNegatives: spec.train.extraNegatives.map { section in
                ExtraNegatives(
                    count: section.count, distribution: section.distribution, corpus: corpus,
                    training: train, candidateKeyCount: keyCounts.candidates,
                    seed: spec.randomSeed)
            },
            seenItems: spec.task.scoreMask == .seenItems
                ? SeenItems(train, queryEntityCount: keyCounts.queryEntities) : nil)
    }

    private func probability(_ choice: SamplingChoice) throws -> SamplingProbability {
        let count = keyCounts.candidates
        switch choice {
        case .trainingFrequency:
            return .fromTrainingFrequency(train, candidateKeyCount: count)
        case .streamingEstimate:
            let batch = min(spec.train.batchSize, train.count)
            return .streaming(
                StreamingFrequency(
                    candidateKeyCount: count,
                    initialGap: max(1, Float(count) / Float(batch))))
        case .uniform:
            return .uniform(candidateKeyCount: count)
        case .column(let reference):
            let path = "task.candidate_sampling_probability.column"
            let values = try spec.pointing(at: path) {
                try candidates.table.numbers(reference.column)
            }
            guard values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
                throw spec.error(
                    at: path, "probabilities require numbers from 0 to 1 in '\(reference.column)'")
            }
            return .fixed(values)
        }
    }
}
