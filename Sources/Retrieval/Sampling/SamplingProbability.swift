/// How likely each candidate is to be in a batch: what `candidate_sampling_probability` corrects
/// for.
///
/// In-batch negatives come with the frequency of their interactions; subtracting log p undoes the
/// preference (Bengio and Senécal, 2008; Yi et al., 2019).
public enum SamplingProbability: Sendable {
    /// A probability for each candidate key.
    case fixed([Float])
    /// Learned from the stream of batches.
    case streaming(StreamingFrequency)

    /// Each candidate's share of the training examples; 0 for one that never trains.
    public static func fromTrainingFrequency(
        _ examples: Examples, candidateKeyCount: Int
    ) -> SamplingProbability {
        var counts = [Float](repeating: 0, count: candidateKeyCount)
        for key in examples.candidateKeys { counts[Int(key)] += 1 }
        return .fixed(counts.map { $0 / Float(examples.count) })
    }

    /// The same for all.
    public static func uniform(candidateKeyCount: Int) -> SamplingProbability {
        .fixed([Float](repeating: 1 / Float(candidateKeyCount), count: candidateKeyCount))
    }

    /// The probabilities of some candidates as they are known now.
    func probabilities(of keys: [Int32]) -> [Float] {
        switch self {
        case .fixed(let values): keys.map { values[Int($0)] }
        case .streaming(let estimate): keys.map { estimate.probability(of: $0) }
        }
    }

    /// Takes note of the candidates of a training batch, however often each stands in it.
    ///
    /// - Parameter keyCount: keys are below this number.
    mutating func observe(_ batch: ArraySlice<Int32>, keyCount: Int) {
        guard case .streaming(var estimate) = self else { return }
        self = .fixed([])  // Lets go of the estimate, so that it is updated in place.
        estimate.observe(DistinctKeys(batch, keyCount: keyCount))
        self = .streaming(estimate)
    }
}

/// The streaming frequency estimation of Yi et al., 2019, "Sampling-Bias-Corrected Neural Modeling
/// for Large Corpus Item Recommendations", algorithm 2, with one slot per candidate, as a share of
/// the training examples.
///
/// The paper tracks the mean number of steps b between two batches that hold a candidate,
/// `b ← (1 − α)·b + α·(t − a)`, a being the last such step, and takes 1 / b: how likely a batch is
/// to hold it. Where batches hold a candidate several times that is 1, whatever its frequency.
/// Here the mean number n of its examples in the batches that have any is tracked alike,
/// `n ← (1 − α)·n + α·count`, and the probability is n / b over the mean size of a batch. Where no
/// batch holds a candidate twice this is the paper's estimate divided by the batch size, a factor
/// that no softmax sees.
public struct StreamingFrequency: Sendable {
    /// The weight α of the newest gap, in (0, 1].
    public let learningRate: Float
    /// One number for each candidate, [candidates, 1].
    private var lastStep: Matrix
    private var meanGap: Matrix
    private var meanCount: Matrix
    private var step: Float = 0
    /// 1 until there is a batch.
    private var meanBatch: Float = 1

    /// - Parameters:
    ///   - initialGap: steps between two appearances that are assumed at first, at least 1.
    public init(candidateKeyCount: Int, learningRate: Float = 0.05, initialGap: Float) {
        self.learningRate = learningRate
        lastStep = Matrix(rows: candidateKeyCount, columns: 1)
        meanGap = Matrix(rows: candidateKeyCount, columns: 1, repeating: initialGap)
        meanCount = Matrix(rows: candidateKeyCount, columns: 1, repeating: 1)
    }

    /// The share of the training examples that have the candidate.
    public func probability(of key: Int32) -> Float {
        let key = Int(key)
        return min(1, meanCount.values[key] / (meanGap.values[key] * meanBatch))
    }

    /// - Parameter batch: the candidate of each example of a batch; their order is of no meaning.
    public mutating func observe(_ batch: [Int32]) {
        observe(DistinctKeys(batch[...], keyCount: meanGap.rows))
    }

    mutating func observe(_ batch: DistinctKeys) {
        step += 1
        meanBatch += (Float(batch.positions.count) - meanBatch) / step
        for (key, count) in zip(batch.keys.map(Int.init), batch.counts) {
            let gap = step - lastStep.values[key]
            meanGap.values[key] += learningRate * (gap - meanGap.values[key])
            meanCount.values[key] += learningRate * (count - meanCount.values[key])
            lastStep.values[key] = step
        }
    }
}

extension SamplingProbability: Restorable {
    /// What was learned; a probability that is known beforehand is not.
    public func save(to arrays: inout NamedArrays, as name: String) {
        if case .streaming(let estimate) = self { estimate.save(to: &arrays, as: name) }
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        guard case .streaming(var estimate) = self else { return }
        try estimate.restore(from: &arrays, as: name)
        self = .streaming(estimate)
    }
}

extension StreamingFrequency: RestorableParts {
    public static var parts: [StatePart<StreamingFrequency>] {
        [
            StatePart("step", \.step), StatePart("last_step", \.lastStep),
            StatePart("mean_gap", \.meanGap), StatePart("mean_count", \.meanCount),
            StatePart("mean_batch", \.meanBatch),
        ]
    }
}
