import Retrieval
import Testing

/// Lists of indices become one embedding, and its gradient goes back to the table's rows.
struct EmbeddingBagTests {
    private func lists() -> IndexLists {
        var lists = IndexLists(valueOfKey: [0, 1, 2, 0])
        lists.append([1, 3, 3])
        lists.append([])
        lists.append([2])
        return lists
    }

    @Test(arguments: Combiner.allCases)
    func gradientsAreThoseOfFiniteDifferences(combiner: Combiner) {
        var parameters = Parameters()
        let values = (0..<8).map { Float($0 * $0 % 7) - 2 }
        let table = parameters.add("table", Matrix(rows: 4, columns: 2, values: values))
        let bag = EmbeddingBag(lists: lists(), table: table, dimension: 2, combiner: combiner)
        let keys: [Int32] = [0, 1, 2, 3]
        let weights: [Float] = [1, -2, 3, 0.5, -1, 4, 0.25, 2]
        func loss(_ parameters: Parameters) -> Float {
            zip(bag.encode(keys, parameters, .inference).embeddings.values, weights)
                .reduce(0) { $0 + $1.0 * $1.1 }
        }
        let encoding = bag.encode(keys, parameters, .inference)
        #expect(Array(encoding.embeddings.row(1)) == [0, 0])
        #expect(encoding.embeddings.row(0) == encoding.embeddings.row(3).map { $0 }[...])
        var gradients = Gradients()
        encoding.pullback(Matrix(rows: 4, columns: 2, values: weights), &gradients)
        var dense = [Float](repeating: 0, count: 8)
        guard case .sparse(let indices, let rows)? = gradients[table] else {
            Issue.record("no sparse gradient")
            return
        }
        for (row, index) in indices.enumerated() {
            for column in 0..<2 { dense[Int(index) * 2 + column] += rows[row, column] }
        }
        for place in 0..<8 {
            func moved(_ by: Float) -> Float {
                var other = Parameters()
                var values = values
                values[place] += by
                _ = other.add("table", Matrix(rows: 4, columns: 2, values: values))
                return loss(other)
            }
            let difference = (moved(0.5) - moved(-0.5))
            #expect(abs(difference - dense[place]) < 1e-4, "\(place)")
        }
    }
}
