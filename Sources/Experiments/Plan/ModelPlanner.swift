import Retrieval

/// Builds the model that a spec declares over the data's key spaces.
struct ModelPlanner {
    let catalog: Catalog
    let spec: ExperimentSpec
    let loss: any Loss
    let queries: EntitySpace
    let candidates: EntitySpace
    /// The interactions that train.
    let training: [Int32]
    /// The same as the towers know them.
    let train: Examples
    /// The parts that are held out.
    let evaluated: [Examples]
    /// Where files that a component names are found.
    let environment: DataEnvironment
    /// Bytes that the parameters may take.
    let memoryLimit: Int
    /// The processes that share its tables.
    let ranks: Int
    /// What an earlier run left of the same model, which is then built of it; nil: the model is new.
    var built: BuiltParts?

    /// The model, and what its builder has to tell of it.
    func model() throws -> (model: TwoTowerModel, builder: ModelBuilder) {
        var builder =
            built.map { ModelBuilder(again: $0, environment: environment) }
            ?? ModelBuilder(seed: spec.randomSeed, environment: environment)
        builder.memoryLimit = memoryLimit
        builder.ranks = ranks
        let assembly = TowerAssembly(catalog: catalog, spec: spec)
        let query = try assembly.tower(
            spec.towers.query, path: "query", inputs(queries, \.queryKeys), &builder)
        let candidate = try assembly.tower(
            spec.towers.candidate, path: "candidate", inputs(candidates, \.candidateKeys),
            &builder)
        guard candidate.heads == 1 else {
            throw spec.error(
                at: "towers.candidate.layers",
                "only queries may have several embeddings; found \(candidate.heads) of each "
                    + "candidate")
        }
        guard query.outputDimension == candidate.outputDimension else {
            throw spec.error(
                at: "towers",
                """
                the towers require embeddings of one length; found \(query.outputDimension) from \
                the query tower and \(candidate.outputDimension) from the candidate tower
                """)
        }
        let model = assembly.model(query: query, candidate: candidate, loss, &builder)
        if let misfit = builder.misfit { throw DataError.impossible(misfit) }
        return (model, builder)
    }

    /// - Parameter keys: those of the tower.
    private func inputs(
        _ space: EntitySpace, _ keys: (Examples) -> [Int32]
    ) -> TowerAssembly.Inputs {
        let inputs = FeatureInputs(
            space: space, candidates: candidates, training: training, trainingKeys: keys(train),
            evaluationKeys: evaluated.flatMap(keys))
        return { feature throws(DataError) in try inputs.input(of: feature) }
    }
}

/// What the features of a tower see of the data.
private struct FeatureInputs {
    let space: EntitySpace
    let candidates: EntitySpace
    let training: [Int32]
    let trainingKeys: [Int32]
    let evaluationKeys: [Int32]

    func input(of feature: any FeatureDefinition) throws(DataError) -> FeatureInput {
        guard let request = feature.history else {
            return FeatureInput(
                values: try space.column(feature.column), trainingKeys: trainingKeys,
                evaluationKeys: evaluationKeys, isListed: space.isListed(feature.column),
                standIns: space.table.standIns[feature.column] ?? [])
        }
        let past = space.history(request, of: [feature.column] + feature.columnsBeside)
        let steps = past?.steps ?? HistorySteps(candidates)
        let stepKeys = training.map { steps.keyOfInteraction[Int($0)] }
        func input(_ column: String) throws(DataError) -> FeatureInput {
            FeatureInput(
                values: try steps.column(column, candidates), trainingKeys: stepKeys,
                isListed: !steps.isOfInteractions(column) && candidates.isListed(column))
        }
        var own = try input(feature.column)
        var beside: [FeatureInput] = []
        for column in feature.columnsBeside { beside.append(try input(column)) }
        own.history = past.map {
            HistoryInput(lists: $0.lists, evaluationKeys: evaluationKeys, beside: beside)
        }
        return own
    }
}
