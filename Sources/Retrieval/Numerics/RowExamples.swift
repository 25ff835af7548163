/// The examples of a batch, grouped by the row that scores them.
package struct RowExamples: Sendable {
    /// Examples of row r stand at `offsets[r]..<offsets[r + 1]`.
    package let offsets: [Int]
    /// The positive's column of each grouped example; -1 where it has none.
    package private(set) var positives: [Int32]
    /// The sample weight of each grouped example.
    package let weights: [Float]
    /// Where each grouped example stands in the batch.
    package let batchIndex: [Int32]

    package var count: Int { positives.count }

    /// Groups the examples by row; within a row they keep the batch's order.
    package init(rowOf: [Int32], rows: Int, positives: [Int32], weights: [Float]?) {
        offsets = groupOffsets(rowOf, count: rows)
        let count = rowOf.count
        // Where the next example of each row goes.
        var next = offsets
        let batchIndex = [Int32](unsafeUninitializedCapacity: count) { result, initialized in
            for index in 0..<count {
                let row = Int(rowOf[index])
                result[next[row]] = Int32(truncatingIfNeeded: index)
                next[row] += 1
            }
            initialized = count
        }
        self.batchIndex = batchIndex
        self.positives = batchIndex.map { positives[Int($0)] }
        self.weights =
            weights.map { weights in batchIndex.map { weights[Int($0)] } }
            ?? [Float](repeating: 1, count: count)
    }

    /// One example a row: example i is row i, its positive is column i while there is one.
    package init(diagonal rows: Int, columns: Int, weights: [Float]?) {
        offsets = Array(0...rows)
        positives = (0..<rows).map { $0 < columns ? Int32($0) : -1 }
        self.weights = weights ?? [Float](repeating: 1, count: rows)
        batchIndex = (0..<rows).map(Int32.init)
    }

    /// Σ wᵢ·vᵢ of grouped examples, each product rounded to a float.
    func weightedSum(of values: UnsafePointer<Float>, at slots: Range<Int>) -> Double {
        weights.withUnsafeBufferPointer { weights in
            var sum = 0.0
            for slot in slots { sum += Double(weights[slot] * values[slot]) }
            return sum
        }
    }

    /// The same where column j stands at `places[j]`.
    func withPositives(movedTo places: [Int32]) -> RowExamples {
        var moved = self
        for slot in positives.indices where positives[slot] >= 0 {
            moved.positives[slot] = places[Int(positives[slot])]
        }
        return moved
    }
}
