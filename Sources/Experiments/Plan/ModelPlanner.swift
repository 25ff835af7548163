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

    func model() throws -> TwoTowerModel {
        var builder = ModelBuilder(catalog: catalog, seed: UInt64(spec.seed))
        let query = try tower(spec.towers.query, path: "query", queries, &builder)
        let candidate = try tower(spec.towers.candidate, path: "candidate", candidates, &builder)
        guard candidate.heads == 1 else {
            throw spec.error(
                at: "towers.candidate.layers",
                "only queries may have several embeddings; found \(candidate.heads) of each candidate")
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
        return TwoTowerModel(
            queryTower: query, candidateTower: candidate, parameters: builder.parameters,
            normalizesEmbeddings: contrastive != nil, logTemperature: logTemperature)
    }

    private func tower(
        _ section: TowerSection, path: String, _ space: EntitySpace,
        _ builder: inout ModelBuilder
    ) throws -> FeatureTower {
        var features: [any FeatureEncoder] = []
        for (index, choice) in section.features.enumerated() {
            let feature = try catalog.features.make(choice)
            try spec.pointing(at: "towers.\(path).features[\(index)].column") {
                let input = try space.input(
                    column: feature.column, training: training, evaluated: evaluated)
                features.append(
                    try feature.prepare(input, path: "\(path)/\(feature.column)", &builder))
            }
        }
        let parts = LayerInput(parts: features.map(\.outputDimension))
        do {
            let layers = try builder.stack(section.layers, parts, path: path)
            return FeatureTower(features: features, layers: layers.layers)
        } catch let error as LayerError {
            throw spec.error(at: "towers.\(path)" + error.place, error.description)
        }
    }
}
