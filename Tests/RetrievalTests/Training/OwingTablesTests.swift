import Retrieval
import RetrievalTesting
import Testing

/// Towers see the rows of a table as they would be if each took every step at once, and so does
/// everybody else.
@Suite struct OwingTablesTests {
    private static let rows = 150
    private static let batch = 6
    private static let steps = 90

    private static let examples: Examples = {
        var random = RandomStream(seed: 4, stream: "examples")
        func keys() -> [Int32] {
            (0..<steps * batch).map { _ in
                let unit = random.uniform()
                return Int32(unit * unit * Double(rows))
            }
        }
        return Examples(queryKeys: keys(), candidateKeys: keys())
    }()

    /// Means of some rows of a table, to find single rows of it.
    private static func trainer(
        owing: Bool, threads: Int, accumulationSteps: Int
    ) -> Trainer {
        var random = RandomStream(seed: 4, stream: "owing tables")
        var parameters = Parameters()
        let table = parameters.add("table", random.matrix(rows, 20, scale: 0.3), .table())
        var lists = IndexLists(valueOfKey: (0..<Int32(rows)).map { $0 })
        for _ in 0..<rows {
            lists.append((0..<random.below(5)).map { _ in Int32(random.below(rows)) })
        }
        let model = TwoTowerModel(
            queryTower: FeatureTower(
                features: [
                    EmbeddingBag(lists: lists, table: table, dimension: 20, combiner: .mean)
                ], layers: []),
            candidateTower: FeatureTower(
                features: [
                    IDEmbedding(
                        indices: (0..<Int32(rows)).map { $0 }, table: table, dimension: 20)
                ], layers: []),
            parameters: parameters)
        var trainer = Trainer(
            model: model, task: RetrievalTask(), optimizer: Adam(learningRate: 0.01),
            keyCounts: KeyCounts(queries: rows, candidates: rows),
            accumulationSteps: accumulationSteps, lanes: Lanes(threads: threads))
        trainer.deferIdleSteps(from: owing ? 0 : .max)
        return trainer
    }

    private static func step(_ index: Int) -> Range<Int> { index * batch..<(index + 1) * batch }

    @Test(arguments: [1, 3], [1, 2]) func everyReaderSeesThemSettled(
        threads: Int, accumulationSteps: Int
    ) {
        var sweeping = Self.trainer(
            owing: false, threads: 1, accumulationSteps: accumulationSteps)
        var owing = Self.trainer(
            owing: true, threads: threads, accumulationSteps: accumulationSteps)
        var (a, b) = (sweeping.task.makeMetricState(), sweeping.task.makeMetricState())
        for step in 0..<Self.steps {
            let range = Self.step(step)
            let expected = sweeping.step(Self.examples, range, metrics: &a)
            #expect(owing.step(Self.examples, range, metrics: &b).loss == expected.loss, "\(step)")
            guard step % 13 == 5 else { continue }
            #expect(owing.model.parameters.matrices == sweeping.model.parameters.matrices)
            #expect(NamedArrays(of: owing, as: "") == NamedArrays(of: sweeping, as: ""))
            let next = Self.step((step + 1) % Self.steps)
            #expect(
                owing.evaluateLoss(Self.examples, next, metrics: &b).loss
                    == sweeping.evaluateLoss(Self.examples, next, metrics: &a).loss)
        }
    }

    /// A copy goes its own way, and parameters that are put back are not moved by what was owed.
    @Test func copiesAndEarlierParametersAreTheirOwn() {
        var trainers = [false, true].map {
            Self.trainer(owing: $0, threads: 1, accumulationSteps: 1)
        }
        let found = trainers.indices.map { index -> [[Matrix]] in
            var metrics = trainers[index].task.makeMetricState()
            func steps(_ trainer: inout Trainer, _ range: Range<Int>) {
                for step in range {
                    trainer.step(Self.examples, Self.step(step), metrics: &metrics)
                }
            }
            steps(&trainers[index], 0..<10)
            let early = trainers[index].model.parameters
            var copy = trainers[index]
            steps(&trainers[index], 10..<20)
            steps(&copy, 40..<75)
            trainers[index].restore(early)
            let restored = trainers[index].model.parameters.matrices
            steps(&trainers[index], 20..<30)
            return [
                early.matrices, copy.model.parameters.matrices, restored,
                trainers[index].model.parameters.matrices,
            ]
        }
        #expect(found[0] == found[1])
        #expect(found[0][0] == found[0][2])
    }

    /// A tower that reads a whole table while rows are looked up sees it settled.
    private struct WholeTable: FeatureEncoder {
        let table: ParameterID
        var outputDimension: Int { 20 }

        func encode(
            _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
        ) -> Encoding {
            let whole = parameters[table]
            let rows = keys.flatMap { whole.row(Int($0)) }
            return Encoding(embeddings: Matrix(rows: keys.count, columns: 20, values: rows)) {
                gradient, gradients in
                gradients.add(.sparse(indices: keys, rows: gradient), to: table)
            }
        }
    }

    @Test func whoReadsTheWholeSeesItSettled() {
        let losses = [false, true].map { owing -> [Double] in
            var trainer = Self.trainer(owing: false, threads: 1, accumulationSteps: 1)
            var model = trainer.model
            model.queryTower = FeatureTower(
                features: [WholeTable(table: model.parameters.ids[0])], layers: [])
            trainer = Trainer(
                model: model, task: RetrievalTask(), optimizer: Adam(learningRate: 0.01),
                keyCounts: KeyCounts(queries: Self.rows, candidates: Self.rows))
            trainer.deferIdleSteps(from: owing ? 0 : .max)
            var metrics = trainer.task.makeMetricState()
            return (0..<40).map {
                trainer.step(Self.examples, Self.step($0), metrics: &metrics).loss
            }
        }
        #expect(losses[0] == losses[1])
    }
}
