/// How an argument of a call lies over the pairs of Q queries and C candidates, by the rules by
/// which TensorFlow broadcasts it to [Q, C].
struct PairLayout {
    /// 1, or as many as there are queries.
    private let rows: Int
    /// 1, or as many as there are candidates.
    private let columns: Int
    private let queries: Int
    private let candidates: Int

    /// - Parameters:
    ///   - shape: the argument's; nil: [C], [1] or [Q, C], the first that holds `count` numbers.
    /// - Throws: where the shape does not broadcast, or does not hold `count` numbers.
    init(
        _ argument: String, shape: [Int]?, count: Int, queries: Int, candidates: Int
    ) throws(RetrievalError) {
        self.queries = queries
        self.candidates = candidates
        let known = [[candidates], [1], [queries, candidates]]
        let found = shape ?? known.first { $0.reduce(1, *) == count } ?? [count]
        // Shorter shapes are as if ones stood before them.
        let padded = [1, 1] + found
        rows = padded[padded.count - 2]
        columns = padded[padded.count - 1]
        guard padded.dropLast(2).allSatisfy({ $0 == 1 }), [1, queries].contains(rows),
            [1, candidates].contains(columns), rows * columns == count
        else {
            throw .shapeMismatch(
                argument: argument,
                required: "a shape that broadcasts to [\(queries), \(candidates)]",
                found: shape.map { "shape \($0) with \(count) values" } ?? "shape \(found)")
        }
    }

    /// A value for each candidate, [C], where all queries have the same; else nil.
    func forCandidates<Element>(_ values: [Element]) -> [Element]? {
        guard rows == 1 else { return nil }
        return columns == candidates
            ? values : [Element](repeating: values[0], count: candidates)
    }

    /// A value for each pair, [Q, C] row by row.
    func forPairs<Element>(_ values: [Element]) -> [Element] {
        (0..<queries).flatMap { query in
            let start = rows == 1 ? 0 : query * columns
            return columns == candidates
                ? Array(values[start..<start + candidates])
                : [Element](repeating: values[start], count: candidates)
        }
    }
}
