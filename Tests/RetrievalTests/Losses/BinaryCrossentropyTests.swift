import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let binaryCrossentropy = smoothings.flatMap { smoothing in
        [true, false].map { fromLogits in
            LossCase(
                "binary crossentropy, smoothing \(smoothing), logits \(fromLogits)",
                BinaryCrossentropy(fromLogits: fromLogits, labelSmoothing: Float(smoothing)),
                fromLogits ? .reals : .unitInterval
            ) { scores, labels in
                let smooth = labels.map { $0 * (1 - smoothing) + smoothing * 0.5 }
                return Formulas.mean(
                    zip(scores, smooth).map { score, label in
                        guard fromLogits else {
                            let p = Formulas.clip(score)
                            return -label * log(p + Formulas.epsilon)
                                - (1 - label) * log(1 - p + Formulas.epsilon)
                        }
                        return max(score, 0) - score * label + log1p(exp(-abs(score)))
                    })
            }
        }
    }
}

@Suite struct BinaryCrossentropyTests {
    @Test func tiedScoresGiveTheLogarithmOfTwo() {
        let (loss, gradient) = BinaryCrossentropy().evaluated(on: .tied)
        #expect(isClose(Double(loss), log(2), 1e-6))
        #expect(gradient == [0.125, 0.125, -0.125, 0.125])
    }

    @Test func labelSmoothingPullsToOneHalf() {
        // At s = 1 every label is one half: no score is better than 0.
        let loss = BinaryCrossentropy(labelSmoothing: 1)
        #expect(loss.evaluated(on: .tied).gradient == [0, 0, 0, 0])
    }

    @Test func clippedProbabilitiesHaveNoGradient() {
        let beyond = ScoreRow([-0.5, 1.5], positive: 0)
        let (loss, gradient) = BinaryCrossentropy(fromLogits: false).evaluated(on: beyond)
        #expect(gradient == [0, 0])
        // Both are as wrong as clipping allows: −log(2e-7), in float32.
        #expect(isClose(Double(loss), -log(2e-7), 5e-2))
    }
}
