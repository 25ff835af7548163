import Retrieval
import RetrievalTesting

extension ScoreRow {
    /// A positive that leads, and negatives of all signs.
    static let descending = ScoreRow([2, 1, -1, 0], positive: 0)
    /// Four scores that are all the same.
    static let tied = ScoreRow([0, 0, 0, 0], positive: 2)

    /// 1 for the positive, 0 for all others.
    var denseLabels: [Double] { scores.indices.map { $0 == positive ? 1 : 0 } }
}

extension Loss {
    func evaluated(on row: ScoreRow) -> (loss: Float, gradient: [Float]) {
        let outcome = outcome(on: row)
        return (outcome.loss, outcome.gradient)
    }
}

extension LossCase.Domain {
    /// A random row: 1 to 7 columns, now and then without a positive.
    func row(_ generator: inout some RandomNumberGenerator) -> ScoreRow {
        let columns = Int.random(in: 1...7, using: &generator)
        let scores = (0..<columns).map { _ in
            switch self {
            case .reals: Float.random(in: -3...3, using: &generator)
            case .positives: Float.random(in: 0.05...2, using: &generator)
            case .unitInterval: Float.random(in: -0.2...1.2, using: &generator)
            }
        }
        let hasPositive = Int.random(in: 0..<6, using: &generator) > 0
        return ScoreRow(
            scores,
            positive: hasPositive ? Int.random(in: 0..<columns, using: &generator) : nil)
    }
}
