import Retrieval

/// A training of everything that has a state: dropout, moving statistics, accumulated gradients,
/// a streaming estimate, extra negatives and every batch and loss metric.
struct SmallTraining {
    static let queryCount = 7
    static let candidateCount = 9
    static let keyCounts = KeyCounts(queries: queryCount, candidates: candidateCount)
    static let epochs = 3
    static let batchSize = 8

    /// 30 examples: three whole batches and one of six.
    static let examples: Examples = {
        var random = RandomStream(seed: 5, stream: "examples")
        return Examples(
            queryKeys: (0..<30).map { _ in Int32(random.below(queryCount)) },
            candidateKeys: (0..<30).map { _ in Int32(random.below(candidateCount)) },
            weights: (0..<30).map { Float(1 + $0 % 3) })
    }()

    var optimizers: [any Optimizer] = [Adam(learningRate: 0.01)]
    var reshuffle = true
    var accumulationSteps = 3
    var dimension = 4
    /// Whether there is a penalty on the tables, without which ranks may share them.
    var isRegularized = true
    /// From which size on rows of tables owe steps; nil: only where tables are large.
    var owingSize: Int?
    var loss: any Loss = CategoricalCrossentropy(reduction: .sumOverBatchSize)

    func model() throws -> TwoTowerModel {
        let catalog = Catalog.builtIn
        var builder = ModelBuilder(seed: 3)
        func tower(_ path: String, _ keys: Int) throws -> FeatureTower {
            let table = try builder.addParameter(
                "\(path)/id/embeddings", rows: keys, columns: dimension,
                initializer: RandomUniform(minval: -0.5, maxval: 0.5),
                isRegularized ? ParameterTraits(regularizer: L1L2(l2: 0.001)) : .table())
            let layers = try ["dropout", "batch_normalization", "dense"].map { name in
                var values = FieldValues()
                if name == "dense" { values["units"] = .integer(3) }
                if name == "dropout" { values["rate"] = .number(0.3) }
                return try catalog.chosen(.layer, ComponentChoice(name: name, values: values))
            }
            let stack = try builder.stack(layers, LayerInput(dimension: dimension), path: path)
            return FeatureTower(
                features: [
                    IDEmbedding(
                        indices: (0..<keys).map(Int32.init), table: table, dimension: dimension)
                ], layers: stack.layers)
        }
        let query = try tower("query", Self.queryCount)
        let candidate = try tower("candidate", Self.candidateCount)
        return TwoTowerModel(
            queryTower: query, candidateTower: candidate, parameters: builder.parameters)
    }

    func trainer(
        threads: Int = 1, ranks: any Communicator = SingleProcess()
    ) throws -> Trainer {
        let catalog = Catalog.builtIn
        let model = try model()
        var assignment = OptimizerAssignment(optimizers[0])
        for optimizer in optimizers.dropFirst() {
            try assignment.add(
                OptimizerAssignment.Rule(match: "*/embeddings", optimizer: optimizer),
                for: model.parameters)
        }
        var trainer = Trainer(
            model: model,
            task: RetrievalTask(
                loss: loss,
                metrics: [FactorizedTopK(ks: [1, 3])],
                batchMetrics: try catalog.names(of: .batchMetric).filter { !$0.contains("top") }
                    .map { try catalog.make(.batchMetric, ComponentChoice(name: $0)) },
                lossMetrics: try catalog.names(of: .lossMetric).map {
                    try catalog.make(.lossMetric, ComponentChoice(name: $0))
                }, removeAccidentalHits: true),
            optimizers: assignment.groups(of: model.parameters), keyCounts: Self.keyCounts,
            options: BatchOptions(
                samplingProbability: .streaming(
                    StreamingFrequency(candidateKeyCount: Self.candidateCount, initialGap: 3)),
                extraNegatives: ExtraNegatives(
                    count: 3, distribution: .uniform,
                    corpus: (0..<Self.candidateCount).map(Int32.init), training: Self.examples,
                    candidateKeyCount: Self.candidateCount, seed: 11)),
            accumulationSteps: accumulationSteps, seed: 11, lanes: Lanes(threads: threads),
            ranks: ranks)
        if let owingSize { trainer.deferIdleSteps(from: owingSize) }
        return trainer
    }

    func run(
        threads: Int = 1, ranks: any Communicator = SingleProcess()
    ) throws -> TrainingRun {
        TrainingRun(
            try trainer(threads: threads, ranks: ranks), Self.examples, epochs: Self.epochs,
            batchSize: Self.batchSize, reshuffle: reshuffle, seed: 11)
    }
}

extension TrainingRun {
    /// Everything that the run has told and become, for comparison.
    mutating func finish() -> (events: [String], state: NamedArrays) {
        var events: [String] = []
        while let event = next() { events.append("\(event)") }
        return (events, state)
    }
}
