/// Makes vocabularies from data.
///
/// A side table lists its tokens; without one they come from the training interactions. How often
/// a token stands is counted in the training interactions alone, whatever lists it.
enum LearnedVocabulary {
    /// - Parameters:
    ///   - counts: asked for where nothing else says the order.
    ///   - order: the tokens in the order that they shall have; nil: by falling count.
    static func lookup<Token: LookupToken>(
        _ counts: @autoclosure () -> TokenCounts<Token>, order: [Token]?,
        _ options: IndexLookup<Token>.Options, column: String
    ) throws(DataError) -> IndexLookup<Token> {
        let lookup: IndexLookup<Token>
        if let order {
            let special = [options.maskToken, options.oovToken].compactMap { $0 }
            lookup = try IndexLookup(
                tokens: order.filter { !special.contains($0) }, weights: [], options)
        } else {
            lookup = try IndexLookup(learningFrom: counts(), options)
        }
        if let most = options.maxTokens, most <= lookup.specialCount {
            throw .impossible(
                "'max_tokens' (\(most)) leaves no room for a token of '\(column)': special ones "
                    + "take \(lookup.specialCount)")
        }
        guard !lookup.tokens.isEmpty else {
            throw .impossible(
                "the vocabulary of '\(column)' is empty: no token stands in the training "
                    + "interactions"
                    + (options.minFrequency > 1 ? " \(options.minFrequency) times" : ""))
        }
        return lookup
    }
}

extension TokenCounts {
    /// Counts the tokens of distinct values, each as often as it stands in training.
    init(_ lists: [[Token]], occurrences: [Int], isListed: Bool) {
        self.init()
        for (list, times) in zip(lists, occurrences) where times > 0 { add(list, times: times) }
        if isListed { for list in lists { admit(list) } }
    }
}

extension FeatureInput {
    /// The tokens that may be learned, in the order of the side table or else of training.
    func firstSeen<Token: LookupToken>(_ lists: [[Token]], _ valueOfKey: [Int32]) -> [Token] {
        var tokens: [Token] = []
        var seen: Set<Token> = []
        tokens.reserveCapacity(lists.count)
        seen.reserveCapacity(lists.count)
        func show(_ list: [Token]) {
            for token in list where seen.insert(token).inserted { tokens.append(token) }
        }
        if isListed {
            lists.forEach(show)
        } else {
            var isShown = [Bool](repeating: false, count: lists.count)
            for key in trainingKeys {
                let value = Int(valueOfKey[Int(key)])
                guard !isShown[value] else { continue }
                isShown[value] = true
                show(lists[value])
            }
        }
        return tokens
    }
}

/// A lookup's indices of every key, and a note of what training never saw.
struct LookupEncoding<Token: LookupToken> {
    var lookup: IndexLookup<Token>
    /// The tokens of each distinct value.
    var lists: [[Token]]
    var valueOfKey: [Int32]
    var input: FeatureInput
    var path: String

    func prepare(
        _ output: CategoricalOutput, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let isUsed = usedValues
        var indices = IndexLists(valueOfKey: valueOfKey)
        for (list, isUsed) in zip(lists, isUsed) {
            var row: [Int32] = []
            for token in list where isUsed {
                if let index = try lookup.index(of: token) { row.append(index) }
            }
            indices.append(row.isEmpty && !isUsed ? [0] : row)
        }
        if let note { builder.notes.append(note) }
        if builder.built != nil { noteUnknown(&builder) }
        return try output.prepare(
            indices, depth: lookup.depth,
            vocabulary: lookup.rowTexts,
            weights: lookup.idfWeights, path: path, &builder)
    }

    /// A dictionary may hold values that no key has.
    private var usedValues: [Bool] {
        var isUsed = [Bool](repeating: false, count: lists.count)
        for value in valueOfKey { isUsed[Int(value)] = true }
        return isUsed
    }

    /// Takes note of the first token of each key that is out of vocabulary.
    private func noteUnknown(_ builder: inout ModelBuilder) {
        for (key, value) in valueOfKey.enumerated() {
            let unknown = lists[Int(value)].first { !lookup.isKnown($0) && !lookup.isMask($0) }
            guard let unknown else { continue }
            builder.unknownTokens.append(
                UnknownToken(path: path, key: Int32(key), token: unknown.text))
        }
    }

    /// How many held-out interactions have a token out of vocabulary; nil where none has.
    private var note: String? {
        let unknown = lists.map { $0.contains { !lookup.isKnown($0) && !lookup.isMask($0) } }
        var values: Set<Int32> = []
        var interactions = 0
        for key in input.evaluationKeys where unknown[Int(valueOfKey[Int(key)])] {
            interactions += 1
            values.insert(valueOfKey[Int(key)])
        }
        guard interactions > 0 else { return nil }
        return "\(path): \(interactions) of \(input.evaluationKeys.count) held-out interactions "
            + "have a token out of vocabulary, \(values.count) distinct values"
    }
}
