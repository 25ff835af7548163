/// Sequences as a graph has them: padded at their end.
struct ONNXSequences {
    /// [sequences, length, dimension].
    var vectors: ONNXGraph.Value
    /// Steps of each, 32-bit, [sequences].
    var counts: ONNXGraph.Value
    /// 1 for a step and 0 for padding, [sequences, length].
    var mask: ONNXGraph.Value
    /// The position of each step, 64-bit, [sequences, length].
    var positions: ONNXGraph.Value
    /// Most steps that any has.
    var length: Int
}

/// A sequence encoder that ONNX can say.
protocol ONNXSequenceEncoder: SequenceEncoder {
    /// - Returns: [sequences, outputDimension], zeros for a sequence without steps.
    func add(
        to graph: inout ONNXGraph, _ sequences: ONNXSequences, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value
}

extension AverageEncoder: ONNXSequenceEncoder {
    func add(
        to graph: inout ONNXGraph, _ sequences: ONNXSequences, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        // A step counts decay^(steps after it).
        let last = graph.node("ReduceSum", [sequences.mask, graph.constant([1])])
        let number = graph.node("CumSum", [sequences.mask, graph.constant([1], shape: [])])
        let after = graph.node("Relu", [graph.node("Sub", [last, number])])
        let powers = graph.node("Pow", [graph.constant(decay), after])
        let weights = graph.node("Mul", [powers, sequences.mask])
        let total = graph.node("ReduceSum", [weights, graph.constant([1])])
        let column = graph.node("Unsqueeze", [weights, graph.constant([2])])
        let sum = graph.node(
            "ReduceSum", [graph.node("Mul", [sequences.vectors, column]), graph.constant([1])],
            [("keepdims", .integer(0))])
        // Nothing, divided by at least something, is nothing.
        return graph.node("Div", [sum, graph.node("Max", [total, graph.constant(1e-30)])])
    }
}

extension RecurrentEncoder: ONNXSequenceEncoder {
    func add(
        to graph: inout ONNXGraph, _ sequences: ONNXSequences, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        let weights = ONNXRecurrence(
            units: outputDimension, kernel: parameters[kernel],
            recurrent: parameters[recurrentKernel], bias: bias.map { parameters[$0] })
        if let gru = cell as? PaddedGRU {
            return weights.gru(
                &graph, sequences, resetAfter: gru.resetAfter, activations: ["Sigmoid", "Tanh"])
        }
        return weights.lstm(&graph, sequences, activations: ["Sigmoid", "Tanh", "Tanh"])
    }
}

extension Recurrence: ONNXSequenceEncoder {
    func add(
        to graph: inout ONNXGraph, _ sequences: ONNXSequences, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        if let cell = cell as? GRUCell {
            guard let gates = cell.recurrentActivation.recurrentName,
                let inner = cell.activation.recurrentName
            else { return cell.unrolled(&graph, sequences, parameters) }
            let weights = ONNXRecurrence(
                units: cell.units, kernel: parameters[cell.kernel],
                recurrent: parameters[cell.recurrentKernel], bias: cell.bias.map { parameters[$0] })
            return weights.gru(
                &graph, sequences, resetAfter: cell.resetAfter, activations: [gates, inner])
        }
        guard let cell = cell as? LSTMCell else {
            throw ONNXError(
                "a recurrent cell of type \(type(of: cell)) has no translation into ONNX")
        }
        guard let gates = cell.recurrentActivation.recurrentName,
            let inner = cell.activation.recurrentName
        else { return cell.unrolled(&graph, sequences, parameters) }
        let weights = ONNXRecurrence(
            units: cell.units, kernel: parameters[cell.kernel],
            recurrent: parameters[cell.recurrentKernel], bias: cell.bias.map { parameters[$0] })
        return weights.lstm(&graph, sequences, activations: [gates, inner, inner])
    }
}

extension Activation {
    /// What ONNX's recurrent operators call the function, whose parameters are Keras's; nil where
    /// they lack it.
    fileprivate var recurrentName: String? {
        switch function {
        case .tanh: "Tanh"
        case .sigmoid: "Sigmoid"
        case .relu: "Relu"
        case .softsign: "Softsign"
        case .softplus: "Softplus"
        default: nil
        }
    }
}

/// The weights of a recurrent layer, laid out as ONNX has them.
private struct ONNXRecurrence {
    let units: Int
    /// [inputs, gates · units].
    let kernel: Matrix
    /// [units, gates · units].
    let recurrent: Matrix
    /// One row, or one for the inputs and one for the state.
    let bias: Matrix?

    func gru(
        _ graph: inout ONNXGraph, _ sequences: ONNXSequences, resetAfter: Bool,
        activations: [String]
    ) -> ONNXGraph.Value {
        run(
            "GRU", &graph, sequences, gates: [0, 1, 2],
            [
                ("linear_before_reset", .integer(resetAfter ? 1 : 0)),
                ("activations", .strings(activations)),
            ])
    }

    /// Keras has the gates i, f, c, o; ONNX i, o, f, c.
    func lstm(
        _ graph: inout ONNXGraph, _ sequences: ONNXSequences, activations: [String]
    ) -> ONNXGraph.Value {
        run(
            "LSTM", &graph, sequences, gates: [0, 3, 1, 2],
            [("activations", .strings(activations))])
    }

    private func run(
        _ op: String, _ graph: inout ONNXGraph, _ sequences: ONNXSequences, gates: [Int],
        _ attributes: [(String, ONNXGraph.Attribute)]
    ) -> ONNXGraph.Value {
        let steps = graph.node(
            "Transpose", [sequences.vectors], [("perm", .integers([1, 0, 2]))])
        let width = gates.count * units
        var biases = [Float](repeating: 0, count: 2 * width)
        if let bias {
            for row in 0..<bias.rows {
                for (place, gate) in gates.enumerated() {
                    for unit in 0..<units {
                        biases[row * width + place * units + unit] = bias[row, gate * units + unit]
                    }
                }
            }
        }
        let inputs = [
            steps, tensor(kernel, gates, &graph), tensor(recurrent, gates, &graph),
            graph.constant(Matrix(rows: 1, columns: 2 * width, values: biases)), sequences.counts,
        ]
        let last = graph.fresh("last")
        graph.add(
            op, inputs, [("hidden_size", .integer(units))] + attributes,
            outputs: ["", last])
        let row = graph.node("Squeeze", [last, graph.constant([0])])
        // What nothing was read for is nothing, whatever a runtime leaves there.
        let count = graph.node("Cast", [sequences.counts], [("to", .integer(1))])
        let some = graph.node(
            "Unsqueeze", [graph.node("Min", [count, graph.constant(1)]), graph.constant([1])])
        return graph.node("Mul", [row, some])
    }

    /// [1, gates · units, inputs].
    private func tensor(
        _ matrix: Matrix, _ gates: [Int], _ graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        var values = Matrix(rows: gates.count * units, columns: matrix.rows)
        for (place, gate) in gates.enumerated() {
            for unit in 0..<units {
                for input in 0..<matrix.rows {
                    values[place * units + unit, input] = matrix[input, gate * units + unit]
                }
            }
        }
        return graph.node("Unsqueeze", [graph.constant(values), graph.constant([0])])
    }
}

extension SelfAttention: ONNXSequenceEncoder {
    func add(
        to graph: inout ONNXGraph, _ sequences: ONNXSequences, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        let scale = Float(outputDimension).squareRoot()
        var x = graph.node("Mul", [sequences.vectors, graph.constant(scale)])
        if let positions {
            let rows = graph.node(
                "Gather", [graph.parameter(positions, parameters), sequences.positions])
            x = graph.node("Add", [x, rows])
        }
        let bias = causalBias(&graph, sequences)
        for block in blocks { x = add(block, to: &graph, x, bias, parameters) }
        let normalized = normalize(&graph, x, normalization, parameters)
        return last(&graph, normalized, sequences)
    }

    private func normalize(
        _ graph: inout ONNXGraph, _ x: ONNXGraph.Value, _ weights: NormalizationWeights,
        _ parameters: Parameters
    ) -> ONNXGraph.Value {
        let rows = graph.normalizedRows(x, epsilon: Self.epsilon)
        let scaled = graph.node("Mul", [rows, graph.parameter(weights.gamma, parameters)])
        return graph.node("Add", [scaled, graph.parameter(weights.beta, parameters)])
    }

    private func add(
        _ block: AttentionBlock, to graph: inout ONNXGraph, _ input: ONNXGraph.Value,
        _ bias: ONNXGraph.Value, _ parameters: Parameters
    ) -> ONNXGraph.Value {
        let normalized = normalize(&graph, input, block.attention, parameters)
        func split(_ weights: DenseWeights, _ perm: [Int]) -> ONNXGraph.Value {
            let all = graph.dense(normalized, weights.kernel, weights.bias, parameters)
            let parts = graph.node(
                "Reshape", [all, graph.constant([0, 0, heads, outputDimension / heads])])
            return graph.node("Transpose", [parts], [("perm", .integers(perm))])
        }
        let queries = split(block.queries, [0, 2, 1, 3])
        let keys = split(block.keys, [0, 2, 3, 1])
        let values = split(block.values, [0, 2, 1, 3])
        let scale = 1 / Float(outputDimension / heads).squareRoot()
        let scores = graph.node(
            "Mul", [graph.node("MatMul", [queries, keys]), graph.constant(scale)])
        let weights = graph.node(
            "Softmax", [graph.node("Add", [scores, bias])], [("axis", .integer(-1))])
        let attended = graph.node(
            "Transpose", [graph.node("MatMul", [weights, values])],
            [("perm", .integers([0, 2, 1, 3]))])
        let joined = graph.node(
            "Reshape", [attended, graph.constant([0, 0, outputDimension])])
        let output = graph.dense(joined, block.output.kernel, block.output.bias, parameters)
        let middle = graph.node("Add", [input, output])
        let network = normalize(&graph, middle, block.network, parameters)
        let inner = graph.node(
            "Relu", [graph.dense(network, block.inner.kernel, block.inner.bias, parameters)])
        let outer = graph.dense(inner, block.outer.kernel, block.outer.bias, parameters)
        return graph.node("Add", [middle, outer])
    }

    /// 0 where a step may look, far below where it may not: [sequences, 1, length, length].
    private func causalBias(
        _ graph: inout ONNXGraph, _ sequences: ONNXSequences
    ) -> ONNXGraph.Value {
        let ones = graph.node(
            "Add", [graph.node("Mul", [sequences.mask, graph.constant(0)]), graph.constant(1)])
        let number = graph.node("CumSum", [ones, graph.constant([1], shape: [])])
        let rows = graph.node("Unsqueeze", [number, graph.constant([2])])
        let columns = graph.node("Unsqueeze", [number, graph.constant([1])])
        let later = graph.node(
            "Cast", [graph.node("Greater", [columns, rows])], [("to", .integer(1))])
        let bias = graph.node("Mul", [later, graph.constant(-1e9)])
        return graph.node("Unsqueeze", [bias, graph.constant([1])])
    }

    /// The row of the last step of each sequence, zeros where there is none.
    private func last(
        _ graph: inout ONNXGraph, _ rows: ONNXGraph.Value, _ sequences: ONNXSequences
    ) -> ONNXGraph.Value {
        let count = graph.node("ReduceSum", [sequences.mask, graph.constant([1])])
        let number = graph.node("CumSum", [sequences.mask, graph.constant([1], shape: [])])
        let isLast = graph.node(
            "Cast", [graph.node("Equal", [number, count])], [("to", .integer(1))])
        let chosen = graph.node("Mul", [isLast, sequences.mask])
        let column = graph.node("Unsqueeze", [chosen, graph.constant([2])])
        return graph.node(
            "ReduceSum", [graph.node("Mul", [rows, column]), graph.constant([1])],
            [("keepdims", .integer(0))])
    }
}
