import Retrieval
import RetrievalTesting
import Testing

/// The engine against the formulas, over random shapes and combinations of options.
struct ScoringPassTests {
    /// A problem as the engine and as the reference know it.
    private struct Case {
        var problem: InBatchProblem
        var task: RetrievalTask
        var reference: DenseReference

        var summary: String {
            var words: [String] = []
            if task.temperature != nil { words.append("temperature") }
            if problem.columnBias != nil { words.append("bias") }
            if problem.counts != nil { words.append("counts") }
            if task.removeAccidentalHits { words.append("hits") }
            if problem.mask != nil { words.append("mask") }
            if let n = task.numHardNegatives { words.append("\(n) hard negatives") }
            if reference.labelSmoothing > 0 { words.append("smoothing") }
            if reference.positives.contains(-1) { words.append("missing positives") }
            return words.joined(separator: ", ")
        }
    }

    /// - Parameter rows: the number of rows; nil for a few.
    /// - Parameter columns: the number of columns; nil: a few.
    /// - Parameter tie: whether embeddings are of small whole numbers, so that scores are equal.
    private func makeCase(
        _ random: inout RandomStream, rows: Int? = nil, columns: Int? = nil, tie: Bool = false
    ) -> Case {
        let rows = rows ?? 1 + random.below(9)
        let columns = columns ?? 1 + random.below(12)
        let dimension = 1 + random.below(7)
        func matrix(_ rows: Int) -> Matrix {
            guard tie else { return random.matrix(rows, dimension) }
            let values = (0..<rows * dimension).map { _ in Float(random.below(3)) - 1 }
            return Matrix(rows: rows, columns: dimension, values: values)
        }
        let queries = matrix(rows)
        let candidates = matrix(columns)

        // Either every row serves one example, or rows are shared at random.
        let isShared = random.chance(0.5)
        let exampleCount = isShared ? rows + random.below(rows + 4) : rows
        let rowOf = (0..<exampleCount).map { isShared ? random.below(rows) : $0 }
        // Which of equal candidates came first only the batch tells, which columns here are not of.
        let isCounted = random.chance(0.4) && !tie
        let removesHits = random.chance(0.4)
        let positives = (0..<exampleCount).map { _ in
            random.chance(0.1) ? -1 : random.below(columns)
        }
        let weights =
            random.chance(0.5) ? (0..<exampleCount).map { _ in Float(random.below(5)) / 2 } : nil

        var problem = InBatchProblem(
            queries: queries, candidates: candidates,
            examples: RowExamples(
                rowOf: rowOf.map(Int32.init), rows: rows, positives: positives.map(Int32.init),
                weights: weights))
        var reference = DenseReference(
            queries: queries.doubles, candidates: candidates.doubles, rowOf: rowOf,
            positives: positives,
            weights: weights?.map(Double.init) ?? rowOf.map { _ in 1 },
            counts: [Int](repeating: 1, count: columns))
        var task = RetrievalTask()

        if random.chance(0.5) {
            task.temperature = [0.25, 0.5, 2][random.below(3)]
            reference.temperature = Double(task.temperature ?? 1)
        }
        if random.chance(0.5), !tie {
            let bias = (0..<columns).map { _ in Float(random.uniform() * 3) }
            problem.columnBias = bias
            reference.bias = bias.map(Double.init)
        }
        if isCounted {
            reference.counts = (0..<columns).map { _ in 1 + random.below(3) }
            problem.counts = reference.counts.map(Float.init)
        }
        var isPushedDown = false
        if removesHits {
            // Columns that are counted are distinct candidates.
            let ids = (0..<columns).map { isCounted ? Int32($0) : Int32(random.below(4)) }
            problem.columnIDs = ColumnIDs(codes: ids)
            task.removeAccidentalHits = true
            reference.ids = ids
            isPushedDown = true
        }
        if random.chance(0.4) {
            let allowed = rowOf.map { _ in (0..<columns).map { _ in random.chance(0.7) } }
            reference.allowed = allowed
            problem.mask = .dense(allowed: allowed.flatMap { $0 }, columns: columns)
            isPushedDown = true
        }
        if random.chance(0.4) {
            // Of equal scores the earlier column stays; that of a column's copies stands first.
            problem.copies = Groups(
                groupOf: (0..<columns).flatMap { column in
                    [Int32](repeating: Int32(column), count: reference.counts[column])
                }, count: columns)
            task.numHardNegatives = 1 + random.below(columns + 1)
            reference.numHardNegatives = task.numHardNegatives
        }
        var loss = CategoricalCrossentropy()
        if random.chance(0.4), !isPushedDown {
            loss.labelSmoothing = 0.25
            reference.labelSmoothing = 0.25
        }
        if random.chance(0.3) {
            loss.reduction = .sumOverBatchSize
            reference.isMean = true
        }
        task.loss = loss
        return Case(problem: problem, task: task, reference: reference)
    }

    private func check(_ test: Case, _ name: String) throws {
        let comment = Comment(rawValue: "\(name): \(test.summary)")
        let expected = test.reference.evaluate()
        let found = test.task.evaluate(test.problem, gradients: true, lanes: Lanes(threads: 1))
        for (a, b) in zip(found.exampleLosses, expected.losses) {
            #expect(abs(Double(a) - b) <= 2e-5 * max(1, abs(b)), comment)
        }
        #expect(abs(found.loss - expected.loss) <= 2e-5 * max(1, abs(expected.loss)), comment)
        let gradients = try #require(found.gradients)
        #expect(deviation(gradients.queries, expected.queryGradient) < 2e-5, comment)
        #expect(deviation(gradients.candidates, expected.candidateGradient) < 2e-5, comment)

        let lossOnly = test.task.evaluate(
            test.problem, gradients: false, lanes: Lanes(threads: 1))
        #expect(lossOnly.gradients == nil)
        #expect(lossOnly.loss == found.loss, comment)
    }

    @Test func agreesWithTheFormulas() throws {
        var random = RandomStream(seed: 1, stream: "scoring")
        for round in 0..<400 {
            try check(makeCase(&random), "round \(round)")
        }
    }

    /// More rows than a tile and more than a lane holds.
    @Test func agreesOverSeveralTiles() throws {
        var random = RandomStream(seed: 2, stream: "scoring")
        for rows in [47, 48, 49, 96, 385, 400, 500] {
            try check(makeCase(&random, rows: rows), "\(rows) rows")
        }
    }

    /// Of rows that are wide enough, the hardest columns are found once for all their examples.
    @Test(arguments: [false, true]) func minesOfManyColumns(tie: Bool) throws {
        var random = RandomStream(seed: 6, stream: "scoring")
        for (round, columns) in [127, 128, 129, 130, 200, 300, 301, 500].enumerated() {
            for number in [1, 2, 10, 47, 48, 100, columns - 1, columns] {
                var test = makeCase(&random, rows: 5, columns: columns, tie: tie)
                test.problem.mask = nil
                test.reference.allowed = nil
                if round % 2 == 0 {
                    test.problem.columnIDs = nil
                    test.reference.ids = nil
                    test.task.removeAccidentalHits = false
                }
                test.problem.copies = Groups(
                    groupOf: (0..<columns).flatMap { column in
                        [Int32](repeating: Int32(column), count: test.reference.counts[column])
                    }, count: columns)
                test.task.numHardNegatives = number
                test.reference.numHardNegatives = number
                try check(test, "\(number) of \(columns), ties: \(tie)")
            }
        }
    }

    /// The reference's own gradient, against differences of its potential.
    @Test func theReferenceIsDifferentiatedRightly() {
        var random = RandomStream(seed: 3, stream: "scoring")
        let step = 1e-5
        for round in 0..<60 {
            let reference = makeCase(&random).reference
            let result = reference.evaluate()
            // An example with nothing but scores of −3.4e36: no difference would show.
            if abs(result.potential) > 1e30 { continue }
            func slope(_ change: (inout DenseReference, Double) -> Void) -> Double {
                var (up, down) = (reference, reference)
                change(&up, step)
                change(&down, -step)
                return (up.evaluate().potential - down.evaluate().potential) / (2 * step)
            }
            for row in reference.queries.indices {
                for d in reference.queries[row].indices {
                    let found = slope { $0.queries[row][d] += $1 }
                    #expect(abs(found - result.queryGradient[row][d]) < 1e-5, "round \(round)")
                }
            }
            for row in reference.candidates.indices {
                for d in reference.candidates[row].indices {
                    let found = slope { $0.candidates[row][d] += $1 }
                    #expect(abs(found - result.candidateGradient[row][d]) < 1e-5, "round \(round)")
                }
            }
        }
    }

    /// Not a bit depends on how many threads run.
    @Test func threadsDoNotShow() throws {
        var random = RandomStream(seed: 4, stream: "scoring")
        for _ in 0..<20 {
            let test = makeCase(&random, rows: 1 + random.below(120))
            let results = [1, 2, 3, 8].map {
                test.task.evaluate(test.problem, gradients: true, lanes: Lanes(threads: $0))
            }
            for result in results {
                #expect(result.exampleLosses == results[0].exampleLosses)
                #expect(result.loss == results[0].loss)
                #expect(result.gradients?.queries == results[0].gradients?.queries)
                #expect(result.gradients?.candidates == results[0].gradients?.candidates)
            }
        }
    }

    /// Scores of hundreds: the softmax may neither overflow nor lose its tail.
    @Test func largeScores() throws {
        var random = RandomStream(seed: 5, stream: "scoring")
        let queries = random.matrix(6, 4, scale: 20)
        let candidates = random.matrix(6, 4, scale: 20)
        let problem = InBatchProblem(
            queries: queries, candidates: candidates,
            examples: RowExamples(diagonal: 6, columns: 6, weights: nil))
        let expected = DenseReference(
            queries: queries.doubles, candidates: candidates.doubles, rowOf: Array(0..<6),
            positives: Array(0..<6), weights: [Double](repeating: 1, count: 6),
            counts: [Int](repeating: 1, count: 6)
        ).evaluate()
        let found = RetrievalTask().evaluate(problem, gradients: true, lanes: Lanes(threads: 1))
        #expect(abs(found.loss - expected.loss) <= 1e-5 * abs(expected.loss))
        let gradients = try #require(found.gradients)
        #expect(deviation(gradients.queries, expected.queryGradient) < 1e-4)
    }
}
