/// The user's history as one vector: the embeddings of its last items, padded to one length, and
/// what a sequence encoder makes of them.
struct HistoryEncoder: FeatureEncoder {
    /// The history of each key.
    let histories: Histories
    /// The table's row of each thing that may be a step.
    let indices: [Int32]
    let length: Int
    let padding: History.Padding
    /// The table's row that padding reads; nil: padding is masked.
    let paddingIndex: Int32?
    let table: ParameterID
    let dimension: Int
    let encoder: any SequenceEncoder

    var outputDimension: Int { encoder.outputDimension }

    var requiresDistinctRows: Bool { encoder.requiresDistinctRows }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let embedded = embed(keys, parameters[table])
        let output = encoder.encode(embedded.batch, parameters, context)
        return Encoding(embeddings: output.outputs) { [table] gradient, gradients in
            let ofVectors = output.pullback(gradient, &gradients)
            gradients.add(
                .sparse(
                    indices: embedded.rows,
                    rows: embedded.places.map { Embedding.gather(ofVectors, $0) } ?? ofVectors),
                to: table)
        }
    }

    /// The sequences, the table's rows that were read, and the step of the batch that each of them
    /// is; nil where they are all steps in order.
    private func embed(
        _ keys: [Int32], _ table: Matrix
    ) -> (batch: SequenceBatch, rows: [Int32], places: [Int32]?) {
        let steps = keys.count * length
        var rows = [Int32](repeating: paddingIndex ?? 0, count: steps)
        var mask = [Bool](repeating: false, count: steps)
        for (sequence, key) in keys.enumerated() {
            let items = histories[Int(key)].suffix(length)
            var step = sequence * length + (padding == .right ? 0 : length - items.count)
            for item in items {
                rows[step] = indices[Int(item)]
                mask[step] = true
                step += 1
            }
        }
        guard paddingIndex == nil, mask.contains(false) else {
            let batch = SequenceBatch(vectors: Embedding.gather(table, rows), length: length)
            return (batch, rows, nil)
        }
        // Padding reads nothing, so that no row of the table hears of it.
        let places = mask.indices.filter { mask[$0] }.map(Int32.init)
        let read = places.map { rows[Int($0)] }
        var vectors = Matrix(rows: steps, columns: dimension)
        Embedding.scatterAdd(Embedding.gather(table, read), at: places, into: &vectors)
        return (SequenceBatch(vectors: vectors, length: length, mask: mask), read, places)
    }
}
