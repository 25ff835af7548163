import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let categoricalCrossentropy = smoothings.map { smoothing in
        LossCase(
            "categorical crossentropy, smoothing \(smoothing)",
            CategoricalCrossentropy(labelSmoothing: Float(smoothing))
        ) { scores, labels in
            Formulas.crossentropy(Formulas.smooth(labels, smoothing), Formulas.softmax(scores))
        }
    }
}

@Suite struct CategoricalCrossentropyTests {
    @Test func tiedScoresGiveTheLogarithmOfTheirNumber() {
        #expect(isClose(Double(CategoricalCrossentropy().value(of: .tied)), log(4), 1e-6))
    }
}
