/// What a call of the task scores candidates with: one embedding for each query, or several heads
/// of which the best counts for each candidate.
public struct QueryEmbeddings: Hashable, Sendable {
    /// [Q, D]; with heads [Q · H, D], the heads of one query after each other.
    public let values: Matrix
    /// H; nil for queries of one embedding, [Q, D] in TFRS. A single head, [Q, 1, D], scores the
    /// same but, as in TFRS, has no metrics over the corpus.
    public let heads: Int?

    /// One embedding for each query, [Q, D].
    public init(_ values: Matrix) {
        self.values = values
        heads = nil
    }

    /// - Parameter values: [Q · H, D], the heads of one query after each other.
    /// - Throws: ``RetrievalError/shapeMismatch(argument:required:found:)`` where the rows do not
    ///   divide into `heads`, at least 1.
    public init(_ values: Matrix, heads: Int) throws(RetrievalError) {
        guard heads >= 1, values.rows.isMultiple(of: heads) else {
            throw .shapeMismatch(
                argument: "queryEmbeddings", required: "rows of \(heads) heads each, at least 1",
                found: "\(values.rows) rows")
        }
        self.values = values
        self.heads = heads
    }

    /// The number of queries, Q.
    public var count: Int { values.rows / (heads ?? 1) }
}
