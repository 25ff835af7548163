/// What becomes of indices.
extension ONNXTowerBuilder {
    /// - Parameter indices: 64-bit, [batch] or, padded by -1, [batch, length].
    mutating func categorical(
        _ output: CategoricalOutput, _ indices: ONNXGraph.Value, isList: Bool, depth: Int,
        weights: [Float], _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        if let embedding = output.embedding {
            let table = try table(embedding, path)
            guard isList else { return graph.node("Gather", [table, indices]) }
            return bag(table, indices, embedding)
        }
        let ones = oneHot(indices, depth: depth)
        guard isList else { return weighted(ones, output.mode, weights) }
        let counts = graph.node(
            "ReduceSum", [ones, graph.constant([1])], [("keepdims", .integer(0))])
        switch output.mode {
        case .count, .tfIDF: return weighted(counts, output.mode, weights)
        case .int, .oneHot, .multiHot: return graph.node("Min", [counts, graph.constant(1)])
        }
    }

    private mutating func weighted(
        _ value: ONNXGraph.Value, _ mode: OutputMode, _ weights: [Float]
    ) -> ONNXGraph.Value {
        guard mode == .tfIDF else { return value }
        return graph.node(
            "Mul",
            [value, graph.constant(Matrix(rows: 1, columns: weights.count, values: weights))])
    }

    /// A 1 at each index, nothing for -1.
    private mutating func oneHot(_ indices: ONNXGraph.Value, depth: Int) -> ONNXGraph.Value {
        let values = graph.node(
            "Cast", [graph.constant([0, 1])], [("to", .integer(1))])
        let ones = graph.node(
            "OneHot", [indices, graph.constant([depth], shape: []), values],
            [("axis", .integer(-1))])
        let mask = graph.node(
            "Unsqueeze", [present(indices), graph.constant([-1])])
        return graph.node("Mul", [ones, mask])
    }

    /// 1 where there is an index, 0 for -1.
    mutating func present(_ indices: ONNXGraph.Value) -> ONNXGraph.Value {
        graph.node(
            "Cast", [graph.node("GreaterOrEqual", [indices, graph.constant([0], shape: [])])],
            [("to", .integer(1))])
    }

    mutating func bag(
        _ table: ONNXGraph.Value, _ indices: ONNXGraph.Value, _ embedding: EmbeddingOptions
    ) -> ONNXGraph.Value {
        var mask = present(indices)
        if embedding.maskZero {
            mask = graph.node(
                "Cast", [graph.node("Greater", [indices, graph.constant([0], shape: [])])],
                [("to", .integer(1))])
        }
        let safe = graph.node("Max", [indices, graph.constant([0], shape: [])])
        let rows = graph.node("Gather", [table, safe])
        let column = graph.node("Unsqueeze", [mask, graph.constant([2])])
        let sum = graph.node(
            "ReduceSum", [graph.node("Mul", [rows, column]), graph.constant([1])],
            [("keepdims", .integer(0))])
        let count = graph.node(
            "Max",
            [graph.node("ReduceSum", [mask, graph.constant([1])]), graph.constant(1)])
        switch embedding.combiner {
        case .sum: return sum
        case .mean: return graph.node("Div", [sum, count])
        case .sqrtn: return graph.node("Div", [sum, graph.node("Sqrt", [count])])
        }
    }

    private mutating func table(
        _ embedding: EmbeddingOptions, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        let name = embedding.table.map { "tables/\($0)/embeddings" } ?? path + "/embeddings"
        guard let id = parameters.id(named: name) else { throw unknown(name) }
        return graph.parameter(id, parameters)
    }
}
