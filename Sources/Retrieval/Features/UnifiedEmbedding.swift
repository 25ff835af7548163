/// A feature in a table that many features share by hashing: feature multiplexing
/// (Coleman et al., 2023), `tfrs.layers.feature_multiplexing.UnifiedEmbedding`.
///
/// Each of the feature's `num_chunks` chunks hashes the value with a salt of its own,
/// [feature, chunk], into one of the `num_tables` tables in turn; the chunks' embeddings stand side
/// by side. Features are numbered in the order in which the spec names them, the query tower's
/// first.
public struct UnifiedEmbedding: FeatureDefinition {
    public var column: String
    /// What stands between the tokens of a row; nil: a row is one token.
    public var separator: String?
    /// The tables' name, by which features share them.
    public var table: String
    /// Rows of each table; at least 1.
    public var bucketsPerTable: Int
    /// Tables that the chunks take in turn; at least 1.
    public var numTables: Int
    /// Embeddings of a value, side by side; at least 1.
    public var numChunks: Int
    /// The options of the tables.
    public var embedding: EmbeddingOptions

    public var outputDimension: Int? { numChunks * embedding.outputDim }

    public var sharedTables: [SharedTableUse] {
        // The first stands for all of them: they are alike.
        var options = embedding
        options.table = Self.name(of: 0, in: table)
        return [SharedTableUse(options, rows: bucketsPerTable)].compactMap(\.self)
    }

    private static func name(of number: Int, in table: String) -> String { "\(table)_\(number)" }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let place = try builder.multiplex(
            into: table, buckets: bucketsPerTable, tables: numTables, chunks: numChunks)
        var chunks: [any FeatureEncoder] = []
        for chunk in 0..<numChunks {
            let buckets = try HashBuckets(
                numBins: bucketsPerTable, salt: [Int64(place.feature), Int64(chunk)])
            var options = embedding
            options.table = Self.name(of: (place.firstTable + chunk) % numTables, in: table)
            let parameter = try builder.addTable(
                options, rows: bucketsPerTable, vocabulary: nil, path: path)
            let lists = try Hashing.lists(input.values, column, separator: separator, buckets)
            if let single = lists.single {
                chunks.append(
                    IDEmbedding(indices: single, table: parameter, dimension: options.outputDim))
            } else {
                chunks.append(
                    EmbeddingBag(
                        lists: lists, table: parameter, dimension: options.outputDim,
                        combiner: options.combiner))
            }
        }
        return ConcatenatedEncoder(parts: chunks)
    }
}

/// The features that share one set of hashed tables.
struct MultiplexedTables: Sendable {
    var buckets: Int
    var tables: Int
    var features = 0
    var chunks = 0
}

extension ModelBuilder {
    /// Enters a feature into a set of hashed tables.
    ///
    /// - Returns: the feature's number, and the table of its first chunk.
    mutating func multiplex(
        into name: String, buckets: Int, tables: Int, chunks: Int
    ) throws(DataError) -> (feature: Int, firstTable: Int) {
        var shared =
            self[shared: MultiplexedTables.self, name]
            ?? MultiplexedTables(buckets: buckets, tables: tables)
        guard shared.buckets == buckets, shared.tables == tables else {
            throw .impossible(
                "features of the unified embedding '\(name)' require the same buckets_per_table "
                    + "and num_tables; found \(buckets) and \(tables) here, \(shared.buckets) and "
                    + "\(shared.tables) before")
        }
        defer {
            shared.features += 1
            shared.chunks += chunks
            self[shared: MultiplexedTables.self, name] = shared
        }
        return (shared.features, shared.chunks % tables)
    }
}

/// Encoders side by side.
struct ConcatenatedEncoder: FeatureEncoder {
    var parts: [any FeatureEncoder]

    var outputDimension: Int { parts.reduce(0) { $0 + $1.outputDimension } }

    var spreads: Bool { parts.allSatisfy(\.spreads) }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let encodings = parts.map { $0.encode(keys, parameters, context) }
        let widths = parts.map(\.outputDimension)
        return Encoding(embeddings: .concatenatingColumns(encodings.map(\.embeddings))) {
            gradient, gradients in
            for (encoding, part) in zip(encodings, gradient.splittingColumns(widths)) {
                encoding.pullback(part, &gradients)
            }
        }
    }
}

extension UnifiedEmbedding: SelfChecking {
    public func advice() -> [Advice] {
        embedding.advice().map { $0.inside(Self.embeddingField) }
    }
}

extension UnifiedEmbedding: CatalogComponent {
    static let tableField = Field("table", required: String.self, "The name of the shared tables.")
    static let bucketsField = Field<Int>(
        "buckets_per_table", default: nil, .between(1, and: Int(Int32.max)),
        "Rows of each of the tables.")
    static let tablesField = Field<Int>(
        "num_tables", default: 1, .between(1, and: 1024),
        "Tables that the chunks are dealt to in turn.")
    static let chunksField = Field<Int>(
        "num_chunks", default: 1, .between(1, and: 1024),
        "Embeddings of the feature, side by side, each hashed by itself.")
    static let embeddingField = Field<FieldValues>(
        "embedding", type: .object(EmbeddingOptions.description), default: nil,
        "The embeddings of one chunk.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "unified_embedding",
        summary: "Tokens or integers, hashed into tables that features share.",
        source: "tfrs.layers.feature_multiplexing.UnifiedEmbedding",
        fields: [
            StringLookup.columnField.description, tableField.description,
            bucketsField.description, embeddingField.description, tablesField.description,
            chunksField.description, StringLookup.separatorField.description,
        ]
    ) { values, components in
        try UnifiedEmbedding(
            column: values[StringLookup.columnField],
            separator: values[StringLookup.separatorField], table: values[tableField],
            bucketsPerTable: values[bucketsField], numTables: values[tablesField],
            numChunks: values[chunksField],
            embedding: EmbeddingOptions(values[embeddingField], components))
    }
}
