/// How often tokens stand in documents: what a lookup layer's `adapt()` learns from.
public struct TokenCounts<Token: LookupToken>: Sendable {
    /// Occurrences of each token.
    public private(set) var counts: [Token: Int] = [:]
    /// Documents that hold each token.
    public private(set) var documentCounts: [Token: Int] = [:]
    /// Documents, empty ones too.
    public private(set) var documents = 0

    public init() {}

    /// Adds a document, as often as `times` says.
    public mutating func add(_ document: some Sequence<Token>, times: Int = 1) {
        documents += times
        // Most documents hold one token, of which no set is needed.
        var first: Token?
        var others: Set<Token> = []
        for token in document {
            counts[token, default: 0] += times
            let isNew = first == nil || token != first && others.insert(token).inserted
            if first == nil { first = token }
            if isNew { documentCounts[token, default: 0] += times }
        }
    }

    /// Makes the tokens known, also where no document has held them.
    public mutating func admit(_ tokens: some Sequence<Token>) {
        for token in tokens { counts[token, default: 0] += 0 }
    }

    /// The tokens by falling count, equal counts by falling token, as Keras orders a vocabulary.
    func ranked(excluding special: [Token], minFrequency: Int) -> [Token] {
        counts.filter { $0.value >= minFrequency && !special.contains($0.key) }
            .sorted { first, second in
                first.value != second.value
                    ? first.value > second.value : Token.precedes(second.key, first.key)
            }
            .map(\.key)
    }

    /// `log(1 + documents / (1 + documents that hold the token))`, Keras's weight in `tf_idf`.
    func inverseDocumentFrequency(of token: Token) -> Float {
        let holding = documentCounts[token] ?? 0
        return Float(Kernels.log(1 + Double(documents) / Double(1 + holding)))
    }
}
