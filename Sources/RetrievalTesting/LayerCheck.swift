import Retrieval

/// Tries a layer on random inputs and parameters: its pullback must give the derivatives, in every
/// input and every trainable parameter; shapes must be those it promises; threads must not show;
/// an input that stands in a batch n times must count n times.
///
/// - Parameters:
///   - definition: the layer as a spec declares it.
///   - input: the vectors it takes; five of them, of numbers in −1 ..< 1.
///   - isTraining: whether it is applied in a training step, where dropout drops and
///     normalization takes its statistics from the batch, or in inference.
///   - multiplicities: how often each of the five inputs stands in the batch; nil: once.
/// - Returns: what does not hold; empty for a layer that is right. Derivatives are compared with
///   central differences in float32, to 4·10⁻³ of the larger of 1 and the derivative.
/// - Throws: `LayerError` where the layer cannot take such an input.
public func checkLayer(
    _ definition: any LayerDefinition, input: LayerInput = LayerInput(dimension: 6),
    isTraining: Bool = true, multiplicities: [Float]? = nil
) throws -> [ConformanceFinding] {
    let context = EncodingContext(
        step: isTraining ? TrainingStep(seed: 1, index: 0) : nil, multiplicities: multiplicities)
    let trial = try LayerTrial(definition, input: input, context: context)
    var findings = Findings()
    findings.checkShapes(trial)
    findings.checkGradients(trial)
    findings.checkThreads(trial)
    if !trial.layer.requiresDistinctRows { findings.checkCopies(trial) }
    return findings.all
}

extension Findings {
    fileprivate mutating func checkShapes(_ trial: LayerTrial) {
        let outputs = trial.layer.apply(trial.inputs, trial.parameters, trial.context).outputs
        let required = (trial.inputs.rows * trial.layer.heads, trial.layer.outputDimension)
        require(
            (outputs.rows, outputs.columns) == required, "outputs are [inputs · heads, dimension]",
            "[\(outputs.rows), \(outputs.columns)], expected [\(required.0), \(required.1)]")
        // A last batch may be without candidates of a kind.
        let empty = Matrix(rows: 0, columns: trial.inputs.columns)
        var context = trial.context
        context.multiplicities = nil
        let none = trial.layer.apply(empty, trial.parameters, context).outputs
        require(none.rows == 0, "no inputs have no outputs", "\(none.rows) rows")
    }

    fileprivate mutating func checkThreads(_ trial: LayerTrial) {
        var threaded = trial.context
        threaded.lanes = Lanes(threads: 3)
        let one = trial.layer.apply(trial.inputs, trial.parameters, trial.context).outputs
        let three = trial.layer.apply(trial.inputs, trial.parameters, threaded).outputs
        require(one == three, "the number of threads changes no bit", "\(one) and \(three)")
    }

    /// Central differences in every input and every trainable parameter.
    fileprivate mutating func checkGradients(_ trial: LayerTrial) {
        let output = trial.layer.apply(trial.inputs, trial.parameters, trial.context)
        let weights = trial.outputWeights(output.outputs)
        var gradients = Gradients(for: trial.parameters)
        let inputGradient = output.pullback(weights, &gradients)
        for index in trial.inputs.values.indices {
            checkDerivative(inputGradient.values[index], "input \(index)") { step in
                var moved = trial.inputs
                moved.values[index] += step
                return trial.value(weights, trial.parameters, moved)
            }
        }
        for (number, id) in trial.parameters.ids.enumerated()
        where trial.parameters.isTrainable(id) {
            let name = trial.parameters.names[number]
            guard case .dense(let gradient)? = gradients[id] else {
                require(false, "every trainable parameter has a dense gradient", name)
                continue
            }
            for index in gradient.values.indices {
                checkDerivative(gradient.values[index], "\(name) \(index)") { step in
                    var moved = trial.parameters
                    moved.matrices[number].values[index] += step
                    return trial.value(weights, moved, trial.inputs)
                }
            }
        }
    }

    private mutating func checkDerivative(
        _ gradient: Float, _ what: String, _ at: (Float) -> Double
    ) {
        let step: Float = 0x1p-7
        requireClose(
            Double(gradient), (at(step) - at(-step)) / (2 * Double(step)), 4e-3,
            "the pullback gives the derivative", what)
    }

    /// A batch with copies, and the same batch with each input once and its multiplicity, are one.
    fileprivate mutating func checkCopies(_ trial: LayerTrial) {
        let copies = [0, 1, 0, 2, 2, 0]
        let columns = trial.inputs.columns
        let distinct = Matrix(
            rows: 3, columns: columns, values: Array(trial.inputs.values[..<(3 * columns)]))
        let batch = Matrix(
            rows: copies.count, columns: columns, values: copies.flatMap { distinct.row($0) })
        var context = trial.context
        context.multiplicities = nil
        let full = trial.layer.apply(batch, trial.parameters, context)
        context.multiplicities = [3, 1, 2]
        let once = trial.layer.apply(distinct, trial.parameters, context)

        let heads = trial.layer.heads
        var random = RandomStream(seed: 4, stream: "copies")
        let gradient = random.matrix(copies.count * heads, trial.layer.outputDimension)
        let sources = copies.flatMap { source in (0..<heads).map { source * heads + $0 } }
        requireEqual(
            full.outputs, sources.map { once.outputs.row($0).map(Double.init) }, 1e-5,
            "copies have the outputs of their input")
        var ofBatch = Gradients(for: trial.parameters)
        var ofDistinct = Gradients(for: trial.parameters)
        let batchInputs = full.pullback(gradient, &ofBatch)
        let distinctInputs = once.pullback(
            gradient.summed(by: sources, into: 3 * heads), &ofDistinct)
        requireEqual(
            distinctInputs, batchInputs.summed(by: copies, into: 3).doubles, 1e-4,
            "an input's gradient is the sum of its copies'")
        requireClose(
            ofDistinct.regularizationLoss, ofBatch.regularizationLoss, 1e-5,
            "copies add to the penalty", "the penalty")
        for (name, id) in zip(trial.parameters.names, trial.parameters.ids) {
            if case .dense(let a)? = ofBatch[id], case .dense(let b)? = ofDistinct[id] {
                requireEqual(b, a.doubles, 1e-4, "copies add to the gradient of \(name)")
            }
            if let a = ofBatch.state(of: id), let b = ofDistinct.state(of: id) {
                requireEqual(b, a.doubles, 1e-5, "copies count in the statistics \(name)")
            }
        }
    }

    private mutating func requireEqual(
        _ found: Matrix, _ expected: [[Double]], _ tolerance: Double, _ rule: String
    ) {
        let difference = deviation(found, expected)
        require(difference < tolerance, rule, "they differ by \(difference)")
    }
}

extension Matrix {
    /// Row g is the sum of the rows i with `groups[i] == g`.
    fileprivate func summed(by groups: [Int], into count: Int) -> Matrix {
        var sums = Matrix(rows: count, columns: columns)
        for (row, group) in groups.enumerated() {
            for column in 0..<columns { sums[group, column] += self[row, column] }
        }
        return sums
    }
}
