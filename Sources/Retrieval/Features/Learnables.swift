// What features learn, as a saved model keeps it.

extension IndexLookup: Learnable {
    public var fact: LearnedFact { .tokens(tokens.map(\.text), weights: idfWeights) }

    /// Remakes a lookup.
    init?(
        _ fact: LearnedFact, _ options: Options, token: (String) -> Token?
    ) throws(DataError) {
        guard case .tokens(let texts, let weights) = fact else { return nil }
        var tokens: [Token] = []
        tokens.reserveCapacity(texts.count)
        for text in texts {
            guard let token = token(text) else {
                throw .impossible("a saved vocabulary holds '\(text)', which is no token of it")
            }
            tokens.append(token)
        }
        try self.init(tokens: tokens, weights: weights, options)
        guard weights.isEmpty == (options.outputMode != .tfIDF),
            weights.isEmpty || idfWeights.count == depth
        else {
            throw .impossible("a saved vocabulary has \(weights.count) weights")
        }
    }
}

extension Standardizer: Learnable {
    public var fact: LearnedFact { .statistics(mean: mean, variance: variance) }

    init?(_ fact: LearnedFact) throws(DataError) {
        guard case .statistics(let mean, let variance) = fact else { return nil }
        guard mean.count == 1, variance.count == 1, mean[0].isFinite,
            variance[0].isFinite, variance[0] >= 0
        else { throw .impossible("saved statistics require a mean and a variance") }
        self.init(mean: mean, variance: variance)
    }
}

extension Buckets: Learnable {
    public var fact: LearnedFact { .boundaries(boundaries) }

    init?(_ fact: LearnedFact) throws(DataError) {
        guard case .boundaries(let boundaries) = fact else { return nil }
        try self.init(boundaries: boundaries)
    }
}
