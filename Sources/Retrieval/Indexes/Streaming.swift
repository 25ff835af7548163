/// Scores every candidate, encoding them batch after batch while it searches:
/// `tfrs.layers.factorized_top_k.Streaming`. The memory it needs does not grow with the corpus.
public struct Streaming: CandidateIndex {
    public let count: Int
    /// Candidates that are scored at a time; at least 1.
    public let batchSize: Int
    /// The embeddings at some places, [places.count, D].
    private let encode: @Sendable (_ places: [Int32]) -> Matrix

    /// - Parameters:
    ///   - batchSize: candidates that are encoded at once, at least 1.
    ///   - encode: the embeddings at some places; a place's must not depend on the others.
    public init(
        count: Int, batchSize: Int, encode: @escaping @Sendable (_ places: [Int32]) -> Matrix
    ) {
        precondition(batchSize >= 1, "a batch holds a candidate")
        self.count = count
        self.batchSize = batchSize
        self.encode = encode
    }

    /// Streams embeddings, [count, D], that are there already.
    public init(_ embeddings: Matrix, batchSize: Int) {
        self.init(count: embeddings.rows, batchSize: batchSize) {
            Rows.gather(embeddings, $0)
        }
    }

    public func embeddings(at places: [Int32]) -> Matrix { encode(places) }

    public func search(_ request: CorpusRequest, lanes: Lanes) -> CorpusResponse {
        let scan = CorpusScan(request, count: count, lanes: lanes)
        for start in stride(from: 0, to: count, by: batchSize) {
            let end = min(start + batchSize, count)
            let batch = encode(Array(Int32(start)..<Int32(end)))
            scan.add(
                batch, PackedColumns.pack(batch),
                magnitude: Kernels.maxAbs(batch.values, batch.values.count), first: start)
        }
        return scan.finish()
    }
}
