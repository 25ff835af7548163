/// Tokens, looked up in a vocabulary: `tf.keras.layers.StringLookup`, embedded or encoded.
///
/// Without a mask token row 0 of the table is for tokens out of vocabulary, as with Keras's one
/// OOV index. A vocabulary that is not given holds the tokens of the side table, where one lists
/// the column, else those of the training interactions; with `max_tokens`, `min_frequency` or the
/// output mode `tf_idf` they are counted and ordered as `adapt()` does, over the training
/// interactions.
public struct StringLookup: FeatureDefinition {
    public var column: String
    /// What stands between the tokens of a row; nil: a row is one token.
    public var separator: String?
    /// The tokens, or a file of them; nil: learned from the training rows.
    public var vocabulary: VocabularyChoice?
    /// How often a token must stand in the training rows to be learned; nil: once.
    public var minFrequency: Int?
    /// How indices are given out.
    public var lookup: IndexLookup<UTF8Token>.Options
    /// A weight for each token, for `tf_idf`; nil: learned.
    public var idfWeights: [Double]?
    /// What becomes of the index.
    public var output: CategoricalOutput

    public var outputDimension: Int? { output.embedding?.outputDim }

    public var sharedTables: [SharedTableUse] { output.sharedTables(rows: rows) }

    /// The table's rows, where the vocabulary stands in the spec.
    var rows: Int? {
        (vocabulary?.tokens).flatMap {
            try? IndexLookup(vocabulary: $0.map(UTF8Token.init), lookup).depth
        }
    }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let values = try TokenValues(input.values, name: column, separator: separator)
        let lists = values.lists.map { $0.map(UTF8Token.init) }
        let index = try builder.learning(path, from: remade) {
            environment throws(DataError) in
            try lookup(lists, values, input, environment)
        }
        return try LookupEncoding(
            lookup: index, lists: lists, valueOfKey: values.valueOfKey, input: input, path: path
        ).prepare(output, &builder)
    }

    /// The vocabulary, given or learned.
    func lookup(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> IndexLookup<UTF8Token> {
        let values = try TokenValues(input.values, name: column, separator: separator)
        return try builder.learning(path, from: remade) { environment throws(DataError) in
            try lookup(values.lists.map { $0.map(UTF8Token.init) }, values, input, environment)
        }
    }

    private func remade(_ fact: LearnedFact) throws(DataError) -> IndexLookup<UTF8Token>? {
        try IndexLookup(fact, lookup, token: UTF8Token.init)
    }

    private func lookup(
        _ lists: [[UTF8Token]], _ values: TokenValues, _ input: FeatureInput,
        _ environment: DataEnvironment
    ) throws(DataError) -> IndexLookup<UTF8Token> {
        if let vocabulary {
            let tokens = try vocabulary.tokens(in: environment).map(UTF8Token.init)
            return try IndexLookup(
                vocabulary: tokens, idfWeights: idfWeights?.map { Float($0) }, lookup)
        }
        return try LearnedVocabulary.lookup(
            TokenCounts(
                lists, occurrences: values.occurrences(in: input.trainingKeys),
                isListed: input.isListed),
            order: isRanked ? nil : input.firstSeen(lists, values.valueOfKey), lookup,
            column: column)
    }

    /// Whether what is learned is ordered by count.
    private var isRanked: Bool {
        minFrequency != nil || lookup.maxTokens != nil || lookup.outputMode == .tfIDF
    }
}

extension StringLookup: SelfChecking {
    public func check() throws(DataError) {
        try output.check()
        try LookupFields.check(
            lookup, tokens: vocabulary?.tokens?.map(UTF8Token.init), isGiven: vocabulary != nil,
            idfWeights: idfWeights)
    }

    public func advice() -> [Advice] { output.advice() }
}

extension StringLookup: CatalogComponent {
    static let columnField = Field("column", required: String.self, "The data column to read.")
        .alsoKnown(as: "name", "feature", "key")
    static let separatorField = Field<String?>(
        "separator", default: nil,
        "What stands between the tokens of a row, which is then a list; null: a row is one token.")
    static let vocabularyField = Field<VocabularyChoice?>(
        "vocabulary", type: .optional(.either([.list(.string, count: .atLeast(1)), .path])),
        default: .null,
        "The tokens, or a file with one on each line; null: learned.")
    static let maskTokenField = Field<String?>(
        "mask_token", type: .optional(.text), default: .null,
        "The token of index 0, which stands for nothing; null: there is none.")
    static let oovTokenField = Field<String>(
        "oov_token", default: "[UNK]", "What a vocabulary calls tokens out of vocabulary.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "string_lookup", summary: "Tokens, looked up in a vocabulary.",
        source: "tf.keras.layers.StringLookup and tf.keras.layers.Embedding",
        fields: [
            columnField.description, CategoricalOutput.embeddingField.description,
            LookupFields.numOOVIndices.description, maskTokenField.description,
            oovTokenField.description, vocabularyField.description,
            LookupFields.maxTokens.description, LookupFields.minFrequency.description,
            CategoricalOutput.modeField.description, LookupFields.idfWeights.description,
            LookupFields.padToMaxTokens.description, separatorField.description,
        ]
    ) { values, components in
        var options = LookupFields.options(values, oovToken: UTF8Token(values[oovTokenField]))
        options.maskToken = values[maskTokenField].map(UTF8Token.init)
        return try StringLookup(
            column: values[columnField], separator: values[separatorField],
            vocabulary: values[vocabularyField], minFrequency: values[LookupFields.minFrequency],
            lookup: options, idfWeights: values[LookupFields.idfWeights],
            output: CategoricalOutput(values, components))
    }
}
