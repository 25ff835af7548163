/// The softmax of one row, taken about the row's true maximum so that it cannot underflow.
struct RowSoftmax {
    let maximum: Float
    /// Σⱼ countⱼ · exp(zⱼ − maximum).
    let sum: Float
    let logSum: Float

    /// Replaces each logit by `count · exp(logit − maximum)`; divide by ``sum`` for the softmax.
    init(replacing row: UnsafeMutableBufferPointer<Float>, counts: [Float]?) {
        var maximum: Float = 0
        let sum = Kernels.expMaxSum(row.baseAddress, row.count, counts, &maximum)
        self.init(maximum: maximum, sum: sum)
    }

    private init(maximum: Float, sum: Float) {
        self.maximum = maximum
        self.sum = sum
        logSum = Kernels.log(sum)
    }

    /// The softmax of the same row with one column's term replaced. Where that column holds most of
    /// the sum, the terms are summed afresh: a subtraction would cancel.
    func replacing(
        column: Int, by term: Float, in row: UnsafeMutableBufferPointer<Float>
    ) -> RowSoftmax {
        let old = row[column]
        if old <= sum / 2 { return RowSoftmax(maximum: maximum, sum: sum - old + term) }
        row[column] = term
        defer { row[column] = old }
        return RowSoftmax(maximum: maximum, sum: Kernels.sum(row.baseAddress, row.count))
    }
}
