/// What becomes of a feature's indices: an embedding, or an encoding of ones and counts.
public struct CategoricalOutput: Sendable {
    /// The table that indices are looked up in; nil for a vector without one.
    public var embedding: EmbeddingOptions?
    /// `int` for an embedding; another for a vector of ones, counts or weights.
    public var mode: OutputMode

    public init(embedding: EmbeddingOptions?, mode: OutputMode) {
        self.embedding = embedding
        self.mode = mode
    }

    init(_ values: FieldValues, _ components: Components) throws {
        embedding = try values[Self.embeddingField].map { try EmbeddingOptions($0, components) }
        mode = values[Self.modeField]
    }

    /// For features whose values have no frequencies.
    init(unweighted values: FieldValues, _ components: Components) throws {
        embedding = try values[Self.embeddingField].map { try EmbeddingOptions($0, components) }
        mode = values[Self.unweightedModeField].mode
    }

    static let embeddingField = Field<FieldValues?>(
        "embedding", type: .optional(.object(EmbeddingOptions.description)), default: .null,
        "The table of embeddings; for the output mode int.")
    static let modeField = Field<OutputMode>(
        "output_mode", default: .int,
        "int for an embedding; one_hot, multi_hot, count or tf_idf for a vector without one.")

    static let unweightedModeField = Field<UnweightedOutputMode>(
        "output_mode", default: .int,
        "int for an embedding; one_hot, multi_hot or count for a vector without one.")

    /// An embedding goes with indices and with nothing else.
    func check() throws(DataError) {
        if mode == .int, embedding == nil {
            throw .impossible(
                "a feature of indices requires 'embedding', or an 'output_mode' other than int")
        }
        if mode != .int, embedding != nil {
            throw .impossible(
                "'embedding' requires the output mode int; found \(mode.rawValue)")
        }
    }

    /// What is to be said of the embedding.
    func advice() -> [Advice] {
        (embedding?.advice() ?? []).map { $0.inside(Self.embeddingField) }
    }

    /// The table, where it is a shared one.
    ///
    /// - Parameter rows: indices that the feature has; nil where data tell that.
    func sharedTables(rows: Int?) -> [SharedTableUse] {
        [SharedTableUse(embedding, rows: rows)].compactMap(\.self)
    }

    /// Makes the encoder.
    ///
    /// - Parameters:
    ///   - lists: the indices of each key, below `depth`.
    ///   - vocabulary: what each index stands for; nil where it stands for no token.
    ///   - weights: of each index, for `tf_idf`.
    func prepare(
        _ lists: IndexLists, depth: Int, vocabulary: [String?]? = nil, weights: [Float] = [],
        path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        try check()
        switch (mode, embedding) {
        case (.int, let options?):
            let table = try builder.addTable(
                options, rows: depth, vocabulary: vocabulary, path: path)
            if let single = lists.single {
                return IDEmbedding(indices: single, table: table, dimension: options.outputDim)
            }
            return EmbeddingBag(
                lists: options.maskZero ? lists.dropping(0) : lists, table: table,
                dimension: options.outputDim, combiner: options.combiner)
        default:
            if mode == .oneHot && lists.single == nil && !lists.holdsAtMostOne {
                throw DataError.impossible(
                    "the output mode one_hot requires one value in each row; found a list: "
                        + "multi_hot is for lists")
            }
            guard depth <= 1 << 20 else {
                throw DataError.impossible(
                    "a vector of \(depth) numbers in each row is too wide; an embedding is not")
            }
            return HotEncoder(lists, mode: mode, depth: depth, weights: weights)
        }
    }
}
