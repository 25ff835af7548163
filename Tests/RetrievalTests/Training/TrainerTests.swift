import Retrieval
import RetrievalTesting
import Testing

/// Scoring equal queries and candidates once must not change what is learned.
struct TrainerTests {
    private struct Setting {
        var model: TwoTowerModel
        var examples: Examples
        var keyCounts: KeyCounts
    }

    /// Few keys and many examples, some keys with a table row in common.
    private func setting(_ random: inout RandomStream, weighted: Bool) -> Setting {
        let (queryKeys, candidateKeys) = (2 + random.below(6), 2 + random.below(8))
        let dimension = 1 + random.below(6)
        var parameters = Parameters()
        func tower(_ name: String, _ keys: Int) -> FeatureTower {
            let rows = max(1, keys - 1)
            let table = parameters.add(name, random.matrix(rows, dimension))
            return FeatureTower(
                features: [
                    IDEmbedding(
                        indices: (0..<keys).map { Int32($0 % rows) }, table: table,
                        dimension: dimension)
                ], layers: [])
        }
        let queryTower = tower("query", queryKeys)
        let candidateTower = tower("candidate", candidateKeys)
        let count = 12 + random.below(30)
        return Setting(
            model: TwoTowerModel(
                queryTower: queryTower, candidateTower: candidateTower, parameters: parameters),
            examples: Examples(
                queryKeys: (0..<count).map { _ in Int32(random.below(queryKeys)) },
                candidateKeys: (0..<count).map { _ in Int32(random.below(candidateKeys)) },
                weights: weighted ? (0..<count).map { _ in Float(random.below(4)) } : nil),
            keyCounts: KeyCounts(queries: queryKeys, candidates: candidateKeys))
    }

    private static let tasks: [RetrievalTask] = [
        RetrievalTask(),
        RetrievalTask(temperature: 0.5),
        RetrievalTask(removeAccidentalHits: true),
        RetrievalTask(temperature: 0.5, removeAccidentalHits: true),
        RetrievalTask(numHardNegatives: 3),
        RetrievalTask(numHardNegatives: 3, removeAccidentalHits: true),
        RetrievalTask(loss: CategoricalCrossentropy(labelSmoothing: 0.2)),
        RetrievalTask(
            loss: CategoricalCrossentropy(labelSmoothing: 0.2, reduction: .sumOverBatchSize)),
    ]

    @Test(arguments: tasks.indices, [false, true])
    func deduplicationLearnsTheSame(task: Int, weighted: Bool) {
        var random = RandomStream(seed: 1, stream: "trainer", index: task)
        for _ in 0..<10 {
            let setting = setting(&random, weighted: weighted)
            func train(_ deduplication: Deduplication) -> (Trainer, [Trainer.StepResult]) {
                var trainer = Trainer(
                    model: setting.model, task: Self.tasks[task],
                    optimizer: Adagrad(learningRate: 0.1),
                    keyCounts: setting.keyCounts,
                    options: BatchOptions(deduplication: deduplication))
                var metrics = trainer.task.makeMetricState()
                let count = setting.examples.count
                let results = [0..<(count / 2), (count / 2)..<count, 0..<count].map {
                    trainer.step(setting.examples, $0, metrics: &metrics)
                }
                return (trainer, results)
            }
            let (auto, autoSteps) = train(.auto)
            let (off, offSteps) = train(.off)
            for (a, b) in zip(autoSteps, offSteps) {
                #expect(abs(a.loss - b.loss) <= 1e-4 * max(1, abs(b.loss)))
                #expect(
                    abs(a.exampleLossSum - b.exampleLossSum) <= 1e-4 * max(1, abs(b.exampleLossSum))
                )
                #expect(a.examples == b.examples)
                #expect(b.scoredRows == b.examples && b.scoredColumns == b.examples)
                #expect(a.scoredRows <= setting.keyCounts.queries)
            }
            #expect(autoSteps.last?.scoredColumns ?? 0 <= setting.keyCounts.candidates)
            for (a, b) in zip(auto.model.parameters.matrices, off.model.parameters.matrices) {
                #expect(deviation(a, b.doubles) < 1e-4)
            }
        }
    }

    @Test func evaluatingTakesNoStep() {
        var random = RandomStream(seed: 2, stream: "trainer")
        let setting = setting(&random, weighted: false)
        var trainer = Trainer(
            model: setting.model, task: RetrievalTask(), optimizer: Adagrad(learningRate: 0.1),
            keyCounts: setting.keyCounts)
        let range = 0..<setting.examples.count
        var metrics = trainer.task.makeMetricState()
        let before = trainer.evaluateLoss(setting.examples, range, metrics: &metrics)
        #expect(trainer.model.parameters.matrices == setting.model.parameters.matrices)
        let step = trainer.step(setting.examples, range, metrics: &metrics)
        #expect(step.loss == before.loss)
        #expect(trainer.model.parameters.matrices != setting.model.parameters.matrices)
        let after = trainer.evaluateLoss(setting.examples, range, metrics: &metrics)
        #expect(after.loss < before.loss)
    }
}
