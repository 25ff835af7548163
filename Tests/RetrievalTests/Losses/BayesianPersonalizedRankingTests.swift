import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let bayesianPersonalizedRanking = [
        LossCase("BPR", BayesianPersonalizedRanking()) { scores, labels in
            let terms = Formulas.pairs(scores, labels) { -log(1 / (1 + exp(-$0))) }
            return terms.isEmpty ? 0 : Formulas.mean(terms)
        }
    ]
}

@Suite struct BayesianPersonalizedRankingTests {
    @Test func tiedScoresGiveTheLogarithmOfTwo() {
        #expect(isClose(Double(BayesianPersonalizedRanking().value(of: .tied)), log(2), 1e-6))
        let five = ScoreRow([0, 0, 0, 0, 0], positive: 2)
        let (_, gradient) = BayesianPersonalizedRanking().evaluated(on: five)
        #expect(gradient == [0.125, 0.125, -0.5, 0.125, 0.125])
    }
}
