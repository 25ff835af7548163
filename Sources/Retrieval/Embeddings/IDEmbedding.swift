/// An embedding of one id per input: Keras's `StringLookup` followed by `Embedding`.
public struct IDEmbedding: FeatureEncoder {
    public let outputDimension: Int
    public var spreads: Bool { true }
    /// The table's row of each key.
    let indices: [Int32]
    let table: ParameterID

    /// - Parameters:
    ///   - indices: the vocabulary index of each key, each a row of `table`.
    ///   - table: a parameter of shape [vocabulary size, dimension].
    public init(indices: [Int32], table: ParameterID, dimension: Int) {
        self.indices = indices
        self.table = table
        outputDimension = dimension
    }

    public func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let rows = keys.map { indices[Int($0)] }
        let found = parameters.lookUp(rows, in: table, context)
        return Encoding(embeddings: Rows.gather(found.matrix, found.places, context.lanes)) {
            [table] gradient, gradients in
            gradients.add(.sparse(indices: rows, rows: gradient), to: table)
        }
    }
}

extension IDEmbedding: TableReader {}
