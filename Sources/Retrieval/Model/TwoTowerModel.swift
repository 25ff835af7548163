import CKernels

/// A query tower and a candidate tower over shared parameters.
public struct TwoTowerModel: Sendable {
    public var queryTower: any Tower
    public var candidateTower: any Tower
    public var parameters: Parameters
    /// Whether embeddings are divided by their length, as a contrastive loss asks.
    public var normalizesEmbeddings: Bool
    /// The logarithm of the temperature, [1, 1], where the loss learns it.
    public var logTemperature: ParameterID?

    public init(
        queryTower: any Tower, candidateTower: any Tower, parameters: Parameters,
        normalizesEmbeddings: Bool = false, logTemperature: ParameterID? = nil
    ) {
        self.queryTower = queryTower
        self.candidateTower = candidateTower
        self.parameters = parameters
        self.normalizesEmbeddings = normalizesEmbeddings
        self.logTemperature = logTemperature
    }

    /// The embeddings of queries, [keys.count · heads, dimension], ready to be scored.
    public func encodeQueries(_ keys: [Int32], _ context: EncodingContext) -> Encoding {
        normalized(queryTower.encode(keys, parameters, context), context)
    }

    /// The embeddings of candidates, [keys.count, dimension], ready to be scored.
    public func encodeCandidates(_ keys: [Int32], _ context: EncodingContext) -> Encoding {
        normalized(candidateTower.encode(keys, parameters, context), context)
    }

    /// The temperature as it is now, where it is learned.
    public var learnedTemperature: Float? {
        logTemperature.map { tk_exp1(parameters[$0].values[0]) }
    }

    private func normalized(_ encoding: Encoding, _ context: EncodingContext) -> Encoding {
        guard normalizesEmbeddings else { return encoding }
        let unit = UnitNormalization(outputDimension: encoding.embeddings.columns)
            .apply(encoding.embeddings, parameters, context)
        return Encoding(embeddings: unit.outputs) { gradient, gradients in
            encoding.pullback(unit.pullback(gradient, &gradients), &gradients)
        }
    }
}

/// Interactions as the towers know them.
public struct Examples: Sendable {
    /// The query tower's key of each example.
    public var queryKeys: [Int32]
    /// The candidate tower's key of each example.
    public var candidateKeys: [Int32]
    /// The sample weight of each example; nil: 1.
    public var weights: [Float]?
    private var entities: [Int32]?

    /// - Parameter queryEntities: who asks in each example; nil: the keys, which is right where the
    ///   query tower sees nothing but who asks.
    public init(
        queryKeys: [Int32], candidateKeys: [Int32], weights: [Float]? = nil,
        queryEntities: [Int32]? = nil
    ) {
        self.queryKeys = queryKeys
        self.candidateKeys = candidateKeys
        self.weights = weights
        entities = queryEntities
    }

    /// Who asks in each example, a number for each distinct id. A query tower that sees the
    /// context of an interaction has many keys of one user; all of them are one entity.
    public var queryEntities: [Int32] { entities ?? queryKeys }

    public var count: Int { queryKeys.count }

    /// The examples at these positions, in their order.
    public func selecting(_ positions: [Int32]) -> Examples {
        Examples(
            queryKeys: positions.map { queryKeys[Int($0)] },
            candidateKeys: positions.map { candidateKeys[Int($0)] },
            weights: weights.map { weights in positions.map { weights[Int($0)] } },
            queryEntities: entities.map { entities in positions.map { entities[Int($0)] } })
    }
}

/// Whether equal queries and candidates of a batch are scored once.
public enum Deduplication: String, FieldChoice {
    /// Wherever the result is the same.
    case auto
    /// Never; for comparison.
    case off
}

/// The sizes of the towers' key spaces: keys are below these numbers.
public struct KeyCounts: Hashable, Sendable {
    public var queries: Int
    public var candidates: Int
    /// Entities that ask; ``Examples/queryEntities`` are below this number.
    public var queryEntities: Int

    /// - Parameter queryEntities: nil: as many as there are query keys.
    public init(queries: Int, candidates: Int, queryEntities: Int? = nil) {
        self.queries = queries
        self.candidates = candidates
        self.queryEntities = queryEntities ?? queries
    }
}
