/// A vocabulary and its indices, as `tf.keras.layers.StringLookup` and `IntegerLookup` lay them
/// out: the mask token's index 0 (where there is a mask, and only in the output mode `int`), then
/// the slots for tokens out of vocabulary, then the vocabulary.
public struct IndexLookup<Token: LookupToken>: Sendable {
    /// How indices are given out: the arguments of Keras's lookups.
    public struct Options: Sendable {
        /// The most indices, special ones included; nil: no bound.
        public var maxTokens: Int?
        /// Indices for tokens out of vocabulary; at least 0.
        public var numOOVIndices = 1
        /// The token of index 0, which stands for nothing; nil: none does.
        public var maskToken: Token?
        /// What a vocabulary calls tokens out of vocabulary; a learned one never holds it.
        public var oovToken: Token?
        /// What becomes of indices; other modes than `int` have no index for the mask.
        public var outputMode = OutputMode.int
        /// Whether encodings are as wide as `maxTokens` even where the vocabulary is smaller.
        public var padToMaxTokens = false
        /// How often a token must stand in what is learned from.
        public var minFrequency = 1

        public init(oovToken: Token?) {
            self.oovToken = oovToken
        }
    }

    public let options: Options
    /// The vocabulary without special tokens.
    public let tokens: [Token]
    private let indexOfToken: [Token: Int32]
    /// The text of each index's token; nil for special ones.
    let rowTexts: [String?]
    /// The weight of each index in the output mode `tf_idf`; of nothing else.
    public let idfWeights: [Float]

    /// Takes a vocabulary as given; one that starts with the special tokens, as
    /// ``vocabulary`` shows it, is taken without them.
    ///
    /// - Parameter idfWeights: one weight for each of `vocabulary`; only for `tf_idf`.
    /// - Throws: ``DataError/impossible(_:)`` where Keras raises.
    public init(
        vocabulary: [Token], idfWeights: [Float]? = nil, _ options: Options
    ) throws(DataError) {
        try Self.check(options)
        guard !vocabulary.isEmpty else {
            throw .impossible("a vocabulary requires at least one token; found none")
        }
        let special = Self.specialTokens(options)
        let hasSpecial =
            !special.isEmpty && vocabulary.count >= special.count
            && zip(vocabulary, special).allSatisfy { $0 == $1 }
        let tokens = hasSpecial ? Array(vocabulary.dropFirst(special.count)) : vocabulary
        if let mask = options.maskToken, tokens.contains(mask) {
            throw .impossible("the vocabulary holds the mask token '\(mask.text)'")
        }
        if let most = options.maxTokens, special.count + tokens.count > most {
            throw .impossible(
                "the vocabulary has \(special.count + tokens.count) tokens, special ones "
                    + "included, more than 'max_tokens' (\(most))")
        }
        var weights: [Float] = []
        switch (options.outputMode == .tfIDF, idfWeights) {
        case (true, let given?):
            guard given.count == vocabulary.count else {
                throw .impossible(
                    "'idf_weights' requires one number for each of the \(vocabulary.count) tokens "
                        + "of the vocabulary; found \(given.count)")
            }
            let mean = given.reduce(0) { $0 + Double($1) } / Double(given.count)
            let front = [Float](repeating: Float(mean), count: hasSpecial ? 0 : special.count)
            weights = front + given
        case (false, _?):
            throw .impossible("'idf_weights' is only for the output mode tf_idf")
        case (true, nil):
            throw .impossible(
                "the output mode tf_idf requires 'idf_weights' beside a given vocabulary")
        case (false, nil):
            break
        }
        try self.init(tokens: tokens, weights: weights, options)
    }

    /// Learns a vocabulary, as `adapt()` does.
    ///
    /// - Throws: ``DataError/impossible(_:)`` where Keras raises.
    public init(learningFrom counts: TokenCounts<Token>, _ options: Options) throws(DataError) {
        try Self.check(options)
        let special = [options.maskToken, options.oovToken].compactMap { $0 }
        var tokens = counts.ranked(excluding: special, minFrequency: options.minFrequency)
        if let most = options.maxTokens {
            // Fewer than none is Python's slice from the end.
            let room = most - Self.specialCount(options)
            tokens = Array(room >= 0 ? tokens.prefix(room) : tokens.dropLast(-room))
        }
        var weights: [Float] = []
        if options.outputMode == .tfIDF {
            let own = tokens.map(counts.inverseDocumentFrequency)
            let mean = own.reduce(0) { $0 + Double($1) } / Double(max(own.count, 1))
            weights = [Float](repeating: Float(mean), count: Self.specialCount(options)) + own
        }
        try self.init(tokens: tokens, weights: weights, options)
    }

    /// Takes a vocabulary that was chosen elsewhere; the special tokens are not part of it.
    init(tokens: [Token], weights: [Float], _ options: Options) throws(DataError) {
        try Self.check(options)
        self.options = options
        self.tokens = tokens
        let start = Int32(Self.specialCount(options))
        var indices: [Token: Int32] = [:]
        indices.reserveCapacity(tokens.count)
        for (position, token) in tokens.enumerated() {
            if let first = indices.updateValue(start + Int32(position), forKey: token) {
                throw .duplicateToken(
                    token: token.text, first: Int(first - start), second: position)
            }
        }
        indexOfToken = indices
        rowTexts = [String?](repeating: nil, count: Int(start)) + tokens.map(\.text)
        let depth = options.padToMaxTokens ? options.maxTokens ?? 0 : 0
        idfWeights =
            weights.isEmpty
            ? [] : weights + [Float](repeating: 0, count: max(0, depth - weights.count))
    }

    static func check(_ options: Options) throws(DataError) {
        if let most = options.maxTokens, most < 2 {
            throw .impossible("'max_tokens' requires at least 2; found \(most)")
        }
        if options.padToMaxTokens && options.maxTokens == nil {
            throw .impossible("'pad_to_max_tokens' requires 'max_tokens'")
        }
        if options.numOOVIndices < 0 {
            throw .impossible(
                "'num_oov_indices' requires at least 0; found \(options.numOOVIndices)")
        }
    }

    private static func hasMaskIndex(_ options: Options) -> Bool {
        options.maskToken != nil && options.outputMode == .int
    }

    private static func specialCount(_ options: Options) -> Int {
        (hasMaskIndex(options) ? 1 : 0) + options.numOOVIndices
    }

    private static func specialTokens(_ options: Options) -> [Token?] {
        (hasMaskIndex(options) ? [options.maskToken] : [])
            + [Token?](repeating: options.oovToken, count: options.numOOVIndices)
    }

    /// Indices before the vocabulary.
    public var specialCount: Int { Self.specialCount(options) }

    /// Indices: the special ones and the vocabulary.
    public var size: Int { specialCount + tokens.count }

    /// The width of an encoding.
    public var depth: Int { options.padToMaxTokens ? options.maxTokens ?? size : size }

    /// The token of each index, special ones included; nil where the layer has no name for it.
    public var vocabulary: [Token?] { Self.specialTokens(options) + tokens }

    /// Whether the token is in the vocabulary.
    public func isKnown(_ token: Token) -> Bool { indexOfToken[token] != nil }

    /// Whether the token stands for nothing.
    public func isMask(_ token: Token) -> Bool { token == options.maskToken }

    /// The index of a token; nil for the mask token where the output has no slot for it.
    ///
    /// - Throws: ``DataError/impossible(_:)`` for an unknown token without a slot for it.
    public func index(of token: Token) throws(DataError) -> Int32? {
        if isMask(token) { return Self.hasMaskIndex(options) ? 0 : nil }
        if let index = indexOfToken[token] { return index }
        guard options.numOOVIndices > 0 else {
            throw .impossible(
                "'\(token.text)' is not in the vocabulary, and 'num_oov_indices' is 0")
        }
        let slot = token.outOfVocabularySlot(of: options.numOOVIndices)
        return Int32(slot + (Self.hasMaskIndex(options) ? 1 : 0))
    }

    /// The token of an index, as a layer with `invert` answers; the OOV token for any other.
    public func token(of index: Int) -> Token? {
        if index == 0 && Self.hasMaskIndex(options) { return options.maskToken }
        let position = index - specialCount
        return tokens.indices.contains(position) ? tokens[position] : options.oovToken
    }
}
