/// The streaming summary from which `tf.keras.layers.Discretization` learns its boundaries: values
/// at even steps of each sorted batch with their weights, merged and compressed to within
/// `epsilon`. It is float32, and the order of the batches matters, as in Keras.
public struct QuantileSketch: Sendable {
    private let epsilon: Double
    private var values: [Float] = []
    private var weights: [Float] = []

    /// - Parameter epsilon: Keras's; about 1/epsilon points are kept.
    public init(epsilon: Double = 0.01) {
        self.epsilon = epsilon
    }

    /// Takes in all values, in batches as `adapt()` cuts them.
    public mutating func add(_ values: [Float], batchSize: Int) {
        for start in stride(from: 0, to: values.count, by: batchSize) {
            add(values[start..<min(start + batchSize, values.count)])
        }
    }

    /// Takes in one batch.
    public mutating func add(_ batch: some Sequence<Float>) {
        let sorted = batch.sorted()
        let increment = Int(Float(sorted.count) / Float(1 / epsilon))
        let step = max(increment, 1)
        // What came first among equal values stays first: the new batch, then what was known.
        var merged = stride(from: increment, to: sorted.count, by: step).map {
            (value: sorted[$0], weight: Float(step))
        }
        merged += zip(values, weights).map { (value: $0, weight: $1) }
        let order = merged.indices.sorted {
            (merged[$0].value, $0) < (merged[$1].value, $1)
        }
        values = order.map { merged[$0].value }
        weights = order.map { merged[$0].weight }
        (values, weights) = compressed(to: epsilon)
    }

    /// The boundaries of bins of about equal weight, one fewer than bins, ascending.
    public func boundaries(numBins: Int) -> [Float] {
        guard numBins > 0 else { return [] }
        return compressed(to: 1 / Double(numBins)).values.dropLast()
    }

    /// The summary cut down to points at even shares of the weight.
    private func compressed(to epsilon: Double) -> (values: [Float], weights: [Float]) {
        guard Double(values.count) * epsilon >= 1 else { return (values, weights) }
        var sum: Float = 0
        let cumulated = weights.map { weight in
            sum += weight
            return sum
        }
        let shares = cumulated.map { Double($0 / sum) }
        let points = (0..<Int((1 / epsilon).rounded(.up))).map { epsilon + Double($0) * epsilon }
        var before = 0.0
        var newValues: [Float] = []
        var newWeights: [Float] = []
        for point in points {
            let at = position(of: point, in: shares)
            newValues.append(Float(interpolate(values, shares, point, at)))
            let weight = interpolate(cumulated, shares, point, at)
            newWeights.append(Float(weight - before))
            before = weight
        }
        return (newValues, newWeights)
    }

    /// The last of `shares` that is not above the point; −1 where the first one is.
    private func position(of point: Double, in shares: [Double]) -> Int {
        shares.partitionPoint { $0 > point } - 1
    }

    /// Linear between points, constant beyond them, as `numpy.interp`.
    private func interpolate(
        _ values: [Float], _ shares: [Double], _ point: Double, _ at: Int
    ) -> Double {
        guard at >= 0 else { return Double(values[0]) }
        guard at + 1 < values.count, shares[at] != point else { return Double(values[at]) }
        let slope =
            (Double(values[at + 1]) - Double(values[at])) / (shares[at + 1] - shares[at])
        return slope * (point - shares[at]) + Double(values[at])
    }
}
