/// The tower a spec declares: features side by side, then a list of layers.
public struct FeatureTower: Tower {
    /// The inputs, whose embeddings are concatenated or added up.
    public let features: [any FeatureEncoder]
    /// What their vector passes through.
    public let layers: LayerStack

    /// - Precondition: there is at least one feature.
    public init(features: [any FeatureEncoder], layers: [any Layer]) {
        precondition(!features.isEmpty, "a tower needs a feature")
        self.features = features
        self.layers = LayerStack(
            layers, inputDimension: features.reduce(0) { $0 + $1.outputDimension })
    }

    public var outputDimension: Int { layers.outputDimension }

    public var heads: Int { layers.heads }

    public var requiresDistinctRows: Bool {
        features.contains { $0.requiresDistinctRows } || layers.requiresDistinctRows
    }

    public var encodesOnce: Bool { features.contains { $0.encodesOnce } }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool {
        features.allSatisfy(\.spreads) && layers.spreads(rows: rows, parameters)
    }

    public func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let encodings = features.map { $0.encode(keys, parameters, context) }
        let output = layers.apply(
            .concatenatingColumns(encodings.map(\.embeddings), context.lanes), parameters, context)
        let widths = features.map(\.outputDimension)
        return Encoding(embeddings: output.outputs) { gradient, gradients in
            let parts = output.pullback(gradient, &gradients)
                .splittingColumns(widths, context.lanes)
            for (encoding, part) in zip(encodings, parts) { encoding.pullback(part, &gradients) }
        }
    }
}
