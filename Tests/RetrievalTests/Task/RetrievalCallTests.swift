import Foundation
import Retrieval
import Testing

@Suite("Calls of the retrieval task")
struct RetrievalCallTests {
    /// Numbers between −1 and 1 that depend on the seed alone.
    private func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var state = seed
        let values = (0..<(rows * columns)).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
        return Matrix(rows: rows, columns: columns, values: values)
    }

    @Test("One head scores as none does")
    func singleHead() throws {
        let queries = matrix(5, 3, seed: 1)
        let candidates = matrix(7, 3, seed: 2)
        let options = RetrievalCallOptions<Int>()
        let task = RetrievalTask()
        let plain = try task(
            queryEmbeddings: queries, candidateEmbeddings: candidates, options: options)
        let single = try task(
            queryEmbeddings: QueryEmbeddings(queries, heads: 1), candidateEmbeddings: candidates,
            options: options)
        #expect(plain.loss == single.loss)
        #expect(plain.queryGradient == single.queryGradient)
        #expect(plain.candidateGradient == single.candidateGradient)
    }

    @Test("A head that never wins has no gradient; equal heads share it")
    func heads() throws {
        let queries = Matrix(rows: 2, columns: 1, values: [2, -1])
        let candidates = Matrix(rows: 1, columns: 1, values: [1])
        let task = RetrievalTask(loss: SquaredScore())
        let options = RetrievalCallOptions<Int>()
        let output = try task(
            queryEmbeddings: QueryEmbeddings(queries, heads: 2), candidateEmbeddings: candidates,
            options: options)
        #expect(output.loss == 4)
        #expect(output.queryGradient.values == [4, 0])
        let tied = try task(
            queryEmbeddings: QueryEmbeddings(
                Matrix(rows: 2, columns: 1, values: [2, 2]), heads: 2),
            candidateEmbeddings: candidates, options: options)
        #expect(tied.queryGradient.values == [2, 2])
        #expect(tied.candidateGradient.values == [8])
    }

    /// z², whose gradient is easy to see.
    private struct SquaredScore: Loss {
        func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
            let score = logits[0]
            logits[0] = 2 * score
            return score * score
        }
    }

    @Test("Metrics have the same bits for any number of threads")
    func threads() throws {
        let task = RetrievalTask(
            metrics: FactorizedTopK(ks: [1, 5]), batchMetrics: [AUC(), BatchNDCG(), ScoreMargin()],
            lossMetrics: [MeanLoss()], temperature: 0.5)
        let corpus = try RetrievalCorpus<Int>(embeddings: matrix(50, 4, seed: 5))
        let summaries = try [1, 2, 5].map { threads in
            var state = task.makeMetricState()
            for call in 0..<3 {
                _ = try task(
                    queryEmbeddings: QueryEmbeddings(matrix(37, 4, seed: UInt64(call))),
                    candidateEmbeddings: matrix(40, 4, seed: UInt64(call + 9)),
                    options: RetrievalCallOptions<Int>(), corpus: corpus, metrics: &state,
                    lanes: Lanes(threads: threads))
            }
            return state.summarize()
        }
        #expect(summaries[0].count == 6)
        #expect(summaries[1] == summaries[0])
        #expect(summaries[2] == summaries[0])
    }

    @Test("By id, the corpus's order breaks ties and several candidates count once")
    func rankingByID() throws {
        // Scores of the corpus: 1, 3, 3, 2 with the ids a, b, c, a.
        let corpus = try RetrievalCorpus(
            embeddings: Matrix(rows: 4, columns: 1, values: [1, 3, 3, 2]),
            ids: ["a", "b", "c", "a"])
        let task = RetrievalTask(metrics: FactorizedTopK(ks: [1, 2, 3]))
        func hits(_ id: String) throws -> [Double] {
            var state = task.makeMetricState()
            _ = try task(
                queryEmbeddings: QueryEmbeddings(Matrix(rows: 1, columns: 1, values: [1])),
                candidateEmbeddings: Matrix(rows: 2, columns: 1, values: [9, 9]),
                options: RetrievalCallOptions(candidateIDs: [id, "b"]), corpus: corpus,
                metrics: &state)
            return state.summarize().map(\.value)
        }
        #expect(try hits("b") == [1, 1, 1])
        #expect(try hits("c") == [0, 1, 1])
        #expect(try hits("a") == [0, 0, 1])
        #expect(try hits("z") == [0, 0, 0])
    }

    @Test("Switches leave metrics as they were; loss metrics have none")
    func switches() throws {
        let task = RetrievalTask(
            metrics: FactorizedTopK(ks: [9]), batchMetrics: [TopKCategoricalAccuracy(k: 9)],
            lossMetrics: [SumLoss()])
        var state = task.makeMetricState()
        let output = try task(
            queryEmbeddings: QueryEmbeddings(matrix(3, 2, seed: 1)),
            candidateEmbeddings: matrix(3, 2, seed: 2), options: RetrievalCallOptions<Int>(),
            computeMetrics: false, computeBatchMetrics: false, metrics: &state)
        #expect(state.summarize().map(\.value) == [Double(output.loss), 0, 0])
    }

    @Test("Calls that cannot be answered say why and measure nothing")
    func errors() throws {
        let queries = matrix(3, 2, seed: 1)
        let candidates = matrix(3, 2, seed: 2)
        let options = RetrievalCallOptions<Int>()
        #expect(
            throws: RetrievalError.invalidOption(
                "numHardNegatives", required: "at least -1", found: "-2")
        ) {
            try RetrievalTask(numHardNegatives: -2)(
                queryEmbeddings: queries, candidateEmbeddings: candidates, options: options)
        }
        let task = RetrievalTask(batchMetrics: [Recall(topK: 4)], lossMetrics: [SumLoss()])
        var state = task.makeMetricState()
        #expect(
            throws: RetrievalError.tooFewColumns(metric: "Recall", required: 4, found: 3)
        ) {
            _ = try task(
                queryEmbeddings: QueryEmbeddings(queries), candidateEmbeddings: candidates,
                options: options, metrics: &state)
        }
        #expect(state.summarize().map(\.value) == [0, 0])
        #expect(
            throws: RetrievalError.missingArgument("corpus", neededBy: "factorizedMetrics")
        ) {
            let task = RetrievalTask(metrics: FactorizedTopK())
            var state = task.makeMetricState()
            _ = try task(
                queryEmbeddings: QueryEmbeddings(queries), candidateEmbeddings: candidates,
                options: options, metrics: &state)
        }
        #expect(throws: RetrievalError.self) { try QueryEmbeddings(queries, heads: 2) }
    }

    @Test("Empty batches and zero columns are answered")
    func empty() throws {
        let none = Matrix(rows: 0, columns: 2)
        for loss in [CategoricalCrossentropy(), .init(reduction: .sumOverBatchSize)] {
            let output = try RetrievalTask(loss: loss)(
                queryEmbeddings: none, candidateEmbeddings: none,
                options: RetrievalCallOptions<Int>())
            #expect(output.loss == 0)
        }
        let mined = try RetrievalTask(numHardNegatives: -1)(
            queryEmbeddings: matrix(3, 2, seed: 1), candidateEmbeddings: matrix(4, 2, seed: 2),
            options: RetrievalCallOptions<Int>())
        #expect(mined.loss == 0)
        #expect(mined.queryGradient.values.allSatisfy { $0 == 0 })
    }

    /// As TensorFlow broadcasts them to [Q, C]: each shape against the whole that it stands for.
    @Test(
        "Probabilities and masks of shapes that broadcast",
        arguments: [
            [], [1], [7], [1, 7], [5, 1], [5, 7], [1, 1], [1, 5, 7],
        ] as [[Int]])
    func broadcasting(shape: [Int]) throws {
        let queries = matrix(5, 3, seed: 1)
        let candidates = matrix(7, 3, seed: 2)
        let count = shape.reduce(1, *)
        let values = (0..<count).map { 0.05 + 0.1 * Float($0 % 9) }
        let mask = (0..<count).map { $0 % 3 != 1 }
        let rows = shape.count < 2 ? 1 : shape[shape.count - 2]
        let columns = shape.last ?? 1
        func whole<Element>(_ values: [Element]) -> [Element] {
            (0..<35).map { pair in
                values[(rows == 1 ? 0 : pair / 7) * columns + (columns == 1 ? 0 : pair % 7)]
            }
        }
        let task = RetrievalTask(temperature: 0.8)
        let part = try task(
            queryEmbeddings: queries, candidateEmbeddings: candidates,
            options: RetrievalCallOptions<Int>(
                candidateSamplingProbability: values, candidateSamplingProbabilityShape: shape,
                scoreMask: mask, scoreMaskShape: shape))
        let full = try task(
            queryEmbeddings: queries, candidateEmbeddings: candidates,
            options: RetrievalCallOptions<Int>(
                candidateSamplingProbability: whole(values), scoreMask: whole(mask)))
        for (a, b) in zip(part.exampleLosses, full.exampleLosses) { #expect(abs(a - b) < 1e-4) }
        for (a, b) in zip(part.queryGradient.values, full.queryGradient.values) {
            #expect(abs(a - b) < 1e-5)
        }
        // Where no shape is given, [C] and a single value are known by their count.
        guard [[], [1], [7]].contains(shape) else { return }
        let told = try task(
            queryEmbeddings: queries, candidateEmbeddings: candidates,
            options: RetrievalCallOptions<Int>(
                candidateSamplingProbability: values, scoreMask: mask))
        #expect(told.exampleLosses == part.exampleLosses)
    }

    @Test("Pairs have a correction each: log-softmax by hand")
    func correctionOfPairs() throws {
        let queries = Matrix(rows: 2, columns: 1, values: [1, 2])
        let candidates = Matrix(rows: 2, columns: 1, values: [1, -1])
        let probabilities: [Float] = [0.5, 0.1, 0.2, 0.9]
        let output = try RetrievalTask()(
            queryEmbeddings: queries, candidateEmbeddings: candidates,
            options: RetrievalCallOptions<Int>(candidateSamplingProbability: probabilities))
        for row in 0..<2 {
            let scores = (0..<2).map { column in
                Double(queries.values[row] * candidates.values[column])
                    - Double.log(Double(probabilities[row * 2 + column]))
            }
            let expected = Double.log(scores.reduce(0) { $0 + Double.exp($1) }) - scores[row]
            #expect(abs(Double(output.exampleLosses[row]) - expected) < 1e-5)
        }
    }

    @Test("Shapes that do not broadcast", arguments: [[5], [7, 5], [2, 7], [5, 7, 1], [6]])
    func shapesThatDoNot(shape: [Int]) throws {
        let count = shape.reduce(1, *)
        #expect(throws: RetrievalError.self) {
            try RetrievalTask()(
                queryEmbeddings: matrix(5, 3, seed: 1), candidateEmbeddings: matrix(7, 3, seed: 2),
                options: RetrievalCallOptions<Int>(
                    candidateSamplingProbability: [Float](repeating: 0.5, count: count),
                    candidateSamplingProbabilityShape: shape))
        }
    }
}

extension Double {
    fileprivate static func log(_ x: Double) -> Double { Foundation.log(x) }
    fileprivate static func exp(_ x: Double) -> Double { Foundation.exp(x) }
}
