import Retrieval

/// What the command line or a caller says about a run beside the spec.
public struct RunOptions: Sendable {
    /// Threads that may run at once.
    public var threads: Int
    /// Where data may come from.
    public var environment: DataEnvironment

    public init(threads: Int = 1, environment: DataEnvironment = .process) {
        self.threads = threads
        self.environment = environment
    }
}

/// Turns a spec into a plan: reads the data, splits it, makes the components.
public struct Planner: Sendable {
    public let catalog: Catalog
    public let options: RunOptions

    public init(catalog: Catalog, options: RunOptions) {
        self.catalog = catalog
        self.options = options
    }

    /// - Throws: `SpecError` where data and spec do not fit, `DataError` where there is no data.
    public func plan(
        _ spec: ExperimentSpec, progress: (DataProgress) -> Void = { _ in }
    ) throws -> ExperimentPlan {
        let dataset = try load(spec, progress: progress)
        let interactions = dataset.interactions
        let seed = UInt64(spec.seed)
        let split = try pointing(at: "data.split", in: spec) {
            try catalog.splits.make(spec.data.split).split(
                interactions, seed: seed, in: options.environment)
        }
        let queries = try pointing(at: "data.query", in: spec) {
            try EntitySpace(
                id: spec.data.query, interactions: interactions, sideTable: dataset.queries)
        }
        let candidates = try pointing(at: "data.candidate", in: spec) {
            try EntitySpace(
                id: spec.data.candidate, interactions: interactions,
                sideTable: dataset.candidates)
        }

        var builder = ModelBuilder(catalog: catalog, seed: seed)
        let queryTower = try tower(
            spec.towers.query, path: "query", queries, interactions, split.train, spec, &builder)
        let candidateTower = try tower(
            spec.towers.candidate, path: "candidate", candidates, interactions, split.train, spec,
            &builder)
        try checkDimensions(queryTower, candidateTower, spec)

        let task = try task(spec)
        func examples(_ rows: [Int32]) -> Examples {
            Examples(
                queryKeys: queries.keyOfInteraction, candidateKeys: candidates.keyOfInteraction
            ).selecting(rows)
        }
        return ExperimentPlan(
            spec: spec, origin: dataset.origin,
            fingerprint: dataset.fingerprint(of: split),
            counts: DataCounts(
                interactions: interactions.rowCount, queries: queries.count,
                candidates: candidates.count, train: split.train.count, test: split.test.count),
            model: TwoTowerModel(
                queryTower: queryTower, candidateTower: candidateTower,
                parameters: builder.parameters),
            task: task, optimizer: try catalog.optimizers.make(spec.train.optimizer),
            train: examples(split.train), test: examples(split.test),
            corpus: (0..<Int32(candidates.count)).map { $0 }, queryKeyCount: queries.count,
            candidateKeyCount: candidates.count,
            warnings: SpecWarnings.of(spec, task, corpusCount: candidates.count))
    }

    /// Data that cannot be had are no mistake of the spec; data that cannot exist are.
    private func load(
        _ spec: ExperimentSpec, progress: (DataProgress) -> Void
    ) throws -> Dataset {
        let source = try catalog.dataSources.make(spec.data.source)
        do throws(DataError) {
            return try source.load(in: options.environment, progress: progress)
        } catch {
            guard case .impossible(let reason) = error else { throw error }
            throw spec.error(at: "data", reason)
        }
    }

    private func task(_ spec: ExperimentSpec) throws -> RetrievalTask {
        RetrievalTask(
            loss: try catalog.losses.make(spec.loss),
            metrics: try spec.metrics.factorized.map(catalog.factorizedMetrics.make),
            temperature: spec.task.temperature.map { Float($0) },
            numHardNegatives: spec.task.numHardNegatives,
            removeAccidentalHits: spec.task.removeAccidentalHits)
    }

    private func tower(
        _ section: TowerSection, path: String, _ space: EntitySpace, _ interactions: Table,
        _ training: [Int32], _ spec: ExperimentSpec, _ builder: inout ModelBuilder
    ) throws -> FeatureTower {
        var features: [any FeatureEncoder] = []
        for (index, choice) in section.features.enumerated() {
            let feature = try catalog.features.make(choice)
            try pointing(at: "towers.\(path).features[\(index)].column", in: spec) {
                let input = try space.input(
                    column: feature.column, interactions: interactions, training: training)
                features.append(
                    try feature.prepare(input, path: "\(path)/\(feature.column)", &builder))
            }
        }
        var layers: [any Layer] = []
        var dimension = features.reduce(0) { $0 + $1.outputDimension }
        for (index, choice) in section.layers.enumerated() {
            let layer = try catalog.layers.make(choice).prepare(
                inputDimension: dimension, path: "\(path)/\(choice.name)_\(index)", &builder)
            dimension = layer.outputDimension
            layers.append(layer)
        }
        return FeatureTower(features: features, layers: layers)
    }

    private func checkDimensions(
        _ query: FeatureTower, _ candidate: FeatureTower, _ spec: ExperimentSpec
    ) throws {
        guard query.outputDimension != candidate.outputDimension else { return }
        let message = """
            the towers require embeddings of one length; found \(query.outputDimension) from the \
            query tower and \(candidate.outputDimension) from the candidate tower
            """
        throw spec.error(at: "towers", message)
    }

    /// Turns an error in the data that a part of the spec asked for into one that points at it.
    private func pointing<Result>(
        at path: String, in spec: ExperimentSpec, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as DataError {
            throw spec.error(at: path, error.description)
        }
    }
}

extension ExperimentSpec {
    /// A spec error that points at the value at `path`.
    func error(at path: String, _ message: String) -> any Error {
        marks.diagnostic(at: path, message).map { SpecError([$0]) } ?? SpecError([])
    }
}
