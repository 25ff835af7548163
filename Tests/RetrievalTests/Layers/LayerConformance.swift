import Foundation
import Retrieval
import Testing

/// A layer with parameters and inputs to try it on.
struct LayerTrial {
    var layer: any Layer
    var parameters: Parameters
    var inputs: Matrix
    var context = EncodingContext()

    /// Makes the layer from a catalogue entry, with parameters that no initializer would leave at
    /// zero.
    init(
        _ name: String, _ values: FieldValues, input: LayerInput = LayerInput(dimension: 6),
        rows: Int = 5, seed: UInt64 = 1
    ) throws {
        var random = RandomStream(seed: seed, stream: "layer trial")
        var builder = ModelBuilder(seed: seed)
        let entry = try #require(Catalog.builtIn.layers[name])
        layer = try entry.make(values, Catalog.builtIn.components).prepare(
            input, path: "trial", &builder)
        parameters = builder.parameters
        for index in parameters.matrices.indices {
            let isVariance = parameters.names[index].hasSuffix("variance")
            for position in parameters.matrices[index].values.indices {
                parameters.matrices[index].values[position] =
                    isVariance
                    ? random.uniformFloat(in: 0.5..<2) : random.uniformFloat(in: -0.9..<0.9)
            }
        }
        inputs = random.matrix(rows, input.dimension)
    }

    /// Σ outputs · weights, and the layer's penalty: what the tests differentiate.
    func value(_ weights: Matrix, _ parameters: Parameters, _ inputs: Matrix) -> Double {
        let output = layer.apply(inputs, parameters, context)
        var gradients = Gradients()
        _ = output.pullback(weights, &gradients)
        return zip(output.outputs.values, weights.values).reduce(gradients.regularizationLoss) {
            $0 + Double($1.0 * $1.1)
        }
    }

    func outputWeights(_ shape: Matrix) -> Matrix {
        var random = RandomStream(seed: 9, stream: "output weights")
        return random.matrix(shape.rows, shape.columns)
    }
}

/// What is expected of any layer.
func checkLayer(_ trial: LayerTrial, _ name: String) {
    let output = trial.layer.apply(trial.inputs, trial.parameters, trial.context)
    #expect(output.outputs.columns == trial.layer.outputDimension, "\(name)")
    #expect(output.outputs.rows == trial.inputs.rows * trial.layer.heads, "\(name)")
    checkGradients(trial, output, name)

    var threaded = trial
    threaded.context.lanes = Lanes(threads: 3)
    let again = threaded.layer.apply(trial.inputs, trial.parameters, threaded.context)
    #expect(again.outputs == output.outputs, "\(name): threads change the bits")

    // No rows: a last batch may be without candidates of a kind.
    let empty = Matrix(rows: 0, columns: trial.inputs.columns)
    var emptyContext = trial.context
    emptyContext.multiplicities = nil
    #expect(trial.layer.apply(empty, trial.parameters, emptyContext).outputs.rows == 0, "\(name)")

    if !trial.layer.requiresDistinctRows { checkCopies(trial, name) }
}

/// Central differences in every input and every trainable parameter.
private func checkGradients(_ trial: LayerTrial, _ output: LayerOutput, _ name: String) {
    let weights = trial.outputWeights(output.outputs)
    var gradients = Gradients(for: trial.parameters)
    let inputGradient = output.pullback(weights, &gradients)
    let step: Float = 0x1p-7
    func compare(_ gradient: Float, _ what: String, _ at: (Float) -> Double) {
        let difference = (at(step) - at(-step)) / (2 * Double(step))
        #expect(
            isClose(Double(gradient), difference, 4e-3),
            "\(name), \(what): \(gradient), difference \(difference)")
    }
    for index in trial.inputs.values.indices {
        compare(inputGradient.values[index], "input \(index)") { step in
            var moved = trial.inputs
            moved.values[index] += step
            return trial.value(weights, trial.parameters, moved)
        }
    }
    for (number, id) in trial.parameters.ids.enumerated() where trial.parameters.isTrainable(id) {
        guard case .dense(let gradient)? = gradients[id] else {
            Issue.record("\(name): no gradient of \(trial.parameters.names[number])")
            continue
        }
        for index in gradient.values.indices {
            compare(gradient.values[index], "\(trial.parameters.names[number]) \(index)") { step in
                var moved = trial.parameters
                moved.matrices[number].values[index] += step
                return trial.value(weights, moved, trial.inputs)
            }
        }
    }
}

/// A batch with copies, and the same batch with each input once and its multiplicity, are one.
private func checkCopies(_ trial: LayerTrial, _ name: String) {
    let copies = [0, 1, 0, 2, 2, 0]
    var random = RandomStream(seed: 4, stream: "copies")
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
    let gradient = random.matrix(copies.count * heads, trial.layer.outputDimension)
    var sums = Matrix(rows: 3 * heads, columns: trial.layer.outputDimension)
    for (row, source) in copies.enumerated() {
        for head in 0..<heads {
            for column in 0..<sums.columns {
                sums[source * heads + head, column] += gradient[row * heads + head, column]
                #expect(
                    isClose(
                        Double(full.outputs[row * heads + head, column]),
                        Double(once.outputs[source * heads + head, column]), 1e-5), "\(name)")
            }
        }
    }
    var (fullGradients, onceGradients) = (
        Gradients(for: trial.parameters), Gradients(for: trial.parameters)
    )
    let ofBatch = full.pullback(gradient, &fullGradients)
    let ofDistinct = once.pullback(sums, &onceGradients)
    var summed = Matrix(rows: 3, columns: columns)
    for (row, source) in copies.enumerated() {
        for column in 0..<columns { summed[source, column] += ofBatch[row, column] }
    }
    #expect(deviation(ofDistinct, summed.doubles) < 1e-4, "\(name)")
    #expect(
        abs(fullGradients.regularizationLoss - onceGradients.regularizationLoss) < 1e-5, "\(name)")
    for id in trial.parameters.ids {
        if case .dense(let a)? = fullGradients[id], case .dense(let b)? = onceGradients[id] {
            #expect(deviation(b, a.doubles) < 1e-4, "\(name)")
        }
        if let a = fullGradients.state(of: id), let b = onceGradients.state(of: id) {
            #expect(deviation(b, a.doubles) < 1e-5, "\(name)")
        }
    }
}
