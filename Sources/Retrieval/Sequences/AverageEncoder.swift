/// The mean of a sequence's vectors, the last ones weighing most where `decay` is below 1:
/// `Σ decayᵃ·xₐ / Σ decayᵃ`, where a is how many steps a vector stands before the last.
///
/// Padding counts for nothing. A sequence of nothing but padding is a vector of zeros, where
/// `tf.keras.layers.GlobalAveragePooling1D` divides 0 by 0.
public struct AverageEncoder: SequenceEncoder {
    public let outputDimension: Int
    /// What an item's weight is multiplied by for each step into the past, in 0 ... 1; 1: the plain
    /// mean.
    public let decay: Float

    public init(dimension: Int, decay: Float = 1) {
        outputDimension = dimension
        self.decay = decay
    }

    public func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let weights = weights(of: batch)
        let (columns, length) = (batch.dimension, batch.length)
        var sums = Matrix(rows: batch.count, columns: columns)
        sums.values.withUnsafeMutableBufferPointer { sums in
            batch.vectors.values.withUnsafeBufferPointer { vectors in
                for (row, weight) in weights.enumerated() where weight != 0 {
                    Kernels.axpy(
                        sums.baseAddress! + row / length * columns,
                        vectors.baseAddress! + row * columns, weight, columns)
                }
            }
        }
        return LayerOutput(outputs: sums) { gradient, _ in
            var result = Matrix(rows: weights.count, columns: columns)
            result.values.withUnsafeMutableBufferPointer { result in
                gradient.values.withUnsafeBufferPointer { gradient in
                    for (row, weight) in weights.enumerated() where weight != 0 {
                        Kernels.axpy(
                            result.baseAddress! + row * columns,
                            gradient.baseAddress! + row / length * columns, weight, columns)
                    }
                }
            }
            return result
        }
    }

    /// What each step weighs; those of a sequence add up to 1, or are all 0.
    private func weights(of batch: SequenceBatch) -> [Float] {
        var weights = [Float](repeating: 0, count: batch.vectors.rows)
        for sequence in 0..<batch.count {
            let steps = (0..<batch.length).filter { batch.isStep(sequence, $0) }
            var (weight, total): (Float, Float) = (1, 0)
            for step in steps.reversed() {
                weights[sequence * batch.length + step] = weight
                total += weight
                weight *= decay
            }
            for step in steps { weights[sequence * batch.length + step] /= total }
        }
        return weights
    }
}

/// `average` and `decayed_average` as a spec declares them.
public struct AverageDefinition: SequenceEncoderDefinition {
    /// What an item's weight is multiplied by for each step into the past, in 0 ... 1.
    public var decay: Double

    public func prepare(
        dimension: Int, length: Int, path: String, _ builder: inout ModelBuilder
    ) -> any SequenceEncoder {
        AverageEncoder(dimension: dimension, decay: Float(decay))
    }
}

extension AverageDefinition: CatalogComponent {
    public static let entry = ComponentEntry<any SequenceEncoderDefinition>(
        "average", summary: "The mean of the items' embeddings.",
        source: "tf.keras.layers.GlobalAveragePooling1D"
    ) { _ in AverageDefinition(decay: 1) }

    static let decayField = Field<Double>(
        "decay", default: 0.8, Bounds(lower: .exclusive(0), upper: .inclusive(1)),
        "What an item weighs beside the next later one.")

    /// `decayed_average`.
    public static let decayedEntry = ComponentEntry<any SequenceEncoderDefinition>(
        "decayed_average",
        summary: "The mean of the items' embeddings, later ones weighing more.",
        source: "exponentially weighted mean", fields: [decayField.description]
    ) { AverageDefinition(decay: $0[decayField]) }
}
