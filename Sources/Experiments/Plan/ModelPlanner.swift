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
    /// The interactions that are held out.
    let evaluated: [Int32]
    /// Where files that a component names are found.
    let environment: DataEnvironment
    /// Bytes that the parameters may take.
    let memoryLimit: Int

    /// The model, the parts that it was built of, and what a reader of the results ought to know
    /// of how it was built.
    func model() throws -> (model: TwoTowerModel, parts: [ModelPart], notes: [String]) {
        var builder = ModelBuilder(seed: spec.randomSeed, environment: environment)
        builder.memoryLimit = memoryLimit
        let query = try tower(spec.towers.query, path: "query", queries, &builder)
        let candidate = try tower(spec.towers.candidate, path: "candidate", candidates, &builder)
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
        let contrastive = loss as? any ContrastiveLoss
        var logTemperature: ParameterID?
        if let contrastive, contrastive.learnsTemperature {
            logTemperature = builder.addParameter(
                "loss/log_temperature", LogTemperature.initial(contrastive.temperature))
        }
        let model = TwoTowerModel(
            queryTower: query, candidateTower: candidate, parameters: builder.parameters,
            normalizesEmbeddings: contrastive != nil, logTemperature: logTemperature)
        return (model, builder.parts, builder.notes)
    }

    private func tower(
        _ section: TowerSection, path: String, _ space: EntitySpace,
        _ builder: inout ModelBuilder
    ) throws -> FeatureTower {
        let features = try self.features(section, path: path, space, &builder)
        let parts = LayerInput(parts: features.map(\.outputDimension))
        do {
            let definitions = try section.layers.map { try catalog.chosen(.layer, $0) }
            let layers = try builder.stack(definitions, parts, path: path)
            return FeatureTower(features: features, layers: layers.layers)
        } catch let error as LayerError {
            throw spec.error(at: "towers.\(path)" + error.place, error.description)
        }
    }

    /// The encoders of a tower's features, one where their outputs are summed.
    private func features(
        _ section: TowerSection, path: String, _ space: EntitySpace,
        _ builder: inout ModelBuilder
    ) throws -> [any FeatureEncoder] {
        let inputs = FeatureInputs(
            space: space, candidates: candidates, training: training, evaluated: evaluated)
        var encoders: [any FeatureEncoder] = []
        var names: [String: Int] = [:]
        for (index, choice) in section.features.enumerated() {
            let place = "towers.\(path).features[\(index)]"
            let feature = try catalog.make(.feature, choice)
            let input = try spec.pointing(at: place + ".column") { try inputs.input(of: feature) }
            // What several features read names the first of them; the others are numbered.
            names[feature.name, default: 0] += 1
            let number = names[feature.name] ?? 1
            let name = number == 1 ? feature.name : "\(feature.name)_\(number)"
            do {
                encoders.append(
                    try spec.pointing(at: place, wrongColumn: place + ".column") {
                        let path = "\(path)/\(name)"
                        return try builder.recording(choice.name, at: path) {
                            try feature.prepare(input, path: path, &$0)
                        }
                    })
            } catch let error as LayerError {
                throw spec.error(at: place + error.place, error.description)
            }
        }
        guard section.combine == .sum else { return encoders }
        let widths = encoders.map(\.outputDimension)
        guard Set(widths).count == 1 else {
            throw spec.error(
                at: "towers.\(path).combine",
                "'combine: sum' requires features of one length; found "
                    + widths.map(String.init).joined(separator: ", "))
        }
        return [SummedEncoder(parts: encoders)]
    }
}

/// What the features of a tower see of the data.
private struct FeatureInputs {
    let space: EntitySpace
    let candidates: EntitySpace
    let training: [Int32]
    let trainingKeys: [Int32]
    let evaluationKeys: [Int32]

    init(
        space: EntitySpace, candidates: EntitySpace, training: [Int32], evaluated: [Int32]
    ) {
        self.space = space
        self.candidates = candidates
        self.training = training
        trainingKeys = training.map { space.keyOfInteraction[Int($0)] }
        evaluationKeys = evaluated.map { space.keyOfInteraction[Int($0)] }
    }

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
