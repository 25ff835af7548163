/// The mean of a sequence's vectors, the last ones weighing most where `decay` is below 1:
/// `Σ decayᵃ·xₐ / Σ decayᵃ`, where a is how many steps a vector stands before the last.
///
/// The mean of nothing is a vector of zeros, where `tf.keras.layers.GlobalAveragePooling1D`
/// divides 0 by 0.
public struct AverageEncoder: SequenceEncoder {
    public let outputDimension: Int
    /// What an item's weight is multiplied by for each step into the past, in 0 ... 1; 1: the plain
    /// mean.
    public let decay: Float

    public init(dimension: Int, decay: Float = 1) {
        outputDimension = dimension
        self.decay = decay
    }

    public var stepCost: Int? { 4 * outputDimension }

    /// The sums after each step are `sum ← decay · sum + x`, so that one pass over a sequence
    /// serves all its places; the way back is the same sum from the end.
    public func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let readers = batch.placesByStep()
        let shares = shares(upTo: batch)
        let (columns, decay) = (batch.dimension, decay)
        let outputs = Matrix.zeros(rows: batch.places.count, columns: columns) { outputs in
            forEachSequence(of: batch, context.lanes) { steps, sum in
                batch.vectors.values.withUnsafeBufferPointer { vectors in
                    for step in steps {
                        let vector = vectors.baseAddress! + step * columns
                        for column in 0..<columns {
                            sum[column] = decay * sum[column] + vector[column]
                        }
                        let share = shares[step - steps.lowerBound]
                        readers.forEach(of: step) {
                            let output = outputs.pointer + Int($0) * columns
                            for column in 0..<columns { output[column] = share * sum[column] }
                        }
                    }
                }
            }
        }
        return LayerOutput(outputs: outputs) { gradient, _ in
            .zeros(rows: batch.steps, columns: columns) { vectors in
                forEachSequence(of: batch, context.lanes) { steps, sum in
                    gradient.values.withUnsafeBufferPointer { gradient in
                        for step in steps.reversed() {
                            let share = shares[step - steps.lowerBound]
                            for column in 0..<columns { sum[column] *= decay }
                            readers.forEach(of: step) {
                                let own = gradient.baseAddress! + Int($0) * columns
                                for column in 0..<columns { sum[column] += share * own[column] }
                            }
                            (vectors.pointer + step * columns).update(from: sum, count: columns)
                        }
                    }
                }
            }
        }
    }

    /// 1 / Σ decayᵃ after each step of the longest sequence.
    private func shares(upTo batch: SequenceBatch) -> [Float] {
        var total: Float = 0
        let longest = (0..<batch.count).map { batch.steps(of: $0).count }.max() ?? 0
        return (0..<longest).map { _ in
            total = decay * total + 1
            return 1 / total
        }
    }

    /// Calls `body` with the steps of each sequence and a sum that starts at 0.
    private func forEachSequence(
        of batch: SequenceBatch, _ lanes: Lanes,
        _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Float>) -> Void
    ) {
        let columns = batch.dimension
        let cost = 4 * columns * (1 + batch.steps / max(1, batch.count))
        lanes.forEachRange(of: batch.count, cost: cost) { sequences in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, columns)) { sum in
                for sequence in sequences {
                    sum.update(repeating: 0)
                    body(batch.steps(of: sequence), sum.baseAddress!)
                }
            }
        }
    }
}

/// `average` and `decayed_average` as a spec declares them.
public struct AverageDefinition: SequenceEncoderDefinition {
    /// What an item's weight is multiplied by for each step into the past, in 0 ... 1.
    public var decay: Double

    public func outputDimension(of dimension: Int) -> Int? { dimension }

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
