/// Scores every candidate, from a snapshot of all their embeddings:
/// `tfrs.layers.factorized_top_k.BruteForce`.
public struct BruteForce: CandidateIndex {
    public let count: Int
    private let matrix: Matrix
    private let packed: LaneBuffer<Float>
    private let magnitude: Float

    /// - Parameter embeddings: of the candidates, [count, D].
    public init(_ embeddings: Matrix) {
        matrix = embeddings
        count = embeddings.rows
        packed = PackedColumns.pack(embeddings)
        magnitude = Kernels.maxAbs(embeddings.values, embeddings.values.count)
    }

    public var requiresEnoughCandidates: Bool { true }

    public func embeddings(at places: [Int32]) -> Matrix { Rows.gather(matrix, places) }

    public func search(_ request: CorpusRequest, lanes: Lanes) -> CorpusResponse {
        let scan = CorpusScan(request, count: count, lanes: lanes)
        scan.add(matrix, packed, magnitude: magnitude, first: 0)
        return scan.finish()
    }
}
