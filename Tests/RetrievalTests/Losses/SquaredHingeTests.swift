import Foundation
import Retrieval
import RetrievalTesting
import Testing

extension LossCase {
    static let squaredHinge = [
        LossCase("squared hinge", SquaredHinge()) { scores, labels in
            Formulas.mean(zip(scores, labels).map { pow(max(0, 1 - $0 * (2 * $1 - 1)), 2) })
        }
    ]
}

@Suite struct SquaredHingeTests {
    @Test func fourColumns() {
        // Shortfalls 0, 2, 0 and 1.
        let (loss, gradient) = SquaredHinge().evaluated(on: .descending)
        #expect(loss == 1.25)
        #expect(gradient == [0, 1, 0, 0.5])
    }
}
