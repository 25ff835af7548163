/// The candidates that each query has in training: a score mask hides them from its negatives.
public struct SeenItems: Sendable {
    private let offsets: [Int]
    private let candidates: [Int32]

    /// - Parameter queryEntityCount: query entities are below this number.
    public init(_ training: Examples, queryEntityCount: Int) {
        var seen = [Set<Int32>](repeating: [], count: queryEntityCount)
        for (query, candidate) in zip(training.queryEntities, training.candidateKeys) {
            seen[Int(query)].insert(candidate)
        }
        var offsets = [0]
        var candidates: [Int32] = []
        for keys in seen {
            candidates += keys.sorted()
            offsets.append(candidates.count)
        }
        self.offsets = offsets
        self.candidates = candidates
    }

    /// Calls `body` with each candidate of a query entity, in increasing order.
    @inline(__always)
    func forEachCandidate(of query: Int32, _ body: (Int32) -> Void) {
        let range = offsets[Int(query)]..<offsets[Int(query) + 1]
        candidates.withUnsafeBufferPointer { candidates in
            for index in range { body(candidates[index]) }
        }
    }

    /// The candidates of a query entity, in increasing order.
    public func candidates(of query: Int32) -> ArraySlice<Int32> {
        candidates[offsets[Int(query)]..<offsets[Int(query) + 1]]
    }
}
