/// Texts as lists of tokens: `tf.keras.layers.TextVectorization`, embedded or encoded.
///
/// A vocabulary that is not given holds the tokens of the side table, where one lists the column,
/// else those of the training interactions; they are counted and ordered as `adapt()` does, over
/// the training interactions. Lists are as long as their texts: there is no padding to the longest
/// of a batch, only to `output_sequence_length` where that is given.
public struct TextVectorization: FeatureDefinition {
    public var column: String
    /// How a text becomes tokens.
    public var splitter: TextSplitter
    /// How indices are given out.
    public var lookup: IndexLookup<UTF8Token>.Options
    /// Tokens of a text that count; nil: all of them.
    public var outputSequenceLength: Int?
    /// The tokens, or a file of them; nil: learned from the training rows.
    public var vocabulary: VocabularyChoice?
    /// A weight for each token, for `tf_idf`; nil: learned.
    public var idfWeights: [Double]?
    /// What becomes of the indices.
    public var output: CategoricalOutput

    public var outputDimension: Int? { output.embedding?.outputDim }

    public var sharedTables: [SharedTableUse] { output.sharedTables(rows: nil) }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let values = try TokenValues(input.values, name: column, separator: nil)
        guard !values.areLists else {
            throw DataError.wrongColumn(
                name: column, table: "data", required: "texts", found: input.values.kind)
        }
        let lists = values.lists.map { texts in
            texts.flatMap(splitter.tokens).map(UTF8Token.init)
        }
        let index = try builder.learning(path) { fact throws(DataError) in
            try IndexLookup(fact, lookup, token: UTF8Token.init)
        } _: { environment throws(DataError) in
            if let vocabulary {
                return try IndexLookup(
                    vocabulary: try vocabulary.tokens(in: environment).map(UTF8Token.init),
                    idfWeights: idfWeights?.map { Float($0) }, lookup)
            }
            return try LearnedVocabulary.lookup(
                TokenCounts(
                    lists, occurrences: values.occurrences(in: input.trainingKeys),
                    isListed: input.isListed),
                order: nil, lookup, column: column)
        }
        let layer = try TextVectorizer(
            splitter: splitter, lookup: index, outputSequenceLength: outputSequenceLength)
        var indices = IndexLists(valueOfKey: values.valueOfKey)
        for texts in values.lists { indices.append(try layer.indices(of: texts[0])) }
        return try output.prepare(
            indices, depth: index.depth,
            vocabulary: index.rowTexts,
            weights: index.idfWeights, path: path, &builder)
    }
}

extension TextVectorization: SelfChecking {
    public func check() throws(DataError) {
        try output.check()
        try LookupFields.check(
            lookup, tokens: vocabulary?.tokens?.map(UTF8Token.init), isGiven: vocabulary != nil,
            idfWeights: idfWeights)
    }

    public func advice() -> [Advice] { output.advice() }
}

extension TextVectorization: CatalogComponent {
    static let maxTokensField = Field<Int?>(
        "max_tokens", optional: .between(2, and: 1 << 30),
        "The most indices, padding and out of vocabulary included; the most frequent tokens stay.")
    static let standardizeField = Field<TextSplitter.Standardize>(
        "standardize", default: .lowerAndStripPunctuation,
        "What is done to a text before it is split; lower case and punctuation are ASCII's.")
    static let splitField = Field<TextSplitter.Split>(
        "split", default: .whitespace, "Where a text is split.")
    static let ngramsField = Field<NGrams>(
        "ngrams",
        type: .optional(
            .either([
                .integer(.between(1, and: 16)),
                .list(.integer(.between(1, and: 16)), count: .atLeast(1)),
            ])), default: .null,
        "Tokens joined: up to so many, or of these lengths; null: tokens as they are.")
    static let lengthField = Field<Int?>(
        "output_sequence_length", optional: .between(1, and: 65_536), unit: "tokens",
        "What every list is cut or padded to; null: as long as its text.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "text_vectorization", summary: "A text as a list of tokens.",
        source: "tf.keras.layers.TextVectorization and tf.keras.layers.Embedding",
        fields: [
            StringLookup.columnField.description, CategoricalOutput.embeddingField.description,
            maxTokensField.description, standardizeField.description, splitField.description,
            ngramsField.description, lengthField.description,
            StringLookup.vocabularyField.description, LookupFields.minFrequency.description,
            CategoricalOutput.modeField.description, LookupFields.idfWeights.description,
            LookupFields.padToMaxTokens.description,
        ]
    ) { values, components in
        try TextVectorization(
            column: values[StringLookup.columnField],
            splitter: TextSplitter(
                standardize: values[standardizeField], split: values[splitField],
                ngrams: values[ngramsField].lengths),
            lookup: TextVectorizer.lookupOptions(
                maxTokens: values[maxTokensField],
                outputMode: values[CategoricalOutput.modeField],
                padToMaxTokens: values[LookupFields.padToMaxTokens],
                minFrequency: values[LookupFields.minFrequency] ?? 0),
            outputSequenceLength: values[lengthField],
            vocabulary: values[StringLookup.vocabularyField],
            idfWeights: values[LookupFields.idfWeights],
            output: CategoricalOutput(values, components))
    }
}

/// N-grams as a spec gives them: none, all up to a length, or some lengths.
struct NGrams: FieldConvertible {
    var lengths: [Int]
    var fieldValue: FieldValue

    init?(fieldValue: FieldValue) {
        self.fieldValue = fieldValue
        switch fieldValue {
        case .null: lengths = []
        case .integer(let longest): lengths = Array(1...max(1, longest))
        default:
            guard let lengths = [Int](fieldValue: fieldValue) else { return nil }
            self.lengths = lengths
        }
    }
}
