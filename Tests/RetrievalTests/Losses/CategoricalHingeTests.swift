import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let categoricalHinge = [
        LossCase("categorical hinge", CategoricalHinge()) { scores, labels in
            let positive = zip(scores, labels).map { $0 * $1 }.reduce(0, +)
            let negative = zip(scores, labels).map { $0 * (1 - $1) }.max() ?? -.infinity
            return max(0, negative - positive + 1)
        }
    ]
}

@Suite struct CategoricalHingeTests {
    @Test func theBestNegativeCounts() {
        let (loss, gradient) = CategoricalHinge().evaluated(
            on: ScoreRow([0.5, 1, -1], positive: 0))
        #expect(loss == 1.5)
        #expect(gradient == [-1, 1, 0])
    }

    @Test func theMaximumIsSharedWithThePositivesOwnZero() {
        let (loss, gradient) = CategoricalHinge().evaluated(on: .tied)
        #expect(loss == 1)
        #expect(gradient == [0.25, 0.25, -1, 0.25])
        // All negatives below 0: only the positive's own 0 is left, which has no gradient.
        let below = CategoricalHinge().evaluated(on: ScoreRow([0.25, -1, -2], positive: 0))
        #expect(below.loss == 0.75)
        #expect(below.gradient == [-1, 0, 0])
    }

    @Test func atTheHingeIsAGradient() {
        let (loss, gradient) = CategoricalHinge().evaluated(on: .descending)
        #expect(loss == 0)
        #expect(gradient == [-1, 1, 0, 0])
    }
}
