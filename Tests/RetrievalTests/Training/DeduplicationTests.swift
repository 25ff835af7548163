import Retrieval
import RetrievalTesting
import Testing

/// Scoring equal queries and candidates once gives what scoring every copy gives, whatever the
/// loss, the task's options and the metrics.
struct DeduplicationTests {
    /// Metrics that know of counted columns, under options that do.
    private static let metrics: [any BatchMetric] = [
        TopKCategoricalAccuracy(k: 3), AUC(numThresholds: 20), BinaryAccuracy(),
        CategoricalCrossentropyMetric(labelSmoothing: 0.1), MeanSquaredErrorMetric(),
        Precision(thresholds: [0, 0.5]), Recall(), BatchMeanReciprocalRank(), BatchNDCG(k: 4),
        MeanPositiveScore(), MeanNegativeScore(), ScoreMargin(),
    ]

    private struct Setting {
        var model: TwoTowerModel
        var examples: Examples
        var keyCounts: KeyCounts
        var task: RetrievalTask
        var options: BatchOptions

        init(
            _ switches: TaskSwitches, loss: any Loss, scale: Double = 1.5,
            _ random: inout RandomStream
        ) {
            let counts = KeyCounts(
                queries: 2 + random.below(5), candidates: 2 + random.below(8))
            keyCounts = counts
            let dimension = 1 + random.below(5)
            var parameters = Parameters()
            func tower(_ name: String, _ keys: Int) -> FeatureTower {
                var values = random.matrix(keys, dimension, scale: scale)
                if switches.contains(.ties) {
                    values.values = values.values.map { $0.rounded() }
                }
                let table = parameters.add(name, values)
                return FeatureTower(
                    features: [
                        IDEmbedding(
                            indices: (0..<Int32(keys)).map { $0 }, table: table,
                            dimension: dimension)
                    ], layers: [])
            }
            let (queryTower, candidateTower) = (
                tower("query", counts.queries), tower("candidate", counts.candidates)
            )
            model = TwoTowerModel(
                queryTower: queryTower, candidateTower: candidateTower, parameters: parameters)
            let count = 8 + random.below(20)
            examples = Examples(
                queryKeys: (0..<count).map { _ in Int32(random.below(counts.queries)) },
                candidateKeys: (0..<count).map { _ in Int32(random.below(counts.candidates)) },
                weights: switches.contains(.weights)
                    ? (0..<count).map { _ in Float(random.below(4)) / 2 } : nil)
            task = RetrievalTask(
                loss: loss,
                batchMetrics: switches.contains(.batchMetrics) ? DeduplicationTests.metrics : [],
                temperature: switches.contains(.temperature) ? 0.5 : nil,
                numHardNegatives: switches.contains(.mining) ? 1 + random.below(count) : nil,
                removeAccidentalHits: switches.contains(.accidentalHits))
            options = BatchOptions(
                samplingProbability: switches.contains(.correction)
                    ? .fromTrainingFrequency(examples, candidateKeyCount: counts.candidates) : nil,
                extraNegatives: switches.contains(.extraNegatives)
                    ? ExtraNegatives(
                        count: 1 + random.below(9), distribution: .uniform,
                        corpus: (0..<Int32(counts.candidates)).map { $0 }, training: examples,
                        candidateKeyCount: counts.candidates, seed: random.next())
                    : nil,
                seenItems: switches.contains(.mask)
                    ? SeenItems(
                        examples.selecting((0..<Int32(count / 2)).map { $0 }),
                        queryEntityCount: counts.queries) : nil)
        }

        /// One step on all examples.
        func step(_ deduplication: Deduplication) -> (
            Trainer, Trainer.StepResult, RetrievalMetricState
        ) {
            var options = options
            options.deduplication = deduplication
            // An accumulator this large leaves the step nearly proportional to the gradient.
            var trainer = Trainer(
                model: model, task: task,
                optimizer: Adagrad(learningRate: 1, initialAccumulatorValue: 1),
                keyCounts: keyCounts, options: options)
            var metrics = task.makeMetricState()
            let result = trainer.step(examples, 0..<examples.count, metrics: &metrics)
            return (trainer, result, metrics)
        }
    }

    private func isNear(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
        a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * max(1, abs(b))
    }

    @Test(arguments: LossCase.all.filter { $0.domain == .reals })
    func learnsTheSame(test: LossCase) {
        var random = RandomStream(seed: 1, stream: "deduplication \(test.name)")
        var fewer = 0
        for _ in 0..<60 {
            let switches = TaskSwitches(
                rawValue: random.below(TaskSwitches.withTiesAndMetrics.count))
            let setting = Setting(switches, loss: test.loss, &random)
            let (auto, a, autoMetrics) = setting.step(.auto)
            let (off, b, offMetrics) = setting.step(.off)
            let comment = Comment(rawValue: "switches \(switches.rawValue)")
            #expect(b.computedScores == b.denseScores && a.denseScores == b.denseScores, comment)
            if a.scoredColumns < b.scoredColumns { fewer += 1 }
            #expect(a.scoredRows <= setting.keyCounts.queries, comment)
            #expect(
                a.scoredColumns
                    <= setting.keyCounts.candidates
                    * (switches.contains(.extraNegatives) ? 2 : 1), comment)
            #expect(isNear(a.loss, b.loss, 1e-4), comment)
            #expect(isNear(a.exampleLossSum, b.exampleLossSum, 1e-4), comment)
            for (x, y) in zip(auto.model.parameters.matrices, off.model.parameters.matrices) {
                // Squares of −3.4e36 overflow; such a gradient is nothing but rounding errors.
                guard b.loss.isFinite else { continue }
                for (x, y) in zip(x.values, y.values) {
                    #expect(isNear(Double(x), Double(y), 2e-4), comment)
                }
            }
            for (x, y) in zip(autoMetrics.measured, offMetrics.measured) {
                #expect(x.name == y.name)
                #expect(isNear(x.value, y.value, 1e-4), "\(x.name), switches \(switches.rawValue)")
            }
        }
        #expect(fewer > 40)
    }

    /// Where what a mask hides outscores all else by more than an exponential holds, rows are not
    /// shared.
    @Test func learnsTheSameWhereScoresLieFarApart() {
        var random = RandomStream(seed: 3, stream: "deduplication")
        var highest = 0.0
        for _ in 0..<60 {
            let setting = Setting(
                [.mask], loss: CategoricalCrossentropy(), scale: 9, &random)
            let (auto, a, _) = setting.step(.auto)
            let (off, b, _) = setting.step(.off)
            highest = max(highest, b.loss)
            #expect(isNear(a.loss, b.loss, 1e-4))
            for (x, y) in zip(auto.model.parameters.matrices, off.model.parameters.matrices) {
                for (x, y) in zip(x.values, y.values) {
                    #expect(isNear(Double(x), Double(y), 2e-4))
                }
            }
        }
        #expect(highest > 1000)
    }

    /// Where a metric tells the copies of a candidate apart, every copy is scored.
    @Test func metricsThatNeedEveryCopyGetIt() {
        var random = RandomStream(seed: 2, stream: "deduplication")
        for metric in [CategoricalAccuracy(), Precision(topK: 2)] as [any BatchMetric] {
            for switches in [
                TaskSwitches.ties, [.ties, .accidentalHits], [.ties, .mask, .mining],
            ] {
                var setting = Setting(switches, loss: CategoricalCrossentropy(), &random)
                setting.task.batchMetrics = [metric]
                let (_, a, autoMetrics) = setting.step(.auto)
                let (_, b, offMetrics) = setting.step(.off)
                #expect(a.scoredColumns == b.scoredColumns && a.scoredRows < b.scoredRows)
                #expect(autoMetrics.measured.map(\.value) == offMetrics.measured.map(\.value))
            }
        }
    }
}

extension TaskSwitches {
    /// Small whole numbers for parameters, so that different candidates score the same.
    fileprivate static let ties = TaskSwitches(rawValue: 128)
    fileprivate static let batchMetrics = TaskSwitches(rawValue: 256)
    fileprivate static let withTiesAndMetrics = 0..<512
}
