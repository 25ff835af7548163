/// Builds the graph of a tower.
public struct ONNXTowerBuilder {
    let parameters: Parameters
    let learned: Learned
    /// Whether a column holds lists.
    let isList: (String) -> Bool
    var graph = ONNXGraph()
    /// What stands for the inputs that ONNX cannot compute, for each of the tower's keys: a list of
    /// numbers, by the input's name.
    public internal(set) var tables: [(name: String, rows: [[Float]])] = []
    /// The feature whose part of the graph is made.
    var current: (any FeatureEncoder)?
    let keyCount: Int

    /// What ONNX cannot say and whoever runs the graph has to do, a sentence each.
    public internal(set) var notes: [String] = []

    /// - Parameters:
    ///   - learned: what the features have learned.
    ///   - keyCount: of the tower: ``tables`` have so many rows.
    ///   - isList: whether a column holds lists of tokens.
    public init(
        parameters: Parameters, learned: Learned, keyCount: Int,
        isList: @escaping (String) -> Bool
    ) {
        self.keyCount = keyCount
        self.parameters = parameters
        self.learned = learned
        self.isList = isList
    }

    static let batch = ONNXGraph.Dimension.named("batch")
    static let length = ONNXGraph.Dimension.named("length")

    /// The graph of a tower.
    ///
    /// - Parameters:
    ///   - features: each with its path; ``FeatureTower/features`` has their encoders.
    ///   - normalizes: whether embeddings are divided by their length.
    public mutating func makeGraph(
        of tower: FeatureTower, features: [(path: String, feature: any FeatureDefinition)],
        normalizes: Bool
    ) throws(ONNXError) -> ONNXGraph {
        let summed = tower.features.first as? SummedEncoder
        let encoders = summed?.parts ?? tower.features
        var parts: [ONNXGraph.Value] = []
        for ((path, feature), encoder) in zip(features, encoders) {
            current = encoder
            parts.append(try add(feature, encoder, path))
        }
        var value = parts[0]
        if summed != nil {
            for part in parts.dropFirst() { value = graph.node("Add", [value, part]) }
        } else if parts.count > 1 {
            value = graph.node("Concat", parts, [("axis", .integer(-1))])
        }
        value = try tower.layers.add(to: &graph, value, parameters)
        if normalizes { value = graph.unitRows(value, epsilon: UnitRows.epsilon) }
        var shape: [ONNXGraph.Dimension] = [Self.batch, .fixed(tower.outputDimension)]
        if tower.heads > 1 {
            shape.insert(.fixed(tower.heads), at: 1)
            value = graph.node(
                "Reshape",
                [value, graph.constant([-1, tower.heads, tower.outputDimension])])
        }
        graph.output(value, as: "embedding", shape, "scored by its dot product")
        return graph
    }

    private mutating func add(
        _ feature: any FeatureDefinition, _ encoder: any FeatureEncoder, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        switch feature {
        case let feature as StringLookup:
            let isList = feature.separator != nil || self.isList(feature.column)
            if feature.separator != nil {
                notes.append("'\(feature.column)' is an input of tokens, split already")
            }
            let lookup = try lookup(path, of: UTF8Token.self)
            let indices = indices(
                of: lookup, isList: isList, input: feature.column, path
            ) { $0.text }
            return try categorical(
                feature.output, indices, isList: isList, depth: lookup.depth,
                weights: lookup.idfWeights, path)
        case let feature as IntegerLookup:
            let lookup = try lookup(path, of: Int64.self)
            let indices = integerIndices(of: lookup, input: feature.column, path)
            return try categorical(
                feature.output, indices, isList: false, depth: lookup.depth,
                weights: lookup.idfWeights, path)
        case let feature as Hashing:
            let isList = feature.separator != nil || self.isList(feature.column)
            let indices = indexInput(
                path, isList: isList, "the bucket of '\(feature.column)'", "hash functions")
            return try categorical(
                feature.output, indices, isList: isList, depth: feature.numBins, weights: [], path)
        case let feature as UnifiedEmbedding:
            return try unified(feature, encoder, path)
        case let feature as TextVectorization:
            let lookup = try lookup(path, of: UTF8Token.self)
            let indices = indexInput(
                path, isList: true, "the vocabulary's indices of the tokens of '\(feature.column)'",
                "the splitting of texts")
            return try categorical(
                feature.output, indices, isList: true, depth: lookup.depth,
                weights: lookup.idfWeights, path)
        case let feature as Discretization:
            return try discretized(feature, path)
        case let feature as Normalization:
            guard let learned = learned[path] as? Standardizer else { throw unknown(path) }
            let deviation = max(learned.variance[0].squareRoot(), 1e-7)
            let centred = graph.node(
                "Sub", [number(feature.column), graph.constant(learned.mean[0])])
            return column(graph.node("Div", [centred, graph.constant(deviation)]))
        case let feature as Numeric:
            return column(number(feature.column))
        case let feature as TimestampPart:
            return try timestamp(feature, path)
        case let feature as History:
            return try history(feature, encoder, path)
        default:
            throw ONNXError(
                "a feature of type \(type(of: feature)) has no translation into ONNX")
        }
    }

    func unknown(_ path: String) -> ONNXError {
        ONNXError("what '\(path)' has learned is not there")
    }

    func lookup<Token: LookupToken>(
        _ path: String, of type: Token.Type
    ) throws(ONNXError) -> IndexLookup<Token> {
        guard let lookup = learned[path] as? IndexLookup<Token> else { throw unknown(path) }
        return lookup
    }
}
