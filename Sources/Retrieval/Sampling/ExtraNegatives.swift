/// Candidates drawn from the corpus as negatives for every query of a batch: mixed negative
/// sampling (Yang et al., 2020, "Mixed Negative Sampling for Learning Two-tower Neural Networks in
/// Recommendations").
public struct ExtraNegatives: Sendable {
    /// How candidates are drawn.
    public enum Distribution: String, FieldChoice {
        /// Every candidate alike.
        case uniform
        /// By share of the training interactions.
        case popularity
    }

    /// Draws of a step; a candidate may be drawn more than once.
    public let count: Int
    /// The probability of each candidate key in one draw.
    public let probabilities: [Float]
    private let corpus: [Int32]
    private let weighted: WeightedDraw
    private let seed: UInt64

    /// - Parameters:
    ///   - corpus: the candidate keys to draw from.
    ///   - training: the examples that tell the popularity.
    public init(
        count: Int, distribution: Distribution, corpus: [Int32], training: Examples,
        candidateKeyCount: Int, seed: UInt64
    ) {
        self.count = count
        self.corpus = corpus
        self.seed = seed
        var weights = [Double](
            repeating: distribution == .uniform ? 1 : 0, count: candidateKeyCount)
        if distribution == .popularity {
            for key in training.candidateKeys { weights[Int(key)] += 1 }
        }
        let weighted = WeightedDraw(corpus.lazy.map { weights[Int($0)] })
        self.weighted = weighted
        probabilities = weights.map { Float($0 / weighted.total) }
    }

    /// The keys drawn for a step, numbered from 0.
    func draw(step: Int) -> [Int32] {
        var stream = RandomStream(seed: seed, stream: StreamNames.extraNegatives, index: step)
        return (0..<count).compactMap { _ in
            weighted.draw(from: &stream).map { corpus[Int($0)] }
        }
    }
}
