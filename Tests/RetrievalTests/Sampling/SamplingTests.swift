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

    /// Two candidates in every second step, one in the others: shares of 1/3 and 2/3.
    @Test func streamingEstimateFindsTheFrequency() {
        var estimate = StreamingFrequency(candidateKeyCount: 2, learningRate: 0.1, initialGap: 10)
        for step in 1...400 { estimate.observe(step.isMultiple(of: 2) ? [0, 1] : [1]) }
        #expect(abs(estimate.probability(of: 0) - 1 / 3) < 0.01)
        #expect(abs(estimate.probability(of: 1) - 2 / 3) < 0.03)
    }

    /// A catalogue of 50, one candidate of which is asked for 40 times as often as another, in
    /// batches far below its size, at it and far above: the estimate is each candidate's share,
    /// where the gap in steps alone would be 1 for all of the largest.
    @Test(arguments: [1, 10, 50, 200, 2000])
    func streamingEstimateConverges(batch: Int) {
        let count = 50
        let weights = (0..<count).map { 40 / Float(1 + $0) }
        let total = weights.reduce(0, +)
        var estimate = StreamingFrequency(
            candidateKeyCount: count, learningRate: 0.02, initialGap: Float(count))
        var stream = RandomStream(seed: 3, stream: "streaming estimate")
        var means = [Float](repeating: 0, count: count)
        let steps = max(3000, 400_000 / batch)
        for step in 0..<steps {
            estimate.observe(
                (0..<batch).map { _ in
                    var rest = stream.uniformFloat(in: 0..<total)
                    return Int32(
                        weights.firstIndex { weight in
                            rest -= weight
                            return rest < 0
                        } ?? count - 1)
                })
            guard step >= steps / 2 else { continue }
            for key in 0..<count { means[key] += estimate.probability(of: Int32(key)) }
        }
        for key in 0..<count {
            let mean = means[key] / Float(steps - steps / 2)
            #expect(abs(mean * total / weights[key] - 1) < 0.12, "\(key) in batches of \(batch)")
        }
    }

    /// Drawn one after the other without those before: however many of how few, in whichever way.
    @Test(arguments: [1, 3, 5, 8, 9, 10, 1000])
    func sampledNegativesAreDistinctAndAllowed(count: Int) {
        let weights = (0..<12).map { $0 == 5 ? 0 : Double($0 % 3 + 1) }
        let negatives = SampledNegatives(count: count, weights: weights, seed: 7)
        var drawn = [Int](repeating: 0, count: 12)
        for interaction in 0..<3000 {
            let places = negatives.draw(interaction: interaction, forbidden: [2, 5])
            #expect(places.count == min(count, 10) && Set(places).count == places.count)
            #expect(!places.contains(2) && !places.contains(5))
            for place in places { drawn[Int(place)] += 1 }
        }
        guard count == 1 || count == 3 || count == 5 else { return }
        // Of one draw the weights' shares; of several the order of the weights.
        let mean = { (weight: Double) -> Double in
            let places = weights.indices.filter { weights[$0] == weight && $0 != 2 && $0 != 5 }
            return places.reduce(0.0) { $0 + Double(drawn[$1]) } / Double(places.count) / 3000
        }
        #expect(mean(1) < mean(2) && mean(2) < mean(3))
        if count == 1 {
            let sum = weights.enumerated().reduce(0) { $0 + ($1.0 == 2 ? 0 : $1.1) }
            for weight in [1.0, 2, 3] { #expect(abs(mean(weight) - weight / sum) < 0.01) }
        }
    }

    /// Rejection and the order of all that are left draw alike: the chance of each candidate to be
    /// among 3 of 12 by the one, and of 3 of 11, where the other begins.
    @Test func bothWaysOfDrawingAgree() {
        func shares(_ padding: Int) -> [Double] {
            // Candidates that are never drawn for they are forbidden decide which way is taken.
            let weights = [4.0, 3, 2, 1] + [Double](repeating: 1, count: 6 + padding)
            let forbidden = Set((10..<(10 + padding)).map { Int32($0) })
            let negatives = SampledNegatives(count: 3, weights: weights, seed: 11)
            var counts = [Double](repeating: 0, count: 10)
            for interaction in 0..<20_000 {
                for place in negatives.draw(interaction: interaction, forbidden: forbidden) {
                    counts[Int(place)] += 1 / 20_000
                }
            }
            return counts
        }
        // 3 > 10 / 4: in an order of all. The exact chance of the first, by enumeration of draws.
        let ordered = shares(0)
        let weights = [4.0, 3, 2, 1, 1, 1, 1, 1, 1, 1]
        var exact = 0.0
        let total = weights.reduce(0, +)
        for first in 0..<10 {
            let chance = weights[first] / total
            if first == 0 {
                exact += chance
                continue
            }
            for second in 0..<10 where second != first {
                let next = chance * weights[second] / (total - weights[first])
                if second == 0 {
                    exact += next
                    continue
                }
                exact += next * weights[0] / (total - weights[first] - weights[second])
            }
        }
        #expect(abs(ordered[0] - exact) < 0.015)
        #expect(abs(ordered.reduce(0, +) - 3) < 1e-6)
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
