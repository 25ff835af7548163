import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let probabilityCrossentropy = smoothings.map { smoothing in
        LossCase(
            "categorical crossentropy of probabilities, smoothing \(smoothing)",
            ProbabilityCrossentropy(labelSmoothing: Float(smoothing)), .positives
        ) { scores, labels in
            Formulas.crossentropy(
                Formulas.smooth(labels, smoothing),
                Formulas.shares(scores).map { Formulas.clip($0) })
        }
    }
}

@Suite struct ProbabilityCrossentropyTests {
    @Test func probabilitiesAreNormalised() {
        // 2 / (2 + 6) = 1/4.
        let (loss, gradient) = ProbabilityCrossentropy().evaluated(
            on: ScoreRow([2, 6], positive: 0))
        #expect(isClose(Double(loss), log(4), 1e-6))
        #expect(isClose(Double(gradient[0]), -0.375, 1e-6))  // −1/2 + 1/8
        #expect(isClose(Double(gradient[1]), 0.125, 1e-6))
    }
}
