import Retrieval

/// A layer called once: what it put out, and the way back.
struct NumericCall {
    /// The weights, in the recorded order.
    var parameters: Parameters
    var output: [Float]
    /// Takes the gradient of the output to those of the inputs of floats, by name.
    var pullback: ([Float], inout Gradients) -> [String: [Float]]
}

/// Calls our counterparts of Keras's layers.
enum NumericLayers {
    static func call(
        _ layer: String, _ options: inout Fields, _ inputs: [String: Tensor],
        _ weights: [RecordedWeight]
    ) throws -> NumericCall {
        switch layer {
        case "GRU", "LSTM": return try recurrent(layer, &options, inputs, weights)
        case "Embedding": return try embedding(&options, inputs, weights, averages: false)
        case "Embedding+GlobalAveragePooling1D":
            return try embedding(&options, inputs, weights, averages: true)
        case "tfrs.Cross" where inputs["x"] != nil: return try cross(&options, inputs, weights)
        case "Concatenate", "tfrs.DotInteraction":
            return try sideBySide(layer, &options, inputs)
        case "Dot": return try dot(&options, inputs)
        default:
            guard let (name, input) = inputs.first, inputs.count == 1 else {
                throw VectorProblem("\(layer): inputs \(inputs.keys.sorted())")
            }
            let vectors = try input.rows()
            let values = try fields(of: layer, &options)
            let (made, parameters) = try make(
                values.name, values.fields, LayerInput(dimension: vectors.columns), weights)
            let isTraining = try options.flag("training")
            let output = made.apply(vectors, parameters, context(isTraining: isTraining))
            return NumericCall(parameters: parameters, output: output.outputs.values) {
                [name: output.pullback(output.outputs.holding($0), &$1).values]
            }
        }
    }

    private static func context(isTraining: Bool) -> EncodingContext {
        EncodingContext(step: isTraining ? TrainingStep(seed: 0, index: 0) : nil)
    }

    /// A layer of the catalogue with the recorded weights.
    private static func make(
        _ name: String, _ fields: FieldValues, _ input: LayerInput, _ weights: [RecordedWeight]
    ) throws -> (layer: any Layer, parameters: Parameters) {
        var builder = ModelBuilder(seed: 0)
        guard let entry = Catalog.builtIn.layers[name] else {
            throw VectorProblem("no layer '\(name)'")
        }
        let layer = try entry.make(fields, Catalog.builtIn.components).prepare(
            input, path: "layer", &builder)
        var parameters = builder.parameters
        guard parameters.matrices.count == weights.count else {
            throw VectorProblem("\(name) has \(parameters.names), not \(weights.map(\.name))")
        }
        for (index, weight) in weights.enumerated() {
            let own = parameters.matrices[index]
            guard (own.rows, own.columns) == (weight.value.rows, weight.value.columns) else {
                throw VectorProblem("\(parameters.names[index]) is of another shape")
            }
            parameters.matrices[index] = weight.value
        }
        return (layer, parameters)
    }

    private static func parameters(_ weights: [RecordedWeight]) -> (Parameters, [ParameterID]) {
        var parameters = Parameters()
        let ids = weights.map { parameters.add($0.name, $0.value) }
        return (parameters, ids)
    }

    // MARK: Layers of several inputs

    /// One cross with x0 and x apart.
    private static func cross(
        _ options: inout Fields, _ inputs: [String: Tensor], _ weights: [RecordedWeight]
    ) throws -> NumericCall {
        let (first, previous) = (try inputs["x0"]!.rows(), try inputs["x"]!.rows())
        let values = try fields(of: "tfrs.Cross", &options)
        let (made, parameters) = try make(
            values.name, values.fields, LayerInput(dimension: first.columns), weights)
        guard let step = (made as? Cross)?.steps.first else { throw VectorProblem("no cross") }
        let output = step.apply(first, previous, parameters, .inference)
        return NumericCall(parameters: parameters, output: output.outputs.values) {
            let (ofFirst, ofPrevious) = output.pullback(output.outputs.holding($0), &$1)
            return ["x0": ofFirst.values, "x": ofPrevious.values]
        }
    }

    private static func sideBySide(
        _ layer: String, _ options: inout Fields, _ inputs: [String: Tensor]
    ) throws -> NumericCall {
        let names = inputs.keys.sorted()
        let parts = try names.map { try inputs[$0]!.rows() }
        let widths = parts.map(\.columns)
        let whole = Matrix.concatenatingColumns(parts)
        func apart(_ gradient: Matrix) -> [String: [Float]] {
            let parts = gradient.splittingColumns(widths).map(\.values)
            return Dictionary(uniqueKeysWithValues: zip(names, parts))
        }
        if layer == "Concatenate" {
            guard try options.integer("axis").map({ $0 == 1 || $0 == -1 }) ?? true else {
                throw VectorProblem("features concatenate along the last axis alone")
            }
            return NumericCall(parameters: Parameters(), output: whole.values) { gradient, _ in
                apart(whole.holding(gradient))
            }
        }
        let values = try fields(of: layer, &options)
        let (made, parameters) = try make(values.name, values.fields, LayerInput(parts: widths), [])
        let output = made.apply(whole, parameters, .inference)
        return NumericCall(parameters: parameters, output: output.outputs.values) {
            apart(output.pullback(output.outputs.holding($0), &$1))
        }
    }

    /// The score of a query and its candidate: a dot product, of unit vectors if normalized.
    private static func dot(
        _ options: inout Fields, _ inputs: [String: Tensor]
    ) throws -> NumericCall {
        _ = try options.integer("axes")
        let isNormalized = try options.flag("normalize")
        let layers = try ["a", "b"].map { name in
            let vectors = try inputs[name]!.rows()
            let layer: any Layer =
                isNormalized
                ? UnitNormalization(outputDimension: vectors.columns)
                : LayerStack([], inputDimension: vectors.columns)
            return layer.apply(vectors, Parameters(), .inference)
        }
        let (a, b) = (layers[0].outputs, layers[1].outputs)
        let scores = (0..<a.rows).map { row in
            zip(a.row(row), b.row(row)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        }
        return NumericCall(parameters: Parameters(), output: scores) { gradient, gradients in
            func scaled(_ vectors: Matrix) -> Matrix {
                vectors.holding(
                    vectors.values.indices.map {
                        vectors.values[$0] * gradient[$0 / vectors.columns]
                    })
            }
            return [
                "a": layers[0].pullback(scaled(b), &gradients).values,
                "b": layers[1].pullback(scaled(a), &gradients).values,
            ]
        }
    }

    // MARK: Embeddings

    private static func embedding(
        _ options: inout Fields, _ inputs: [String: Tensor], _ weights: [RecordedWeight],
        averages: Bool
    ) throws -> NumericCall {
        let (parameters, ids) = parameters(weights)
        let input = inputs["ids"]!
        let indices = try input.indices()
        _ = try options.integer("input_dim")
        let dimension = try options.integer("output_dim") ?? 0
        let encoder: any FeatureEncoder
        let count: Int
        if averages {
            count = input.shape[0]
            var lists = IndexLists(valueOfKey: (0..<Int32(count)).map { $0 })
            let masks = try options.flag("mask_zero")
            let width = input.shape[1]
            for row in 0..<count {
                let list = indices[(row * width)..<((row + 1) * width)]
                lists.append(masks ? list.filter { $0 != 0 } : Array(list))
            }
            encoder = EmbeddingBag(
                lists: lists, table: ids[0], dimension: dimension, combiner: .mean)
        } else {
            count = indices.count
            encoder = IDEmbedding(indices: indices, table: ids[0], dimension: dimension)
        }
        let encoding = encoder.encode((0..<Int32(count)).map { $0 }, parameters, .inference)
        return NumericCall(parameters: parameters, output: encoding.embeddings.values) {
            encoding.pullback(encoding.embeddings.holding($0), &$1)
            return [:]
        }
    }

    // MARK: Recurrence

    private static func recurrent(
        _ layer: String, _ options: inout Fields, _ inputs: [String: Tensor],
        _ weights: [RecordedWeight]
    ) throws -> NumericCall {
        let (parameters, ids) = parameters(weights)
        let units = try options.integer("units") ?? 0
        let goBackwards = try options.flag("go_backwards")
        let function = try activation(&options, "activation", .tanh)
        let recurrent = try activation(&options, "recurrent_activation", .sigmoid)
        let bias = ids.count > 2 ? ids[2] : nil
        if layer == "LSTM" {
            let cell = LSTMCell(
                units: units, activation: function, recurrentActivation: recurrent,
                kernel: ids[0], recurrentKernel: ids[1], bias: bias)
            return try run(
                Recurrence(cell, goBackwards: goBackwards), units, &options, inputs, parameters)
        }
        let resetAfter = options.has("reset_after") ? try options.flag("reset_after") : true
        let cell = GRUCell(
            units: units, resetAfter: resetAfter, activation: function,
            recurrentActivation: recurrent, kernel: ids[0], recurrentKernel: ids[1], bias: bias)
        return try run(
            Recurrence(cell, goBackwards: goBackwards), units, &options, inputs, parameters)
    }

    private static func activation(
        _ options: inout Fields, _ name: String, _ standard: ActivationFunction
    ) throws -> Activation {
        guard let given = try options.string(name) else { return Activation(standard) }
        guard let function = ActivationFunction(rawValue: given) else {
            throw VectorProblem("no activation '\(given)'")
        }
        return Activation(function)
    }

    private static func run<Cell: RecurrentCell>(
        _ recurrence: Recurrence<Cell>, _ units: Int, _ options: inout Fields,
        _ inputs: [String: Tensor], _ parameters: Parameters
    ) throws -> NumericCall {
        let x = inputs["x"]!
        let (count, length) = (x.shape[0], x.shape[1])
        let whole = try options.flag("return_sequences")
        let run = recurrence.run(
            PaddedSequences(
                vectors: try x.rows(), length: length, mask: try inputs["mask"]?.booleans()),
            initial: try inputs["h0"]?.rows(), parameters, Lanes(threads: 1))
        let steps = whole ? Array(0..<length) : [length - 1]
        let output = (0..<count).flatMap { row in steps.flatMap { run.outputs[$0].row(row) } }
        let hasInitial = inputs["h0"] != nil
        return NumericCall(parameters: parameters, output: output) { gradient, gradients in
            var ofOutputs = [Matrix?](repeating: nil, count: length)
            for (position, step) in steps.enumerated() {
                let rows = (0..<count).flatMap { row in
                    gradient[((row * steps.count + position) * units)...].prefix(units)
                }
                ofOutputs[step] = Matrix(rows: count, columns: units, values: rows)
            }
            let (vectors, initial) = run.pullback(ofOutputs, &gradients)
            return ["x": vectors.values].merging(hasInitial ? ["h0": initial.values] : [:]) { $1 }
        }
    }
}

extension Matrix {
    /// Other numbers in the same shape.
    fileprivate func holding(_ values: [Float]) -> Matrix {
        Matrix(rows: rows, columns: columns, values: values)
    }
}
