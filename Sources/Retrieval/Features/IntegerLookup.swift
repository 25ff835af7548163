/// Integers, looked up in a vocabulary: `tf.keras.layers.IntegerLookup`, embedded or encoded.
///
/// A vocabulary that is not given holds the integers of the side table, where one lists the
/// column, else those of the training interactions, ordered as `adapt()` does over the training
/// interactions.
public struct IntegerLookup: FeatureDefinition {
    public var column: String
    /// The integers, or a file of them; nil: learned from the training rows.
    public var vocabulary: VocabularyChoice?
    /// How indices are given out.
    public var lookup: IndexLookup<Int64>.Options
    /// A weight for each integer, for `tf_idf`; nil: learned.
    public var idfWeights: [Double]?
    /// What becomes of the index.
    public var output: CategoricalOutput

    public var outputDimension: Int? { output.embedding?.outputDim }

    public var sharedTables: [SharedTableUse] {
        let given = vocabulary?.tokens?.compactMap { Int64($0) }
        return output.sharedTables(
            rows: given.flatMap { try? IndexLookup(vocabulary: $0, lookup).depth })
    }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        guard case .integers(let integers) = input.values else {
            throw DataError.wrongColumn(
                name: column, table: "data", required: "integers", found: input.values.kind)
        }
        let valueOfKey = integers.indices.map { Int32($0) }
        let lists = integers.map { [$0] }
        let index = try builder.learning(path) { fact throws(DataError) in
            try IndexLookup(fact, lookup) { Int64($0) }
        } _: { environment throws(DataError) in
            try learned(lists, input, environment)
        }
        return try LookupEncoding(
            lookup: index, lists: lists, valueOfKey: valueOfKey, input: input, path: path
        ).prepare(output, &builder)
    }

    private func learned(
        _ lists: [[Int64]], _ input: FeatureInput, _ environment: DataEnvironment
    ) throws(DataError) -> IndexLookup<Int64> {
        if let vocabulary {
            return try IndexLookup(
                vocabulary: try given(vocabulary, environment),
                idfWeights: idfWeights?.map { Float($0) }, lookup)
        }
        var occurrences = [Int](repeating: 0, count: lists.count)
        for key in input.trainingKeys { occurrences[Int(key)] += 1 }
        let counts = TokenCounts(lists, occurrences: occurrences, isListed: input.isListed)
        return try LearnedVocabulary.lookup(counts, order: nil, lookup, column: column)
    }

    private func given(
        _ vocabulary: VocabularyChoice, _ environment: DataEnvironment
    ) throws(DataError) -> [Int64] {
        var integers: [Int64] = []
        for (position, text) in try vocabulary.tokens(in: environment).enumerated() {
            guard let integer = Int64(text) else {
                throw .impossible(
                    "the vocabulary of integer_lookup requires integers; found '\(text)' as token "
                        + "\(position + 1)")
            }
            integers.append(integer)
        }
        return integers
    }
}

extension IntegerLookup: SelfChecking {
    public func check() throws(DataError) {
        try output.check()
        try LookupFields.check(
            lookup, tokens: vocabulary?.tokens?.compactMap { Int64($0) },
            isGiven: vocabulary != nil, idfWeights: idfWeights)
    }

    public func advice() -> [Advice] { output.advice() }
}

extension IntegerLookup: CatalogComponent {
    static let vocabularyField = Field<VocabularyChoice?>(
        "vocabulary", type: .optional(.either([.list(.integer(.any), count: .atLeast(1)), .path])),
        default: .null, "The integers, or a file with one on each line; null: learned.")
    static let maskTokenField = Field<Int?>(
        "mask_token", optional: .any,
        "The integer of index 0, which stands for nothing; null: there is none.")
    static let oovTokenField = Field<Int>(
        "oov_token", default: -1, "What a vocabulary calls integers out of vocabulary.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "integer_lookup", summary: "Integers, looked up in a vocabulary.",
        source: "tf.keras.layers.IntegerLookup and tf.keras.layers.Embedding",
        fields: [
            StringLookup.columnField.description, CategoricalOutput.embeddingField.description,
            LookupFields.numOOVIndices.description, maskTokenField.description,
            oovTokenField.description, vocabularyField.description,
            LookupFields.maxTokens.description, LookupFields.minFrequency.description,
            CategoricalOutput.modeField.description, LookupFields.idfWeights.description,
            LookupFields.padToMaxTokens.description,
        ]
    ) { values, components in
        var options = LookupFields.options(values, oovToken: Int64(values[oovTokenField]))
        options.maskToken = values[maskTokenField].map(Int64.init)
        return try IntegerLookup(
            column: values[StringLookup.columnField], vocabulary: values[vocabularyField],
            lookup: options, idfWeights: values[LookupFields.idfWeights],
            output: CategoricalOutput(values, components))
    }
}
