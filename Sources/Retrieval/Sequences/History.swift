/// The user's previous items, embedded and made one vector by a sequence encoder: what sequential
/// retrieval asks by (TFRS's tutorial "Recommending movies: retrieval using a sequential model").
/// A step may be something else that is known of the item, such as its category, or what the
/// earlier interaction itself has, such as its rating or device.
///
/// Each interaction sees its user's earlier ones, never itself or a later one, and none of a part
/// of the split that it must not know; see ``Histories``. The vocabulary is the one that
/// ``StringLookup`` with the same fields learns of the column in the candidate tower, so that both
/// may share a table.
public struct History: FeatureDefinition {
    /// Where a short history is padded.
    public enum Padding: String, FieldChoice {
        /// Short histories are filled up behind, or before, their items.
        case right, left
    }

    /// The column that steps are, and how it is looked up.
    public var items: StringLookup
    /// The last items that count; at least 1.
    public var maximumLength: Int
    /// The column of times by which interactions are ordered; nil: the data's order.
    public var orderBy: String?
    /// Where short histories are filled up.
    public var padding: Padding
    /// Whether the encoder passes over padding.
    public var masksPadding: Bool
    /// The table of the steps' embeddings.
    public var embedding: EmbeddingOptions
    /// What makes one vector of them.
    public var encoder: Chosen<any SequenceEncoderDefinition>

    public var column: String { items.column }

    public var name: String { items.column + "_history" }

    public var history: HistoryRequest? {
        HistoryRequest(maximumLength: maximumLength, orderBy: orderBy)
    }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        guard let history = input.history else {
            throw DataError.impossible("only the query tower may read a history")
        }
        let steps = try tokens(of: input.values)
        var input = input
        input.values = .tokens(steps)
        let lookup = try items.lookup(input, builder.environment)
        let indices = try indices(of: steps, lookup)
        if let note = note(history, indices, lookup, path) { builder.notes.append(note) }
        guard masksPadding || lookup.options.numOOVIndices > 0 else {
            throw DataError.impossible(
                "padding that is not masked reads the first index out of vocabulary, but "
                    + "'num_oov_indices' is 0")
        }
        let table = try builder.addTable(
            embedding, rows: lookup.depth,
            vocabulary: [String?](repeating: nil, count: lookup.specialCount)
                + lookup.tokens.map(\.text), path: path)
        let sequenceEncoder = try encoder.product.prepare(
            dimension: embedding.outputDim, length: maximumLength,
            path: "\(path)/\(encoder.name)", &builder)
        return HistoryEncoder(
            histories: history.lists, indices: indices, length: maximumLength, padding: padding,
            paddingIndex: masksPadding ? nil : 0, table: table, dimension: embedding.outputDim,
            encoder: sequenceEncoder)
    }

    /// What a column must hold to be steps.
    package static let requiredColumn = "tokens or integers, one in each row"

    /// Integers are tokens, too.
    private func tokens(of column: Column) throws(DataError) -> TokenColumn {
        switch column {
        case .tokens(let tokens): return tokens
        case .integers(let integers): return TokenColumn(integers.lazy.map { String($0) })
        case .numbers, .times, .tokenLists:
            throw .wrongColumn(
                name: self.column, table: "data", required: Self.requiredColumn,
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

    /// How many steps of the held-out histories training never saw; nil where it saw all.
    private func note(
        _ history: HistoryInput, _ indices: [Int32], _ lookup: IndexLookup<UTF8Token>,
        _ path: String
    ) -> String? {
        var (steps, unknown) = (0, 0)
        for key in history.evaluationKeys {
            for item in history.lists[Int(key)].suffix(maximumLength) {
                steps += 1
                if indices[Int(item)] < lookup.specialCount { unknown += 1 }
            }
        }
        guard unknown > 0 else { return nil }
        return "\(path): \(unknown) of \(steps) steps of held-out histories are out of vocabulary"
    }
}

extension History: SelfChecking {
    public func check() throws(DataError) { try items.check() }

    public func advice() -> [Advice] {
        embedding.advice().map { $0.inside(Self.embeddingField) }
    }
}

extension History: CatalogComponent {
    static let columnField = Field(
        "column", required: String.self,
        "What the steps are: a column of the candidates, such as item_id or a category, or else of "
            + "the interactions, such as a rating."
    ).alsoKnown(as: "name", "feature", "key")
    static let maxLengthField = Field<Int>(
        "max_length", default: 50, .between(1, and: 4096), unit: "items",
        "The user's last items that count; shorter histories are padded to it."
    ).alsoKnown(
        as: "length", "max_len", "maxlen", "n", "sequence_length", "history_length",
        "max_history_length", "context_length", "max_context_length")
    static let orderByField = Field<String?>(
        "order_by", default: "timestamp",
        "The interactions' column of times; null: the order in which they stand."
    ).alsoKnown(as: "sort_by", "time", "timestamp", "time_column")
    static let paddingField = Field<Padding>(
        "padding", default: .right, "The side on which a short history is padded.")
    static let maskPaddingField = Field<Bool>(
        "mask_padding", default: true,
        "Whether padding is passed over; false: it is read as an item out of vocabulary, as in "
            + "TFRS's tutorial."
    ).alsoKnown(as: "mask_zero", "mask", "masking")
    static let embeddingField = Field<FieldValues>(
        "embedding", type: .object(EmbeddingOptions.stepDescription), default: nil,
        "The table of the items' embeddings.")
    static let encoderField = Field<ComponentChoice>(
        "encoder", type: .component(ComponentSlot(.sequenceEncoder)), default: nil,
        "What makes one vector of the embeddings.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "history", summary: "The user's previous items, as a sequence encoder sees them.",
        source: "TFRS's tutorial of sequential retrieval; GRU4Rec, Hidasi et al., 2016",
        fields: [
            columnField.description, encoderField.description,
            embeddingField.description, maxLengthField.description, orderByField.description,
            paddingField.description, maskPaddingField.description,
            LookupFields.numOOVIndices.description, StringLookup.vocabularyField.description,
            LookupFields.maxTokens.description, LookupFields.minFrequency.description,
        ]
    ) { values, components in
        var options = IndexLookup<UTF8Token>.Options(oovToken: UTF8Token("[UNK]"))
        options.numOOVIndices = values[LookupFields.numOOVIndices]
        options.maxTokens = values[LookupFields.maxTokens]
        options.minFrequency = values[LookupFields.minFrequency] ?? 0
        let embedding = try EmbeddingOptions(values[embeddingField], components)
        return try History(
            items: StringLookup(
                column: values[columnField], separator: nil,
                vocabulary: values[StringLookup.vocabularyField],
                minFrequency: values[LookupFields.minFrequency], lookup: options, idfWeights: nil,
                output: CategoricalOutput(embedding: embedding, mode: .int)),
            maximumLength: values[maxLengthField], orderBy: values[orderByField],
            padding: values[paddingField], masksPadding: values[maskPaddingField],
            embedding: embedding, encoder: components.chosen(.sequenceEncoder, values[encoderField])
        )
    }
}

extension EmbeddingOptions {
    /// The options without those that lists alone have.
    static let stepDescription = ObjectDescription(
        name: "step_embedding",
        fields: description.fields.filter {
            ![combinerField.name, maskZeroField.name].contains($0.name)
        })
}
