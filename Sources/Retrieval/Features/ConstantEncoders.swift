/// A vector of fixed numbers per input: a numeric feature.
public struct NumericEncoder: FeatureEncoder {
    /// [keys, outputDimension].
    let values: Matrix

    public init(values: Matrix) {
        self.values = values
    }

    public var outputDimension: Int { values.columns }

    public var spreads: Bool { true }

    public func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        Encoding(embeddings: Rows.gather(values, keys)) { _, _ in }
    }
}

/// A mostly empty vector of fixed numbers per input: a one-hot, multi-hot, counted or weighted
/// list of indices. Only what is not 0 is kept.
public struct HotEncoder: FeatureEncoder {
    public let outputDimension: Int
    public var spreads: Bool { true }
    private let valueOfKey: [Int32]
    private var entries = Ragged<(index: Int32, value: Float)>()
    /// Of each index, where values are weighted counts.
    private let weights: [Float]

    /// - Parameter weights: of each index, for `tf_idf`.
    public init(_ lists: IndexLists, mode: OutputMode, depth: Int, weights: [Float] = []) {
        outputDimension = depth
        valueOfKey = lists.valueOfKey
        self.weights = mode == .tfIDF ? weights : []
        for value in 0..<lists.lists.count {
            let all = mode.entries(of: lists.lists[value], weights: weights)
            entries.append(all.lazy.filter { $0.index < depth })
        }
    }

    /// The indices of a key's tokens, each as often as it counts.
    func indices(ofKey key: Int32) -> [Int32] {
        entries[Int(valueOfKey[Int(key)])].flatMap { index, value in
            let weight = weights.isEmpty ? 1 : weights[Int(index)]
            let count = weight > 0 ? Int((value / weight).rounded()) : 1
            return [Int32](repeating: index, count: max(1, count))
        }
    }

    public func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        var vectors = Matrix(rows: keys.count, columns: outputDimension)
        for (row, key) in keys.enumerated() {
            for entry in entries[Int(valueOfKey[Int(key)])] {
                vectors[row, Int(entry.index)] = entry.value
            }
        }
        return Encoding(embeddings: vectors) { _, _ in }
    }
}
