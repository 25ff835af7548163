import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let hinge = [
        LossCase("hinge", Hinge()) { scores, labels in
            Formulas.mean(zip(scores, labels).map { max(0, 1 - $0 * (2 * $1 - 1)) })
        }
    ]
}

@Suite struct HingeTests {
    @Test func fourColumns() {
        // Shortfalls: 1 − 2 < 0, 1 + 1 = 2, 1 − 1 = 0 (which still has a gradient), 1.
        let (loss, gradient) = Hinge().evaluated(on: .descending)
        #expect(loss == 0.75)
        #expect(gradient == [0, 0.25, 0.25, 0.25])
    }
}
