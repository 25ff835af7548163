/// A recurrent cell whose step ONNX can say by operators of its own.
protocol ONNXCell: RecurrentCell {
    /// [inputs, gates · units].
    var kernel: ParameterID { get }
    var bias: ParameterID? { get }
    var gateCount: Int { get }

    /// The state after a step, its output first.
    ///
    /// - Parameters:
    ///   - gates: what the inputs contribute to each, [sequences, units].
    ///   - state: before the step, each [sequences, units].
    func step(
        _ graph: inout ONNXGraph, _ gates: [ONNXGraph.Value], _ state: [ONNXGraph.Value],
        _ parameters: Parameters
    ) -> [ONNXGraph.Value]
}

extension ONNXCell {
    /// The output after the last step of each sequence, step by step: for activations that ONNX's
    /// recurrent operators lack. The graph has as many steps as sequences have at most.
    func unrolled(
        _ graph: inout ONNXGraph, _ sequences: ONNXSequences, _ parameters: Parameters
    ) -> ONNXGraph.Value {
        // Behind the steps stand as many more without meaning, so that none is missing.
        let counts = graph.node("Cast", [sequences.counts], [("to", .integer(1))])
        let zero = graph.node(
            "Mul", [graph.node("Unsqueeze", [counts, graph.constant([1])]), graph.constant(0)])
        let nothing = Matrix(rows: sequences.length, columns: parameters[kernel].rows)
        let noSteps = graph.node(
            "Add",
            [graph.node("Unsqueeze", [zero, graph.constant([2])]), graph.constant(nothing)])
        let vectors = graph.node(
            "Concat", [sequences.vectors, noSteps], [("axis", .integer(1))])
        let noMask = Matrix(rows: 1, columns: sequences.length)
        let mask = graph.node(
            "Concat",
            [sequences.mask, graph.node("Add", [zero, graph.constant(noMask)])],
            [("axis", .integer(1))])

        var projection = graph.node("MatMul", [vectors, graph.parameter(kernel, parameters)])
        if let bias { projection = graph.adding(row: 0, of: bias, to: projection, parameters) }
        let start = graph.node("Add", [zero, graph.constant(Matrix(rows: 1, columns: units))])
        var state = [ONNXGraph.Value](repeating: start, count: stateWidth / units)
        for time in 0..<sequences.length {
            let index = graph.constant([time], shape: [])
            let step = graph.node("Gather", [projection, index], [("axis", .integer(1))])
            let isStep = graph.node(
                "Unsqueeze",
                [
                    graph.node(
                        "Greater",
                        [
                            graph.node("Gather", [mask, index], [("axis", .integer(1))]),
                            graph.constant(0),
                        ]), graph.constant([1]),
                ])
            let gates = graph.split(step, into: gateCount, of: units)
            let next = self.step(&graph, gates, state, parameters)
            state = zip(next, state).map { graph.node("Where", [isStep, $0, $1]) }
        }
        return state[0]
    }
}

extension GRUCell: ONNXCell {
    var gateCount: Int { 3 }

    func step(
        _ graph: inout ONNXGraph, _ gates: [ONNXGraph.Value], _ state: [ONNXGraph.Value],
        _ parameters: Parameters
    ) -> [ONNXGraph.Value] {
        let h = state[0]
        let weights = graph.parameter(recurrentKernel, parameters)
        // Without resetAfter the third part is not wanted of this product.
        var product = graph.node("MatMul", [h, weights])
        if resetAfter, let bias {
            product = graph.adding(row: 1, of: bias, to: product, parameters)
        }
        let products = graph.split(product, into: 3, of: units)
        let z = graph.activation(
            recurrentActivation, graph.node("Add", [gates[0], products[0]]))
        let r = graph.activation(
            recurrentActivation, graph.node("Add", [gates[1], products[1]]))
        let reset =
            resetAfter
            ? graph.node("Mul", [r, products[2]])
            : graph.node(
                "MatMul",
                [graph.node("Mul", [r, h]), graph.split(weights, into: 3, of: units)[2]])
        let candidate = graph.activation(activation, graph.node("Add", [gates[2], reset]))
        let kept = graph.node("Mul", [z, h])
        let new = graph.node("Mul", [graph.node("Sub", [graph.constant(1), z]), candidate])
        return [graph.node("Add", [kept, new])]
    }
}

extension LSTMCell: ONNXCell {
    var gateCount: Int { 4 }

    func step(
        _ graph: inout ONNXGraph, _ gates: [ONNXGraph.Value], _ state: [ONNXGraph.Value],
        _ parameters: Parameters
    ) -> [ONNXGraph.Value] {
        let product = graph.node(
            "MatMul", [state[0], graph.parameter(recurrentKernel, parameters)])
        let parts = zip(gates, graph.split(product, into: 4, of: units)).map {
            graph.node("Add", [$0, $1])
        }
        let i = graph.activation(recurrentActivation, parts[0])
        let f = graph.activation(recurrentActivation, parts[1])
        let candidate = graph.activation(activation, parts[2])
        let o = graph.activation(recurrentActivation, parts[3])
        let memory = graph.node(
            "Add", [graph.node("Mul", [f, state[1]]), graph.node("Mul", [i, candidate])])
        return [graph.node("Mul", [o, graph.activation(activation, memory)]), memory]
    }
}

extension ONNXGraph {
    /// A value with a row of a parameter added to each row of it.
    fileprivate mutating func adding(
        row: Int, of parameter: ParameterID, to value: Value, _ parameters: Parameters
    ) -> Value {
        let row = node("Gather", [self.parameter(parameter, parameters), constant([row])])
        return node("Add", [value, row])
    }

    /// The columns of a value in equal parts.
    fileprivate mutating func split(_ value: Value, into count: Int, of width: Int) -> [Value] {
        let parts = (0..<count).map { _ in fresh("gate") }
        let sizes = constant([Int](repeating: width, count: count))
        add("Split", [value, sizes], [("axis", .integer(-1))], outputs: parts)
        return parts
    }
}
