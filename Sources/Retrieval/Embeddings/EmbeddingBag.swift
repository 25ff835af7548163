/// An embedding of a list of indices per input: Keras's `Embedding` followed by
/// `GlobalAveragePooling1D`, or another combiner.
///
/// An empty list is all zeros, where Keras's masked mean divides 0 by 0.
public struct EmbeddingBag: FeatureEncoder {
    public let outputDimension: Int
    public var spreads: Bool { true }
    let lists: IndexLists
    let table: ParameterID
    let combiner: Combiner

    /// - Parameter table: a parameter of shape [indices, dimension].
    public init(lists: IndexLists, table: ParameterID, dimension: Int, combiner: Combiner) {
        self.lists = lists
        self.table = table
        self.combiner = combiner
        outputDimension = dimension
    }

    public func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        var rows: [Int32] = []
        var offsets: [Int32] = [0]
        var scales: [Float] = []
        offsets.reserveCapacity(keys.count + 1)
        scales.reserveCapacity(keys.count)
        for key in keys {
            let list = lists.list(ofKey: key)
            rows.append(contentsOf: list)
            offsets.append(Int32(rows.count))
            scales.append(combiner.scale(ofCount: list.count))
        }
        let lanes = context.lanes
        let found = parameters.lookUp(rows, in: table, context)
        let sums = Rows.segmentSums(
            found.matrix, Groups(offsets: offsets, members: found.places), lanes)
        return Encoding(embeddings: sums.scalingRows(scales)) {
            [table, rows, offsets, scales] gradient, gradients in
            let owners = scales.indices.flatMap {
                repeatElement(Int32($0), count: Int(offsets[$0 + 1] - offsets[$0]))
            }
            let spread = Rows.gather(gradient.scalingRows(scales), owners, lanes)
            gradients.add(.sparse(indices: rows, rows: spread), to: table)
        }
    }
}

extension Matrix {
    /// Each row times its scale.
    func scalingRows(_ scales: [Float]) -> Matrix {
        var scaled = self
        scaled.values.withUnsafeMutableBufferPointer { values in
            for (row, scale) in scales.enumerated() where scale != 1 {
                for index in (row * columns)..<((row + 1) * columns) { values[index] *= scale }
            }
        }
        return scaled
    }
}
