import Retrieval
import RetrievalTesting
import TestSupport
import Testing

/// Every loss against its formula: values, gradients by finite differences, copies of columns.
@Suite struct LossFormulaTests {
    private static let rows = 40

    @Test(arguments: LossCase.all)
    func valueFollowsTheFormula(_ example: LossCase) {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<Self.rows {
            let row = example.domain.row(&generator)
            let expected = example.formula(row.scores.map(Double.init), row.denseLabels)
            let found = Double(example.loss.value(of: row))
            #expect(isClose(found, expected, 2e-6), "\(row): \(found), expected \(expected)")
        }
    }

    @Test(arguments: LossCase.all)
    func gradientIsTheDerivativeOfTheFormula(_ example: LossCase) {
        var generator = SeededGenerator(seed: 12)
        let step = 1e-6
        for _ in 0..<Self.rows {
            let row = example.domain.row(&generator)
            let gradient = example.loss.evaluated(on: row).gradient
            for column in row.scores.indices {
                let values = [step, -step].map { shift in
                    var scores = row.scores.map(Double.init)
                    scores[column] += shift
                    return example.formula(scores, row.denseLabels)
                }
                let expected = (values[0] - values[1]) / (2 * step)
                #expect(
                    isClose(Double(gradient[column]), expected, 2e-5),
                    "\(row), column \(column): \(gradient[column]), expected \(expected)")
            }
        }
    }

    @Test(arguments: LossCase.all)
    func aCountedColumnIsItsCopies(_ example: LossCase) {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<Self.rows {
            var row = example.domain.row(&generator)
            row.counts = row.scores.map { _ in Float(Int.random(in: 1...4, using: &generator)) }
            #expect(checkCopies(example.loss, row) == [])
        }
    }

    /// A count of 0 is a column that is not there, whatever its score.
    @Test(arguments: LossCase.all)
    func aCountOfZeroIsNoColumn(_ example: LossCase) {
        let with = ScoreRow([0.3, 0.6, 0.9, 0.1], positive: 1, counts: [2, 1, 0, 3])
        let without = ScoreRow([0.3, 0.6, 0.1], positive: 1, counts: [2, 1, 3])
        let a = example.loss.evaluated(on: with)
        let b = example.loss.evaluated(on: without)
        #expect(isClose(Double(a.loss), Double(b.loss), 1e-6))
        #expect(a.gradient[2] == 0)
        for (left, right) in zip([0, 1, 3].map { a.gradient[$0] }, b.gradient) {
            #expect(isClose(Double(left), Double(right), 1e-6))
        }
    }
}
