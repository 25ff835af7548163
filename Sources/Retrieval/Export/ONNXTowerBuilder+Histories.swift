/// Histories: steps, their places and their mask, into the sequence encoder.
extension ONNXTowerBuilder {
    mutating func history(
        _ feature: History, _ encoder: any FeatureEncoder, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard let encoder = encoder as? HistoryEncoder,
            let sequences = encoder.encoder as? any ONNXSequenceEncoder
        else {
            throw ONNXError("the sequence encoder of '\(path)' has no translation into ONNX")
        }
        var mask: ONNXGraph.Value?
        var vectors: [ONNXGraph.Value] = []
        for (index, (part, reading)) in zip(feature.parts, encoder.readings).enumerated() {
            let own = index == 0 ? path : "\(path)/\(part.column)"
            let lookup = try lookup(own, of: UTF8Token.self)
            let indices = indices(
                of: lookup, isList: true, input: part.column + "_history", own
            ) { $0.text }
            mask = mask ?? present(indices)
            let safe = graph.node("Max", [indices, graph.constant([0], shape: [])])
            vectors.append(
                graph.node("Gather", [graph.parameter(reading.table, parameters), safe]))
        }
        guard var mask, var value = vectors.first else { throw unknown(path) }
        if encoder.combination == .concatenate, vectors.count > 1 {
            value = graph.node("Concat", vectors, [("axis", .integer(-1))])
        } else {
            for vector in vectors.dropFirst() { value = graph.node("Add", [value, vector]) }
        }
        let ones = graph.node(
            "Add", [graph.node("Mul", [mask, graph.constant(0)]), graph.constant(1)])
        if encoder.masksPadding {
            notes.append(
                "histories are padded at their end by empty tokens, and have at most "
                    + "\(encoder.length) steps")
        } else {
            notes.append(
                "histories are padded on the \(encoder.padding.rawValue) by empty tokens to "
                    + "\(encoder.length) steps")
            mask = ones
        }
        let count = graph.node("ReduceSum", [mask, graph.constant([1])])
        var position = graph.node(
            "Sub",
            [graph.node("CumSum", [ones, graph.constant([1], shape: [])]), graph.constant(1)])
        if encoder.masksPadding, encoder.padding == .left {
            let start = graph.node("Sub", [graph.constant(Float(encoder.length)), count])
            position = graph.node("Add", [position, start])
        }
        let bounded = graph.node(
            "Clip", [position, graph.constant(0), graph.constant(Float(encoder.length - 1))])
        let counts = graph.node(
            "Squeeze", [graph.node("Cast", [count], [("to", .integer(6))]), graph.constant([1])])
        return try sequences.add(
            to: &graph,
            ONNXSequences(
                vectors: value, counts: counts, mask: mask,
                positions: graph.node("Cast", [bounded], [("to", .integer(7))]),
                length: encoder.length),
            parameters)
    }
}
