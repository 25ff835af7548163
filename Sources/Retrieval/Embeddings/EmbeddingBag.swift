/// An embedding of a list of indices per input: Keras's `Embedding` followed by
/// `GlobalAveragePooling1D`, or another combiner.
///
/// An empty list is all zeros, where Keras's masked mean divides 0 by 0.
public struct EmbeddingBag: FeatureEncoder {
    public let outputDimension: Int
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
        var owners: [Int32] = []
        var scales: [Float] = []
        for (owner, key) in keys.enumerated() {
            let list = lists.list(ofKey: key)
            rows.append(contentsOf: list)
            owners.append(contentsOf: repeatElement(Int32(owner), count: list.count))
            scales.append(combiner.scale(ofCount: list.count))
        }
        var sums = Matrix(rows: keys.count, columns: outputDimension)
        Embedding.scatterAdd(Embedding.gather(parameters[table], rows), at: owners, into: &sums)
        return Encoding(embeddings: sums.scalingRows(scales)) {
            [table, rows, owners, scales] gradient, gradients in
            let spread = Embedding.gather(gradient.scalingRows(scales), owners)
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
