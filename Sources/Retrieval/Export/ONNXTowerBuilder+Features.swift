/// Features that are more than an index or a number.
extension ONNXTowerBuilder {
    mutating func discretized(
        _ feature: Discretization, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard let buckets = learned[path] as? Buckets else { throw unknown(path) }
        let x = column(number(feature.column))
        let boundaries = buckets.boundaries.isEmpty ? [.infinity] : buckets.boundaries
        let isAbove = graph.node(
            "GreaterOrEqual",
            [
                x,
                graph.constant(
                    Matrix(rows: 1, columns: boundaries.count, values: boundaries)),
            ])
        let indices = graph.node(
            "ReduceSum",
            [graph.node("Cast", [isAbove], [("to", .integer(7))]), graph.constant([1])],
            [("keepdims", .integer(0))])
        return try categorical(
            feature.output, indices, isList: false, depth: buckets.count, weights: [], path)
    }

    mutating func timestamp(
        _ feature: TimestampPart, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard feature.output != .cyclic else {
            let name = path + "/phase"
            let meaning =
                "sine and cosine of the place of '\(feature.column)' in its cycle "
                + "(\(feature.part.rawValue))"
            notes.append("'\(name)' is an input: \(meaning) (ONNX lacks a calendar)")
            noteTable(name)
            return graph.input(name, .float, [Self.batch, .fixed(2)], meaning)
        }
        let indices = indexInput(
            path, isList: false, "the \(feature.part.rawValue) of '\(feature.column)', from 0 on",
            "a calendar")
        return try categorical(
            CategoricalOutput(
                embedding: feature.embedding, mode: feature.output == .oneHot ? .oneHot : .int),
            indices, isList: false, depth: feature.part.count, weights: [], path)
    }

    mutating func unified(
        _ feature: UnifiedEmbedding, _ encoder: any FeatureEncoder, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard let chunks = encoder as? ConcatenatedEncoder else { throw unknown(path) }
        let isList = feature.separator != nil || self.isList(feature.column)
        var parts: [ONNXGraph.Value] = []
        for (index, chunk) in chunks.parts.enumerated() {
            guard let table = (chunk as? IDEmbedding)?.table ?? (chunk as? EmbeddingBag)?.table
            else { throw unknown(path) }
            current = chunk
            let rows = graph.parameter(table, parameters)
            let indices = indexInput(
                "\(path)/chunk_\(index)", isList: isList,
                "the bucket of '\(feature.column)' for chunk \(index)", "hash functions")
            parts.append(
                isList
                    ? bag(rows, indices, feature.embedding)
                    : graph.node("Gather", [rows, indices]))
        }
        return parts.count == 1
            ? parts[0] : graph.node("Concat", parts, [("axis", .integer(-1))])
    }
}
