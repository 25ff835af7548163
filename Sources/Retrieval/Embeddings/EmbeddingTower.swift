extension ModelBuilder {
    /// A tower of one table: an embedding for each of its keys, and layers over it.
    ///
    /// - Parameters:
    ///   - path: what its parameters are called by: `path/embeddings`, `path/NAME_INDEX/…`.
    ///   - keys: how many keys there are, from 0.
    ///   - dimension: the length of an embedding.
    ///   - layers: as ``Catalog/chosen(_:_:)`` makes them, first to last.
    /// - Throws: ``DataError/impossible(_:)`` for a table that no machine would hold, what a layer
    ///   throws.
    public mutating func embeddingTower(
        _ path: String, keys: Int, dimension: Int,
        initializer: any Initializer = RandomUniform(),
        layers: [Chosen<any LayerDefinition>] = []
    ) throws -> FeatureTower {
        let table = try addParameter(
            path + "/embeddings", rows: keys, columns: dimension, initializer: initializer,
            .table())
        return FeatureTower(
            features: [
                IDEmbedding(
                    indices: (0..<Int32(keys)).map { $0 }, table: table, dimension: dimension)
            ], layers: try stack(layers, LayerInput(dimension: dimension), path: path).layers)
    }
}
