import Retrieval

extension BenchmarkCase {
    /// A call of the task with a mask of its own for every pair, which no spec can ask for, beside
    /// one without.
    static let scoreMasks = [
        call("call/softmax", isMasked: false),
        call("call/score_mask", isMasked: true).compared(with: "call/softmax"),
    ]

    private static func call(_ name: String, isMasked: Bool) -> BenchmarkCase {
        BenchmarkCase(name, .step, Shape(4096, 4096, 64)) { shape, random, lanes in
            func matrix(_ rows: Int) -> Matrix {
                let values = (0..<rows * shape.depth).map { _ in
                    random.uniformFloat(in: -0.3..<0.3)
                }
                return Matrix(rows: rows, columns: shape.depth, values: values)
            }
            var problem = InBatchProblem(
                queries: matrix(shape.rows), candidates: matrix(shape.columns),
                examples: RowExamples(diagonal: shape.rows, columns: shape.columns, weights: nil))
            var plain = problem
            if isMasked {
                // But the positives: through what is hidden no gradient flows.
                let allowed = (0..<shape.rows * shape.columns).map {
                    $0 / shape.columns == $0 % shape.columns || random.uniform() < 0.75
                }
                problem.mask = .dense(allowed: allowed, columns: shape.columns)
                // Far enough down that nothing is left of a pair.
                plain.pairBias = allowed.map { $0 ? 0 : -Float.greatestFiniteMagnitude / 100 }
            }
            let task = RetrievalTask()
            func values(_ result: ScoringResult) -> [Float] {
                result.exampleLosses + (result.gradients?.queries.values ?? [])
                    + (result.gradients?.candidates.values ?? [])
            }
            return Work(
                flops: 6 * Double(shape.rows * shape.columns * shape.depth), items: shape.rows,
                run: { _ = task.evaluate(problem, gradients: true, lanes: lanes) }
            ) {
                Work.Outcome(
                    found: values(task.evaluate(problem, gradients: true, lanes: lanes)),
                    expected: values(task.evaluate(plain, gradients: true, lanes: lanes))
                        .map(Double.init),
                    tolerance: 1e-3)
            }
        }
    }
}
