import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let categoricalFocalCrossentropy = [0, 0.5, 1, 1.5, 2].flatMap { gamma in
        [0, 0.2].flatMap { smoothing in
            [true, false].map { fromLogits in
                focal(gamma: gamma, smoothing: smoothing, fromLogits: fromLogits)
            }
        }
    }

    private static func focal(gamma: Double, smoothing: Double, fromLogits: Bool) -> LossCase {
        LossCase(
            "focal, gamma \(gamma), smoothing \(smoothing), logits \(fromLogits)",
            CategoricalFocalCrossentropy(
                alpha: 0.75, gamma: Float(gamma), fromLogits: fromLogits,
                labelSmoothing: Float(smoothing)),
            fromLogits ? .reals : .positives
        ) { scores, labels in
            let shares = fromLogits ? Formulas.softmax(scores) : Formulas.shares(scores)
            return zip(Formulas.smooth(labels, smoothing), shares).map { label, share in
                let p = Formulas.clip(share)
                return -label * log(p) * 0.75 * pow(1 - p, gamma)
            }.reduce(0, +)
        }
    }
}

@Suite struct CategoricalFocalCrossentropyTests {
    @Test func tiedScores() {
        // 0.25 · (1 − 1/4)² · log 4
        let loss = CategoricalFocalCrossentropy().value(of: .tied)
        #expect(isClose(Double(loss), 0.140625 * log(4), 1e-6))
    }

    @Test func aClippedProbabilityHasNoGradient() {
        let hopeless = ScoreRow([0, 30], positive: 0)
        let (loss, gradient) = CategoricalFocalCrossentropy(gamma: 0).evaluated(on: hopeless)
        #expect(gradient == [0, 0])
        #expect(isClose(Double(loss), -0.25 * log(1e-7), 1e-5))
    }
}
