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

    /// The same for who knows of a query nothing but who asks.
    public var ofEntities: Examples {
        Examples(queryKeys: queryEntities, candidateKeys: candidateKeys, weights: weights)
    }

    /// The examples at these positions, in their order.
    ///
    /// - Parameter lanes: which share the work.
    public func selecting(
        _ positions: [Int32], lanes: Lanes = Lanes(threads: 1)
    ) -> Examples {
        Examples(
            queryKeys: queryKeys.gathered(positions, lanes: lanes),
            candidateKeys: candidateKeys.gathered(positions, lanes: lanes),
            weights: weights?.gathered(positions, lanes: lanes),
            queryEntities: entities?.gathered(positions, lanes: lanes))
    }
}

/// The sizes of the towers' key spaces: keys are below these numbers.
public struct KeyCounts: Hashable, Sendable {
    /// Keys of queries.
    public var queries: Int
    /// Keys of candidates.
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
