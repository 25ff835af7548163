/// A layer that ONNX can say.
protocol ONNXLayer: Layer {
    /// Adds the layer's inference.
    ///
    /// - Parameter input: [inputs, previous layer's outputDimension].
    /// - Returns: [inputs · heads, outputDimension].
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value
}

extension ONNXGraph {
    /// Any layer.
    mutating func layer(
        _ layer: any Layer, _ input: Value, _ parameters: Parameters
    ) throws(ONNXError) -> Value {
        guard let layer = layer as? any ONNXLayer else {
            throw ONNXError("a layer of type \(type(of: layer)) has no translation into ONNX")
        }
        return try layer.add(to: &self, input, parameters)
    }

    /// Rows divided by their lengths.
    mutating func unitRows(_ input: Value, epsilon: Float) -> Value {
        let squares = node(
            "ReduceSumSquare", [input], [("axes", .integers([-1])), ("keepdims", .integer(1))])
        let bounded = node("Max", [squares, constant(epsilon)])
        return node("Div", [input, node("Sqrt", [bounded])])
    }

    /// Rows brought to mean 0 and variance 1.
    mutating func normalizedRows(_ input: Value, epsilon: Float) -> Value {
        let mean = node(
            "ReduceMean", [input], [("axes", .integers([-1])), ("keepdims", .integer(1))])
        let centred = node("Sub", [input, mean])
        let squares = node("Mul", [centred, centred])
        let variance = node(
            "ReduceMean", [squares], [("axes", .integers([-1])), ("keepdims", .integer(1))])
        return node(
            "Div", [centred, node("Sqrt", [node("Add", [variance, constant(epsilon)])])])
    }

    /// The product with a kernel, and a bias where there is one.
    mutating func dense(
        _ input: Value, _ kernel: ParameterID, _ bias: ParameterID?, _ parameters: Parameters
    ) -> Value {
        let product = node("MatMul", [input, parameter(kernel, parameters)])
        return bias.map { node("Add", [product, parameter($0, parameters)]) } ?? product
    }

    mutating func activation(_ activation: Activation, _ x: Value) -> Value {
        switch activation.function {
        case .linear: return x
        case .relu: return node("Relu", [x])
        case .relu6: return node("Clip", [x, constant(0), constant(6)])
        case .leakyReLU: return node("LeakyRelu", [x], [("alpha", .float(activation.alpha))])
        case .elu: return node("Elu", [x], [("alpha", .float(activation.alpha))])
        case .selu:
            return node(
                "Selu", [x],
                [("alpha", .float(1.67326324235438)), ("gamma", .float(1.05070098735548))])
        case .gelu:
            let inner = node("Erf", [node("Mul", [x, constant(0.707106781186548)])])
            return half(x, inner)
        case .approximateGELU:
            let cube = node("Mul", [node("Mul", [x, x]), x])
            let sum = node("Add", [x, node("Mul", [cube, constant(0.044715)])])
            return half(x, node("Tanh", [node("Mul", [sum, constant(0.797884560802865)])]))
        case .sigmoid: return node("Sigmoid", [x])
        case .hardSigmoid:
            return node("HardSigmoid", [x], [("alpha", .float(0.2)), ("beta", .float(0.5))])
        case .tanh: return node("Tanh", [x])
        case .softmax: return node("Softmax", [x], [("axis", .integer(-1))])
        case .softplus: return node("Softplus", [x])
        case .softsign: return node("Softsign", [x])
        case .swish, .silu: return node("Mul", [x, node("Sigmoid", [x])])
        case .mish: return node("Mul", [x, node("Tanh", [node("Softplus", [x])])])
        case .exponential: return node("Exp", [x])
        }
    }

    /// x/2 · (1 + y).
    private mutating func half(_ x: Value, _ y: Value) -> Value {
        node("Mul", [node("Mul", [x, constant(0.5)]), node("Add", [y, constant(1)])])
    }
}

extension LayerStack: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        var value = input
        for layer in layers { value = try graph.layer(layer, value, parameters) }
        return value
    }
}

extension Dense: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        graph.activation(activation, graph.dense(input, kernel, bias, parameters))
    }
}

extension ActivationLayer: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        graph.activation(activation, input)
    }
}

extension Cross: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        var value = input
        for step in steps {
            var factors = try step.product.add(to: &graph, value, parameters)
            if step.diagScale != 0 {
                let scaled = graph.node("Mul", [value, graph.constant(step.diagScale)])
                factors = graph.node("Add", [factors, scaled])
            }
            value = graph.node("Add", [graph.node("Mul", [input, factors]), value])
        }
        return value
    }
}

extension DotInteraction: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        let x = graph.node("Reshape", [input, graph.constant([-1, features, length])])
        let transposed = graph.node("Transpose", [x], [("perm", .integers([0, 2, 1]))])
        let all = graph.node(
            "Reshape",
            [graph.node("MatMul", [x, transposed]), graph.constant([-1, features * features])])
        let isKept = { (a: Int, b: Int) in selfInteraction ? b <= a : b < a }
        let places = (0..<features).flatMap { a in
            (0..<features).filter { isKept(a, $0) }.map { a * features + $0 }
        }
        guard skipGather else {
            return graph.node("Gather", [all, graph.constant(places)], [("axis", .integer(1))])
        }
        var mask = Matrix(rows: 1, columns: features * features)
        for place in places { mask.values[place] = 1 }
        return graph.node("Mul", [all, graph.constant(mask)])
    }
}

extension LayerNormalization: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        var value = graph.normalizedRows(input, epsilon: epsilon)
        if let gamma { value = graph.node("Mul", [value, graph.parameter(gamma, parameters)]) }
        if let beta { value = graph.node("Add", [value, graph.parameter(beta, parameters)]) }
        return value
    }
}

extension BatchNormalization: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        let variance = graph.node(
            "Add", [graph.parameter(movingVariance, parameters), graph.constant(epsilon)])
        let centred = graph.node("Sub", [input, graph.parameter(movingMean, parameters)])
        var value = graph.node("Div", [centred, graph.node("Sqrt", [variance])])
        if let gamma { value = graph.node("Mul", [value, graph.parameter(gamma, parameters)]) }
        if let beta { value = graph.node("Add", [value, graph.parameter(beta, parameters)]) }
        return value
    }
}

extension Residual: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        graph.node("Add", [input, try block.add(to: &graph, input, parameters)])
    }
}

extension MultiHead: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        let all = try dense.add(to: &graph, input, parameters)
        return graph.node("Reshape", [all, graph.constant([-1, outputDimension])])
    }
}

extension Dropout: ONNXLayer {
    /// Drops nothing outside of training.
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value { input }
}

extension UnitNormalization: ONNXLayer {
    func add(
        to graph: inout ONNXGraph, _ input: ONNXGraph.Value, _ parameters: Parameters
    ) throws(ONNXError) -> ONNXGraph.Value {
        graph.unitRows(input, epsilon: epsilon)
    }
}
