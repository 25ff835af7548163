import Retrieval

extension BenchmarkCase {
    /// Whole training steps, from examples to updated tables: Adagrad on two id embeddings.
    static let trainingSteps: [BenchmarkCase] = [
        // Nothing to deduplicate: mode B of the frameworks' scripts, on distinct ids.
        step("step/distinct", Shape(4096, 4096, 64), keys: .distinct),
        // Users and movies as MovieLens 100K has them.
        step(reference, referenceShape, keys: .repeated),
        step("step/hard_negatives", Shape(4096, 4096, 64), keys: .distinct) {
            $0.task.numHardNegatives = 10
        }.compared(with: "step/distinct"),
        // Dense layers of 64 and 32 over the embeddings.
        step("step/deep", Shape(2048, 2048, 32), keys: .distinct, layers: [64, 32]),
    ]

    static func step(
        _ name: String, _ shape: Shape, keys: StepSetting.Keys, layers: [Int] = [],
        _ change: @escaping @Sendable (inout StepSetting) -> Void = { _ in }
    ) -> BenchmarkCase {
        BenchmarkCase(name, .step, shape) { shape, random, lanes in
            var setting = StepSetting(shape, keys, layers: layers, &random)
            change(&setting)
            let timed = StepRun(setting, lanes)
            let result = timed.step()
            return Work(
                flops: 6 * Double(result.computedScores) * Double(shape.depth),
                items: result.examples, run: { _ = timed.step() }
            ) {
                // The plain version scores every copy.
                var plain = setting
                plain.options.deduplication = .off
                let (ours, theirs) = (StepRun(setting, lanes), StepRun(plain, lanes))
                let (a, b) = (ours.step(), theirs.step())
                return Work.Outcome(
                    found: [Float(a.loss)] + ours.parameters,
                    expected: [b.loss] + theirs.parameters.map(Double.init), tolerance: 1e-3)
            }
        }
    }
}

/// What a step trains on.
package struct StepSetting {
    package enum Keys: Sendable {
        /// Every id of a batch once, from tables of 200,000 and 100,000.
        case distinct
        /// Few ids, some far more often than others.
        case repeated
        /// Every id of two tables once, in batch after batch.
        case inTurn(batches: Int)
    }

    package var model: TwoTowerModel
    package var task = RetrievalTask()
    package var optimizer: any Optimizer = Adagrad(learningRate: 0.1)
    /// From which size on rows of tables owe the steps for which they have no gradient; nil: as in
    /// every training.
    package var owingSize: Int?
    package var options = BatchOptions()
    package var keyCounts: KeyCounts
    /// Several batches.
    package var examples: Examples
    package let batchSize: Int

    /// Batches of examples, but for tables whose ids come in turn.
    package static let batches = 4
    var batchCount: Int { examples.count / batchSize }

    package init(
        model: TwoTowerModel, keyCounts: KeyCounts, examples: Examples, batchSize: Int
    ) {
        (self.model, self.keyCounts) = (model, keyCounts)
        (self.examples, self.batchSize) = (examples, batchSize)
    }

    /// - Parameter layers: the units of the dense layers on both towers, a relu between them.
    package init(
        _ shape: Shape, _ keys: Keys, layers: [Int] = [], _ random: inout RandomStream
    ) {
        batchSize = shape.rows
        let count = Self.batches * shape.rows
        switch keys {
        case .distinct:
            // Tables as large as those of the frameworks' scripts, for batches as large as theirs.
            keyCounts = KeyCounts(
                queries: min(200_000, 48 * shape.rows), candidates: min(100_000, 24 * shape.rows))
            let users = random.permutation(keyCounts.queries).prefix(count)
            let items = random.permutation(keyCounts.candidates).prefix(count)
            examples = Examples(queryKeys: Array(users), candidateKeys: Array(items))
        case .repeated:
            keyCounts = KeyCounts(queries: 943, candidates: 1682)
            // The square of a uniform number: the first tenth of the ids have a third of the rows.
            func draw(_ keys: Int) -> [Int32] {
                (0..<count).map { _ in
                    let unit = random.uniform()
                    return Int32(unit * unit * Double(keys))
                }
            }
            examples = Examples(
                queryKeys: draw(keyCounts.queries), candidateKeys: draw(keyCounts.candidates))
        case .inTurn(let batches):
            let count = batches * shape.rows
            keyCounts = KeyCounts(queries: count, candidates: count)
            examples = Examples(
                queryKeys: random.permutation(count), candidateKeys: random.permutation(count))
        }
        model = Self.model(
            keyCounts, dimension: max(1, shape.depth), layers: layers, &random)
    }

    static func model(
        _ counts: KeyCounts, dimension: Int, layers: [Int] = [], _ random: inout RandomStream
    ) -> TwoTowerModel {
        var parameters = Parameters()
        func add(
            _ name: String, _ rows: Int, _ columns: Int, within bound: Float,
            _ traits: ParameterTraits = ParameterTraits()
        ) -> ParameterID {
            let values = (0..<(rows * columns)).map { _ in
                random.uniformFloat(in: -bound..<bound)
            }
            return parameters.add(
                name, Matrix(rows: rows, columns: columns, values: values), traits)
        }
        func tower(_ name: String, _ keys: Int) -> FeatureTower {
            let embedding = IDEmbedding(
                indices: (0..<Int32(keys)).map { $0 },
                table: add(name, keys, dimension, within: 0.05, .table()), dimension: dimension)
            let depths = [dimension] + layers
            let dense = layers.indices.map { index in
                Dense(
                    kernel: add(
                        "\(name)/kernel_\(index)", depths[index], layers[index], within: 0.3),
                    bias: add("\(name)/bias_\(index)", 1, layers[index], within: 0.3),
                    units: layers[index],
                    activation: Activation(index + 1 < layers.count ? .relu : .linear))
            }
            return FeatureTower(features: [embedding], layers: dense)
        }
        let query = tower("query", counts.queries)
        let candidate = tower("candidate", counts.candidates)
        return TwoTowerModel(
            queryTower: query, candidateTower: candidate, parameters: parameters)
    }
}

/// A trainer that goes through its batches again and again.
package final class StepRun {
    private var trainer: Trainer
    private let examples: Examples
    private let batchSize: Int
    private let batches: Int
    private var metrics: RetrievalMetricState
    private var next = 0

    package init(_ setting: StepSetting, _ lanes: Lanes) {
        (examples, batchSize) = (setting.examples, setting.batchSize)
        batches = setting.batchCount
        metrics = setting.task.makeMetricState()
        trainer = Trainer(
            model: setting.model, task: setting.task, optimizer: setting.optimizer,
            keyCounts: setting.keyCounts, options: setting.options, lanes: lanes)
        if let size = setting.owingSize { trainer.deferIdleSteps(from: size) }
    }

    package func step() -> Trainer.StepResult {
        let start = next * batchSize
        next = (next + 1) % batches
        return trainer.step(examples, start..<(start + batchSize), metrics: &metrics)
    }

    var parameters: [Float] { trainer.model.parameters.matrices.flatMap(\.values) }
}
