/// A query tower and a candidate tower over shared parameters.
public struct TwoTowerModel: Sendable {
    /// What embeds queries.
    public var queryTower: any Tower
    /// What embeds candidates; embeddings of both have the same length.
    public var candidateTower: any Tower
    /// The numbers of both towers.
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
        unitLength(queryTower.encode(keys, parameters, context))
    }

    /// The embeddings of candidates, [keys.count, dimension], ready to be scored.
    public func encodeCandidates(_ keys: [Int32], _ context: EncodingContext) -> Encoding {
        unitLength(candidateTower.encode(keys, parameters, context))
    }

    /// The embeddings of queries for all ranks, which ask for the same.
    func queries(_ keys: [Int32], _ lanes: Lanes, _ ranks: any Communicator) -> Matrix {
        unitLength(queryTower.encode(keys, parameters, lanes, ranks))
    }

    /// The embeddings of candidates for all ranks, which ask for the same.
    func candidates(_ keys: [Int32], _ lanes: Lanes, _ ranks: any Communicator) -> Matrix {
        unitLength(candidateTower.encode(keys, parameters, lanes, ranks))
    }

    private func unitLength(_ embeddings: Matrix) -> Matrix {
        normalizesEmbeddings ? UnitRows(embeddings).outputs : embeddings
    }

    /// The temperature as it is now, where it is learned.
    public var learnedTemperature: Float? {
        logTemperature.map { Kernels.exp(parameters[$0].values[0]) }
    }

    private func unitLength(_ encoding: Encoding) -> Encoding {
        guard normalizesEmbeddings else { return encoding }
        let unit = UnitRows(encoding.embeddings)
        return Encoding(embeddings: unit.outputs) { gradient, gradients in
            encoding.pullback(unit.pullback(gradient), &gradients)
        }
    }
}
