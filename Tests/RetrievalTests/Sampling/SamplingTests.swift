import Retrieval
import Testing

/// Corrections, extra negatives, masks and the learned temperature, through the trainer.
@Suite struct SamplingTests {
    private static let keyCounts = KeyCounts(queries: 3, candidates: 4)
    private static let examples = Examples(
        queryKeys: [0, 1, 2, 0, 1], candidateKeys: [0, 1, 1, 2, 0])

    private func model(normalized: Bool = false, temperature: Float? = nil) -> TwoTowerModel {
        var stream = RandomStream(seed: 3, stream: "sampling")
        var parameters = Parameters()
        func tower(_ name: String, _ rows: Int) -> FeatureTower {
            let values = (0..<rows * 3).map { _ in stream.uniformFloat(in: -1..<1) }
            let table = parameters.add(name, Matrix(rows: rows, columns: 3, values: values))
            return FeatureTower(
                features: [
                    IDEmbedding(
                        indices: Array(0..<Int32(rows)), table: table, dimension: 3)
                ], layers: [])
        }
        let (query, candidate) = (tower("query", 3), tower("candidate", 4))
        let id = temperature.map { parameters.add("temperature", LogTemperature.initial($0)) }
        return TwoTowerModel(
            queryTower: query, candidateTower: candidate, parameters: parameters,
            normalizesEmbeddings: normalized, logTemperature: id)
    }

    private func loss(
        _ options: BatchOptions, _ model: TwoTowerModel, _ task: RetrievalTask = RetrievalTask()
    ) -> Double {
        let trainer = Trainer(
            model: model, task: task, optimizer: Adagrad(), keyCounts: Self.keyCounts,
            options: options)
        var metrics = task.makeMetricState()
        return trainer.evaluateLoss(Self.examples, 0..<5, metrics: &metrics).loss
    }

    @Test func trainingFrequencyIsTheShareOfEachCandidate() {
        let probability = SamplingProbability.fromTrainingFrequency(
            Self.examples, candidateKeyCount: 4)
        guard case .fixed(let values) = probability else {
            Issue.record("not fixed")
            return
        }
        #expect(values == [0.4, 0.4, 0.2, 0])
    }

    /// A probability that is the same for all adds the same to every score.
    @Test func uniformCorrectionChangesNoSoftmax() {
        let plain = loss(BatchOptions(), model())
        let corrected = loss(
            BatchOptions(samplingProbability: .uniform(candidateKeyCount: 4)), model())
        #expect(abs(plain - corrected) < 1e-5)
        let frequency = loss(
            BatchOptions(
                samplingProbability: .fromTrainingFrequency(Self.examples, candidateKeyCount: 4)),
            model())
        #expect(abs(plain - frequency) > 1e-3)
    }

    /// A candidate seen every second step is likely to be in half of the batches.
    @Test func streamingEstimateFindsTheFrequency() {
        var estimate = StreamingFrequency(candidateKeyCount: 2, learningRate: 0.1, initialGap: 10)
        for step in 1...400 { estimate.observe(step.isMultiple(of: 2) ? [0, 1] : [1]) }
        #expect(abs(estimate.probability(of: 0) - 0.5) < 0.01)
        #expect(abs(estimate.probability(of: 1) - 1) < 0.01)
    }

    @Test func deduplicationChangesNoCorrectedLoss() {
        for removes in [false, true] {
            let task = RetrievalTask(temperature: 0.5, removeAccidentalHits: removes)
            let losses = [Deduplication.auto, .off].map {
                loss(
                    BatchOptions(
                        deduplication: $0,
                        samplingProbability: .fromTrainingFrequency(
                            Self.examples, candidateKeyCount: 4),
                        seenItems: SeenItems(Self.examples, queryEntityCount: 3)), model(), task)
            }
            #expect(abs(losses[0] - losses[1]) < 1e-5)
        }
    }

    /// Query 0 has candidates 0 and 2 in training, query 1 has 1 and 0, query 2 only 1.
    @Test func seenItemsAreHiddenFromTheNegatives() {
        let seen = SeenItems(Self.examples, queryEntityCount: 3)
        #expect(Array(seen.candidates(of: 0)) == [0, 2])
        #expect(Array(seen.candidates(of: 2)) == [1])
        let masked = loss(BatchOptions(seenItems: seen), model())
        #expect(masked < loss(BatchOptions(), model()))
    }

    @Test func extraNegativesAreDrawnByTheirDistribution() {
        func negatives(_ distribution: ExtraNegatives.Distribution) -> ExtraNegatives {
            ExtraNegatives(
                count: 50, distribution: distribution, corpus: [0, 1, 2, 3],
                training: Self.examples, candidateKeyCount: 4, seed: 1)
        }
        #expect(negatives(.uniform).probabilities == [0.25, 0.25, 0.25, 0.25])
        #expect(negatives(.popularity).probabilities == [0.4, 0.4, 0.2, 0])
        let options = BatchOptions(extraNegatives: negatives(.popularity))
        var trainer = Trainer(
            model: model(), task: RetrievalTask(), optimizer: Adagrad(), keyCounts: Self.keyCounts,
            options: options)
        var metrics = trainer.task.makeMetricState()
        // 5 candidates of the batch and 50 drawn ones stand in the columns of a training step.
        let step = trainer.step(Self.examples, 0..<5, metrics: &metrics)
        #expect(step.denseScores == 5 * 55)
        #expect(step.loss > loss(BatchOptions(), model()))
    }

    /// ∂loss/∂log τ of the trainer, read off a step of plain gradient descent, against differences.
    @Test func theLearnedTemperatureFollowsItsGradient() {
        let task = RetrievalTask(loss: InfoNCE(temperature: 0.5, learnsTemperature: true))
        var trainer = Trainer(
            model: model(normalized: true, temperature: 0.5), task: task,
            optimizer: SGD(learningRate: 1e-3), keyCounts: Self.keyCounts)
        var metrics = task.makeMetricState()
        let before = trainer.model.learnedTemperature ?? 0
        _ = trainer.step(Self.examples, 0..<5, metrics: &metrics)
        let after = trainer.model.learnedTemperature ?? 0
        let gradient = Double((before / after - 1) / 1e-3)

        let step: Float = 1.01
        let up = loss(BatchOptions(), model(normalized: true, temperature: 0.5 * step), task)
        let down = loss(BatchOptions(), model(normalized: true, temperature: 0.5 / step), task)
        let difference = (up - down) / (2 * 0.00995033)
        #expect(abs(gradient - difference) < 0.02 * max(1, abs(difference)))
    }
}
