/// The candidates that each query has in training: a score mask hides them from its negatives.
public struct SeenItems: Sendable {
    private let candidates: Ragged<Int32>

    /// - Parameter queryEntityCount: query entities are below this number.
    public init(_ training: Examples, queryEntityCount: Int) {
        var seen = [Set<Int32>](repeating: [], count: queryEntityCount)
        for (query, candidate) in zip(training.queryEntities, training.candidateKeys) {
            seen[Int(query)].insert(candidate)
        }
        candidates = Ragged(seen.lazy.map { $0.sorted() })
    }

    /// Calls `body` with each candidate of a query entity, in increasing order.
    @inline(__always)
    func forEachCandidate(of query: Int32, _ body: (Int32) -> Void) {
        candidates.forEach(of: Int(query), body)
    }

    /// The candidates of a query entity, in increasing order.
    public func candidates(of query: Int32) -> ArraySlice<Int32> {
        candidates[Int(query)]
    }
}
