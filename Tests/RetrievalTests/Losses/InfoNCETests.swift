import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    /// Its rows are those of the softmax: cosines and temperature are applied before.
    static let infoNCE = [0, 0.1].map { smoothing in
        LossCase("InfoNCE, smoothing \(smoothing)", InfoNCE(labelSmoothing: Float(smoothing))) {
            scores, labels in
            Formulas.crossentropy(Formulas.smooth(labels, smoothing), Formulas.softmax(scores))
        }
    }
}

@Suite struct InfoNCETests {
    @Test func aRowIsTheSoftmaxs() {
        #expect(
            InfoNCE().outcome(on: .descending) == CategoricalCrossentropy().outcome(on: .descending)
        )
    }
}
