import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let pairwiseHinge = [1, 0.4].map { margin in
        LossCase("pairwise hinge, margin \(margin)", PairwiseHinge(margin: Float(margin))) {
            scores, labels in
            Formulas.pairs(scores, labels) { max(0, margin - $0) }.reduce(0, +)
        }
    }
}

@Suite struct PairwiseHingeTests {
    @Test func tiedScoresMissTheMarginInEachPair() {
        #expect(PairwiseHinge(margin: 0.5).value(of: .tied) == 1.5)
        #expect(PairwiseHinge().evaluated(on: .tied).gradient == [1, 1, -3, 1])
    }

    @Test func atTheMarginIsNoGradient() {
        let (loss, gradient) = PairwiseHinge().evaluated(on: ScoreRow([2, 1], positive: 0))
        #expect(loss == 0)
        #expect(gradient == [0, 0])
    }
}
