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
    /// Running totals of the weights of the corpus.
    private let cumulative: [Double]
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
        var total = 0.0
        cumulative = corpus.map { key in
            total += weights[Int(key)]
            return total
        }
        probabilities = weights.map { Float($0 / total) }
    }

    /// The keys drawn for a step, numbered from 0.
    func draw(step: Int) -> [Int32] {
        guard let total = cumulative.last, total > 0 else { return [] }
        var stream = RandomStream(seed: seed, stream: "extra_negatives", index: step)
        return (0..<count).map { _ in
            let target = stream.uniform() * total
            var (low, high) = (0, cumulative.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > target { high = middle } else { low = middle + 1 }
            }
            return corpus[low]
        }
    }
}
