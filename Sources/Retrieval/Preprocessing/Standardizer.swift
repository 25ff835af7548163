/// Mean and variance of some columns, and the way to standardise by them, as
/// `tf.keras.layers.Normalization`.
///
/// `(x − mean) / max(√variance, 1e-7)` with the population variance. Batches are merged by running
/// weights in float32, as `adapt()` merges them.
public struct Standardizer: Sendable {
    /// What is subtracted from each column.
    public private(set) var mean: [Float]
    /// Whose root each column is divided by; population variances, at least 0.
    public private(set) var variance: [Float]
    private var count = 0

    /// Nothing learned yet: what follows stays as it is.
    public init(columns: Int) {
        mean = [Float](repeating: 0, count: columns)
        variance = [Float](repeating: 1, count: columns)
    }

    /// - Precondition: as many means as variances.
    public init(mean: [Float], variance: [Float]) {
        precondition(mean.count == variance.count, "a column has a mean and a variance")
        self.mean = mean
        self.variance = variance
    }

    /// Takes in one batch, [rows, columns].
    public mutating func adapt(_ batch: Matrix) {
        guard batch.rows > 0 else { return }
        let total = count + batch.rows
        let weight = Float(batch.rows) / Float(total)
        let existing = 1 - weight
        for column in mean.indices {
            let (batchMean, batchVariance) = moments(of: batch, column)
            let merged = mean[column] * existing + batchMean * weight
            let old = mean[column] - merged
            let new = batchMean - merged
            variance[column] =
                (variance[column] + old * old) * existing + (batchVariance + new * new) * weight
            mean[column] = merged
        }
        count = total
    }

    private func moments(of batch: Matrix, _ column: Int) -> (mean: Float, variance: Float) {
        var sum = 0.0
        for row in 0..<batch.rows { sum += Double(batch[row, column]) }
        let mean = Float(sum / Double(batch.rows))
        var squares = 0.0
        for row in 0..<batch.rows {
            let difference = Double(batch[row, column]) - Double(mean)
            squares += difference * difference
        }
        return (mean, Float(squares / Double(batch.rows)))
    }

    /// (value − mean) / max(√variance, 10⁻⁷), in float32.
    public func standardized(_ value: Float, column: Int = 0) -> Float {
        (value - mean[column]) / deviation(column)
    }

    /// The inverse of ``standardized(_:column:)``.
    public func restored(_ value: Float, column: Int = 0) -> Float {
        mean[column] + value * deviation(column)
    }

    private func deviation(_ column: Int) -> Float {
        max(variance[column].squareRoot(), 1e-7)
    }
}
