/// One column that the steps of histories have, and its embeddings.
public struct HistoryPart: Sendable {
    /// Which of the column's values have an embedding of their own.
    public var lookup: StringLookup
    /// How the embeddings are made and trained.
    public var embedding: EmbeddingOptions

    /// What the steps are known by here.
    public var column: String { lookup.column }

    static let columnField = Field(
        "column", required: String.self,
        "What the steps are: a column of the candidates, such as item_id or a category, or else of "
            + "the interactions, such as a rating, or time_since: the time since the step before, "
            + "in powers of two of a second."
    ).alsoKnown(as: "name", "feature", "key")
    static let embeddingField = Field<FieldValues>(
        "embedding", type: .object(EmbeddingOptions.stepDescription), default: nil,
        "The table of the items' embeddings.")

    static let lookupFields = [
        LookupFields.numOOVIndices.description, StringLookup.vocabularyField.description,
        LookupFields.maxTokens.description, LookupFields.minFrequency.description,
    ]

    static let description = ObjectDescription(
        name: "history_column",
        fields: [columnField.description, embeddingField.description] + lookupFields)

    init(_ values: FieldValues, _ components: Components) throws {
        var options = IndexLookup<UTF8Token>.Options(oovToken: UTF8Token("[UNK]"))
        options.numOOVIndices = values[LookupFields.numOOVIndices]
        options.maxTokens = values[LookupFields.maxTokens]
        options.minFrequency = values[LookupFields.minFrequency] ?? 0
        embedding = try EmbeddingOptions(values[Self.embeddingField], components)
        lookup = StringLookup(
            column: values[Self.columnField], separator: nil,
            vocabulary: values[StringLookup.vocabularyField],
            minFrequency: values[LookupFields.minFrequency], lookup: options, idfWeights: nil,
            output: CategoricalOutput(embedding: embedding, mode: .int))
    }

    /// The table's row of each step.
    func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> HistoryReading {
        let steps = try tokens(of: input.values)
        var input = input
        input.values = .tokens(steps)
        let lookup = try lookup.lookup(input, path: path, &builder)
        let indices = try indices(of: steps, lookup)
        let table = try builder.addTable(
            embedding, rows: lookup.depth,
            vocabulary: lookup.rowTexts, path: path)
        return HistoryReading(
            indices: indices, specialCount: lookup.specialCount, table: table,
            dimension: embedding.outputDim)
    }

    /// Integers are tokens, too.
    private func tokens(of column: Column) throws(DataError) -> TokenColumn {
        switch column {
        case .tokens(let tokens): return tokens
        case .integers(let integers): return TokenColumn(integers.lazy.map { String($0) })
        case .numbers, .times, .tokenLists:
            throw .wrongColumn(
                name: self.column, table: "data", required: History.requiredColumn,
                found: column.kind)
        }
    }

    /// The index of each step's value.
    private func indices(
        of tokens: TokenColumn, _ lookup: IndexLookup<UTF8Token>
    ) throws(DataError) -> [Int32] {
        var known = [Int32?](repeating: nil, count: tokens.dictionary.count)
        var indices: [Int32] = []
        indices.reserveCapacity(tokens.count)
        for code in tokens.codes {
            if let index = known[Int(code)] {
                indices.append(index)
                continue
            }
            let index = try lookup.index(of: UTF8Token(tokens.dictionary[Int(code)])) ?? 0
            known[Int(code)] = index
            indices.append(index)
        }
        return indices
    }
}

/// A table that histories read.
struct HistoryReading: Sendable {
    /// The table's row of each thing that may be a step.
    let indices: [Int32]
    /// Rows that stand for no token of the vocabulary, the first of them for what is unknown.
    let specialCount: Int
    let table: ParameterID
    let dimension: Int

    /// The rows of some steps; padding, below 0, reads the first.
    func rows(of steps: [Int32]) -> [Int32] { steps.map { $0 < 0 ? 0 : indices[Int($0)] } }
}

extension EmbeddingOptions {
    /// The options without those that lists alone have.
    static let stepDescription = ObjectDescription(
        name: "step_embedding",
        fields: description.fields.filter {
            ![combinerField.name, maskZeroField.name].contains($0.name)
        })
}
