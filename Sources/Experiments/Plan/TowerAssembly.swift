import Retrieval

/// Builds the towers that a spec declares, of whatever their features are given: the columns of the
/// data, or of queries that come later.
struct TowerAssembly {
    let catalog: Catalog
    let spec: ExperimentSpec

    /// What a feature is given.
    typealias Inputs = (any FeatureDefinition) throws(DataError) -> FeatureInput

    /// Both towers with what the loss asks of the model.
    func model(
        query: any Tower, candidate: any Tower, _ loss: any Loss, _ builder: inout ModelBuilder
    ) -> TwoTowerModel {
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

    /// - Parameter path: `query` or `candidate`.
    /// - Throws: `SpecError` where the section does not fit its inputs.
    func tower(
        _ section: TowerSection, path: String, _ inputs: Inputs, _ builder: inout ModelBuilder
    ) throws -> FeatureTower {
        let features = try self.features(section, path: path, inputs, &builder)
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
        _ section: TowerSection, path: String, _ inputs: Inputs, _ builder: inout ModelBuilder
    ) throws -> [any FeatureEncoder] {
        var encoders: [any FeatureEncoder] = []
        var names: [String: Int] = [:]
        for (index, choice) in section.features.enumerated() {
            let place = "towers.\(path).features[\(index)]"
            let feature = try catalog.make(.feature, choice)
            let input = try spec.pointing(at: place + ".column") { try inputs(feature) }
            // What several features read names the first of them; the others are numbered.
            names[feature.name, default: 0] += 1
            let number = names[feature.name] ?? 1
            let name = number == 1 ? feature.name : "\(feature.name)_\(number)"
            do {
                encoders.append(
                    try spec.pointing(
                        at: place, wrongColumn: place + ".column", in: builder.environment
                    ) {
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
