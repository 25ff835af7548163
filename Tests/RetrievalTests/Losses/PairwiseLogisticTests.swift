import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let pairwiseLogistic = [
        LossCase("pairwise logistic", PairwiseLogistic()) { scores, labels in
            Formulas.pairs(scores, labels) { log1p(exp(-$0)) }.reduce(0, +)
        }
    ]
}

@Suite struct PairwiseLogisticTests {
    @Test func tiedScoresGiveALogarithmOfTwoForEachPair() {
        let (loss, gradient) = PairwiseLogistic().evaluated(on: .tied)
        #expect(isClose(Double(loss), 3 * log(2), 1e-6))
        #expect(gradient == [0.5, 0.5, -1.5, 0.5])
    }
}
