/// Sequences of vectors of one length; shorter ones are padded, on either side or in between.
package struct PaddedSequences: Sendable {
    /// [count · length, dimension], the steps of one sequence after each other.
    package var vectors: Matrix
    /// Steps of each sequence, at least 1.
    package let length: Int
    /// Whether each step, in the order of ``vectors``, is one; false: padding. Nil: all are.
    package var mask: [Bool]?

    package init(vectors: Matrix, length: Int, mask: [Bool]? = nil) {
        precondition(length > 0 && vectors.rows % length == 0, "sequences of \(length) steps")
        precondition(mask.map { $0.count == vectors.rows } ?? true, "one flag per step")
        self.vectors = vectors
        self.length = length
        self.mask = mask
    }

    package var count: Int { vectors.rows / length }

    package func isStep(_ sequence: Int, _ step: Int) -> Bool {
        mask?[sequence * length + step] ?? true
    }
}

extension PaddedSequences {
    /// The sequences of a batch, padded on the right.
    init(_ batch: SequenceBatch) {
        let length = max(1, (0..<batch.count).map { batch.steps(of: $0).count }.max() ?? 1)
        var vectors = Matrix(rows: batch.count * length, columns: batch.dimension)
        var mask = [Bool](repeating: false, count: batch.count * length)
        let rows = Self.rows(of: batch, length: length)
        Rows.scatterAdd(batch.vectors, at: rows, into: &vectors)
        for row in rows { mask[Int(row)] = true }
        self.init(vectors: vectors, length: length, mask: mask)
    }

    /// Where each step of a batch stands among those of the padded sequences.
    static func rows(of batch: SequenceBatch, length: Int) -> [Int32] {
        (0..<batch.count).flatMap { sequence in
            (0..<batch.steps(of: sequence).count).map { Int32(sequence * length + $0) }
        }
    }
}

extension Matrix {
    /// Rows `first`, `first + length`, … : one step of all sequences, [rows / length, columns].
    func step(_ first: Int, of length: Int) -> Matrix {
        let count = rows / length
        return Matrix(rows: count, columns: columns) { target in
            values.withUnsafeBufferPointer { source in
                for sequence in 0..<count {
                    (target + sequence * columns).initialize(
                        from: source.baseAddress! + (sequence * length + first) * columns,
                        count: columns)
                }
            }
        }
    }

    /// Puts one step of all sequences in its place, the inverse of ``step(_:of:)``.
    mutating func setStep(_ first: Int, of length: Int, to step: Matrix) {
        let columns = columns
        values.withUnsafeMutableBufferPointer { target in
            step.values.withUnsafeBufferPointer { source in
                for sequence in 0..<step.rows {
                    (target.baseAddress! + (sequence * length + first) * columns).update(
                        from: source.baseAddress! + sequence * columns, count: columns)
                }
            }
        }
    }
}
