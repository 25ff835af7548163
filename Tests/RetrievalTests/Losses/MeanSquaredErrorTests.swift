import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let meanSquaredError = [
        LossCase("mean squared error", MeanSquaredError()) { scores, labels in
            Formulas.mean(zip(scores, labels).map { ($0 - $1) * ($0 - $1) })
        }
    ]
}

@Suite struct MeanSquaredErrorTests {
    @Test func fourColumns() {
        let (loss, gradient) = MeanSquaredError().evaluated(on: .descending)
        #expect(loss == 0.75)  // (1 + 1 + 1 + 0) / 4
        #expect(gradient == [0.5, 0.5, -0.5, 0])
    }
}
