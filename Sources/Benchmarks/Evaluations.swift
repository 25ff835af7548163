import Retrieval

extension BenchmarkCase {
    /// The ranks of one positive of each query over a corpus, its candidates encoded anew.
    static let evaluations: [BenchmarkCase] = [
        BenchmarkCase("evaluation/ranks", .evaluation, Shape(2000, 100_000, 64)) {
            shape, random, lanes in
            let counts = KeyCounts(queries: shape.rows, candidates: shape.columns)
            let model = StepSetting.model(counts, dimension: shape.depth, &random)
            let candidates = (0..<shape.rows).map { _ in Int32(random.below(shape.columns)) }
            let examples = Examples(
                queryKeys: (0..<Int32(shape.rows)).map { $0 }, candidateKeys: candidates)
            @Sendable func rank() -> RankedQueries {
                CorpusEvaluation(
                    model: model, corpus: (0..<Int32(shape.columns)).map { $0 },
                    keyCounts: counts, lanes: lanes
                ).rank(examples)
            }
            return Work(
                flops: 2 * Double(shape.rows) * Double(shape.columns) * Double(shape.depth),
                items: shape.rows, run: { _ = rank() }
            ) {
                let (queries, items) = (
                    model.parameters.matrices[0], model.parameters.matrices[1]
                )
                let expected = (0..<shape.rows).map { row in
                    let scores = (0..<shape.columns).map { column in
                        zip(queries.row(row), items.row(column)).reduce(Float(0)) {
                            $0.addingProduct($1.0, $1.1)
                        }
                    }
                    let score = scores[Int(candidates[row])]
                    return Double(scores.count { $0 > score })
                }
                return Work.Outcome(
                    found: rank().strictlyGreater.map(Float.init), expected: expected,
                    // A level without fused multiply-adds may order near ties otherwise.
                    tolerance: InstructionSet.isFused ? 0 : 1)
            }
        }
    ]
}
