/// A query tower and a candidate tower over shared parameters.
public struct TwoTowerModel: Sendable {
    public var queryTower: any Tower
    public var candidateTower: any Tower
    public var parameters: Parameters

    public init(queryTower: any Tower, candidateTower: any Tower, parameters: Parameters) {
        self.queryTower = queryTower
        self.candidateTower = candidateTower
        self.parameters = parameters
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

    public init(queryKeys: [Int32], candidateKeys: [Int32], weights: [Float]? = nil) {
        self.queryKeys = queryKeys
        self.candidateKeys = candidateKeys
        self.weights = weights
    }

    public var count: Int { queryKeys.count }

    /// The examples at these positions, in their order.
    public func selecting(_ positions: [Int32]) -> Examples {
        Examples(
            queryKeys: positions.map { queryKeys[Int($0)] },
            candidateKeys: positions.map { candidateKeys[Int($0)] },
            weights: weights.map { weights in positions.map { weights[Int($0)] } })
    }
}

/// Whether equal queries and candidates of a batch are scored once.
public enum Deduplication: String, FieldChoice {
    /// Wherever the result is the same.
    case auto
    /// Never; for comparison.
    case off
}
