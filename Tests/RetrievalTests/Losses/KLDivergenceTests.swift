import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let klDivergence = [true, false].map { fromLogits in
        LossCase(
            "KL divergence, logits \(fromLogits)", KLDivergence(fromLogits: fromLogits),
            fromLogits ? .reals : .unitInterval
        ) { scores, labels in
            let probabilities = fromLogits ? Formulas.softmax(scores) : scores
            return zip(labels, probabilities).map { label, p in
                let label = Formulas.clip(label, to: 1)
                return label * log(label / Formulas.clip(p, to: 1))
            }.reduce(0, +)
        }
    }
}

@Suite struct KLDivergenceTests {
    @Test func clippedProbabilitiesHaveNoGradient() {
        let beyond = ScoreRow([-0.5, 1.5], positive: 0)
        #expect(KLDivergence(fromLogits: false).evaluated(on: beyond).gradient == [0, 0])
    }

    @Test func itIsCrossentropyButForTheClipping() {
        let divergence = KLDivergence().value(of: .descending)
        let crossentropy = CategoricalCrossentropy().value(of: .descending)
        #expect(isClose(Double(divergence), Double(crossentropy), 1e-5))
    }
}
