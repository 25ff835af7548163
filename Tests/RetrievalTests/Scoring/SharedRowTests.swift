import Dispatch
import Retrieval
import RetrievalTesting
import Synchronization
import Testing

/// Rows whose examples share what they can, against rows by themselves: every loss, what a task does
/// to scores before it, and columns that stand for several.
struct SharedRowTests {
    /// A loss as a user writes one: row by row, and nothing else.
    private struct RowByRow: Loss {
        let loss: any Loss
        var rows: RowsAtOnce?
        var reduction: Reduction { loss.reduction }
        var supportsCounts: Bool { loss.supportsCounts }

        func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
            guard let rows else { return loss.evaluate(&logits, labels: labels) }
            rows.begin()
            defer { rows.end() }
            return loss.evaluate(&logits, labels: labels)
        }
    }

    private enum Mask: CaseIterable {
        case none, seen, dense
    }

    private func problem(
        _ random: inout RandomStream, columns: Int, mask: Mask, tie: Bool, dimension: Int = 4
    ) -> InBatchProblem {
        let rows = 6
        func matrix(_ rows: Int) -> Matrix {
            guard tie else { return random.matrix(rows, dimension) }
            let values = (0..<rows * dimension).map { _ in Float(random.below(3)) - 1 }
            return Matrix(rows: rows, columns: dimension, values: values)
        }
        let rowOf = (0..<40).map { _ in Int32(random.below(rows)) }
        let positives = rowOf.map { _ in
            random.chance(0.05) ? -1 : Int32(random.below(columns))
        }
        var problem = InBatchProblem(
            queries: matrix(rows), candidates: matrix(columns),
            examples: RowExamples(
                rowOf: rowOf, rows: rows, positives: positives,
                weights: rowOf.map { _ in Float(random.below(5)) / 2 }))
        // Each candidate as often as it is a positive, and once more.
        let keys = positives.map { max(0, $0) } + (0..<Int32(columns))
        problem.copies = Groups(groupOf: keys, count: columns)
        problem.counts = (0..<Int32(columns)).map { column in
            Float(keys.count { $0 == column })
        }
        switch mask {
        case .none: break
        case .dense:
            problem.mask = .dense(
                allowed: (0..<rowOf.count * columns).map { _ in random.chance(0.7) },
                columns: columns)
        case .seen:
            let examples = Examples(
                queryKeys: rowOf, candidateKeys: Array(keys.prefix(rowOf.count)))
            problem.mask = .seen(
                SeenColumns(
                    SeenItems(examples, queryEntityCount: rows), queries: rowOf,
                    columnKeys: (0..<columns).map { Int32($0) }, candidateKeyCount: columns))
        }
        return problem
    }

    private func expectSame(
        _ problem: InBatchProblem, _ task: RetrievalTask, _ comment: Comment
    ) throws {
        var plain = task
        plain.loss = RowByRow(loss: task.loss)
        plain.temperature = (task.loss as? any ContrastiveLoss)?.temperature
        let found = task.evaluate(problem, gradients: true, lanes: Lanes(threads: 2))
        let expected = plain.evaluate(problem, gradients: true, lanes: Lanes(threads: 1))
        func expectClose(_ a: [Float], _ b: [Float]) {
            let largest = b.filter(\.isFinite).map(\.magnitude).max() ?? 0
            #expect(
                zip(a, b).allSatisfy {
                    $0 == $1 || $0.isNaN && $1.isNaN || abs($0 - $1) <= 2e-5 * max(1, largest)
                }, comment)
        }
        // Losses of what is hidden may be huge: each by itself.
        for (a, b) in zip(found.exampleLosses, expected.exampleLosses) { expectClose([a], [b]) }
        let (a, b) = (try #require(found.gradients), try #require(expected.gradients))
        expectClose(a.queries.values, b.queries.values)
        expectClose(a.candidates.values, b.candidates.values)
    }

    @Test(arguments: Catalog.builtIn.names(of: .loss))
    func everyLossUnderEveryMask(_ name: String) throws {
        var random = RandomStream(seed: 21, stream: name)
        let loss = try Catalog.builtIn.make(.loss, ComponentChoice(name: name))
        for mask in Mask.allCases {
            for removesHits in [false, true] {
                var problem = problem(&random, columns: 40, mask: mask, tie: false)
                problem.columnIDs = .distinct
                let task = RetrievalTask(loss: loss, removeAccidentalHits: removesHits)
                try expectSame(problem, task, "\(name), mask \(mask), hits \(removesHits)")
            }
        }
    }

    @Test(arguments: Catalog.builtIn.names(of: .loss))
    func everyLossOfTheHardestNegatives(_ name: String) throws {
        var random = RandomStream(seed: 22, stream: name)
        let loss = try Catalog.builtIn.make(.loss, ComponentChoice(name: name))
        for mask in Mask.allCases {
            for (columns, tie) in [(30, false), (30, true), (200, false), (200, true)] {
                for number in [1, 5, 29] {
                    let problem = problem(&random, columns: columns, mask: mask, tie: tie)
                    let task = RetrievalTask(loss: loss, numHardNegatives: number)
                    try expectSame(
                        problem, task, "\(name), mask \(mask), \(number) of \(columns), \(tie)")
                }
            }
        }
    }

    /// Losses over pairs want columns that count alike side by side, and give them back in order.
    @Test(arguments: Catalog.builtIn.names(of: .loss))
    func everyLossOfManyColumnsThatCount(_ name: String) throws {
        var random = RandomStream(seed: 23, stream: name)
        let loss = try Catalog.builtIn.make(.loss, ComponentChoice(name: name))
        for columns in [64, 65, 100, 200, 333] {
            var problem = problem(&random, columns: columns, mask: .none, tie: false)
            for counts in [problem.counts, nil] {
                problem.counts = counts
                problem.columnBias = (0..<columns).map { _ in random.uniformFloat(in: 0..<1) }
                try expectSame(problem, RetrievalTask(loss: loss), "\(name), \(columns) columns")
            }
        }
    }

    /// A user's own loss has the same bits on any number of threads, and runs on all of them.
    @Test func aLossOfAUsersOwnRunsOnAllLanes() {
        var random = RandomStream(seed: 24, stream: "own")
        let problem = problem(&random, columns: 64, mask: .none, tie: false)
        let rows = RowsAtOnce()
        let task = RetrievalTask(loss: RowByRow(loss: CategoricalCrossentropy(), rows: rows))
        let results = [1, 2, 3].map {
            task.evaluate(problem, gradients: true, lanes: Lanes(threads: $0))
        }
        for result in results {
            #expect(result.exampleLosses == results[0].exampleLosses)
            #expect(result.gradients?.queries == results[0].gradients?.queries)
            #expect(result.gradients?.candidates == results[0].gradients?.candidates)
        }
        #expect(rows.counts.withLock { $0.all } == 3 * problem.examples.count)
        // Other tests may have all the threads for a while.
        for _ in 0..<50 where rows.counts.withLock({ $0.mostAtOnce }) < 2 {
            _ = task.evaluate(problem, gradients: true, lanes: Lanes(threads: 2))
        }
        #expect(rows.counts.withLock { $0.mostAtOnce } >= 2)
    }
}

/// How many rows a loss evaluates at the same time; each takes a while.
private final class RowsAtOnce: Sendable {
    struct Counts {
        var all = 0
        var now = 0
        var mostAtOnce = 0
    }

    let counts = Mutex(Counts())

    func begin() {
        counts.withLock {
            $0.all += 1
            $0.now += 1
            $0.mostAtOnce = max($0.mostAtOnce, $0.now)
        }
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .microseconds(200))
    }

    func end() {
        counts.withLock { $0.now -= 1 }
    }
}
