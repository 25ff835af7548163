/// The gated recurrent unit of `tf.keras.layers.GRU` (Cho et al., 2014), its gates in the order
/// z, r, h.
///
/// `z = σ(x·Wz + h·Uz)`, `r = σ(x·Wr + h·Ur)`, `h ← z ⊙ h + (1 − z) ⊙ h̃`, biases left out, where
/// h̃ is `tanh(x·Wh + r ⊙ (h·Uh))` if the gate is applied after the product (`reset_after`, the
/// default), else `tanh(x·Wh + (r ⊙ h)·Uh)`.
package struct GRUCell: RecurrentCell {
    package let units: Int
    package let resetAfter: Bool
    let activation: Activation
    let recurrentActivation: Activation
    /// [inputs, 3 · units].
    let kernel: ParameterID
    /// [units, 3 · units].
    let recurrentKernel: ParameterID
    /// [2, 3 · units] with `resetAfter`, of inputs and state; else [1, 3 · units].
    let bias: ParameterID?

    package init(
        units: Int, resetAfter: Bool = true, activation: Activation = Activation(.tanh),
        recurrentActivation: Activation = Activation(.sigmoid), kernel: ParameterID,
        recurrentKernel: ParameterID, bias: ParameterID?
    ) {
        self.units = units
        self.resetAfter = resetAfter
        self.activation = activation
        self.recurrentActivation = recurrentActivation
        self.kernel = kernel
        self.recurrentKernel = recurrentKernel
        self.bias = bias
    }

    package var stateWidth: Int { units }

    /// The row of the bias that a product takes, as a matrix of one row.
    private func biasRow(_ row: Int, _ parameters: Parameters) -> Matrix? {
        bias.map { bias in
            Matrix(
                rows: 1, columns: 3 * units, values: Array(parameters[bias].row(row)))
        }
    }

    private func addBiasGradient(_ gradient: Matrix, row: Int, to gradients: inout Gradients) {
        guard let bias else { return }
        let sums = gradient.columnSums()
        let zeros = Matrix(rows: 1, columns: sums.columns)
        let rows = resetAfter ? (row == 0 ? [sums, zeros] : [zeros, sums]) : [sums]
        gradients.add(
            .dense(
                Matrix(rows: rows.count, columns: sums.columns, values: rows.flatMap(\.values))),
            to: bias)
    }

    package func project(
        _ inputs: Matrix, _ parameters: Parameters, _ lanes: Lanes
    ) -> LayerOutput {
        let weights = parameters[kernel]
        let outputs = inputs.times(weights, bias: biasRow(0, parameters), lanes)
        return LayerOutput(outputs: outputs) { gradient, gradients in
            gradients.add(.dense(inputs.transposedTimes(gradient, lanes)), to: kernel)
            addBiasGradient(gradient, row: 0, to: &gradients)
            return gradient.timesTransposed(weights, lanes)
        }
    }

    package func step(
        _ projected: Matrix, _ state: Matrix, _ parameters: Parameters, _ lanes: Lanes
    ) -> CellOutput {
        let inputs = projected.splittingColumns([units, units, units])
        return resetAfter
            ? stepResettingAfter(inputs, state, parameters, lanes)
            : stepResettingBefore(inputs, state, parameters, lanes)
    }

    private func stepResettingAfter(
        _ inputs: [Matrix], _ state: Matrix, _ parameters: Parameters, _ lanes: Lanes
    ) -> CellOutput {
        let weights = parameters[recurrentKernel]
        let products = state.times(weights, bias: biasRow(1, parameters), lanes)
            .splittingColumns([units, units, units])
        let z = recurrentActivation.apply(inputs[0].adding(products[0]), lanes)
        let r = recurrentActivation.apply(inputs[1].adding(products[1]), lanes)
        let candidate = activation.apply(
            .combining(inputs[2], r.outputs, products[2]) { $0 + $1 * $2 }, lanes)
        return CellOutput(state: Self.mix(z.outputs, state, candidate.outputs)) {
            gradient, gradients in
            let parts = Self.unmix(gradient, z, state, candidate)
            let ofR = r.pullback(parts.ofCandidate.multiplied(by: products[2]))
            let ofProduct = parts.ofCandidate.multiplied(by: r.outputs)
            let ofProducts = Matrix.concatenatingColumns([parts.ofZ, ofR, ofProduct])
            gradients.add(.dense(state.transposedTimes(ofProducts, lanes)), to: recurrentKernel)
            addBiasGradient(ofProducts, row: 1, to: &gradients)
            return (
                .concatenatingColumns([parts.ofZ, ofR, parts.ofCandidate]),
                parts.ofState.adding(ofProducts.timesTransposed(weights, lanes))
            )
        }
    }

    private func stepResettingBefore(
        _ inputs: [Matrix], _ state: Matrix, _ parameters: Parameters, _ lanes: Lanes
    ) -> CellOutput {
        let weights = parameters[recurrentKernel].splittingColumns([2 * units, units])
        let products = state.times(weights[0], lanes).splittingColumns([units, units])
        let z = recurrentActivation.apply(inputs[0].adding(products[0]), lanes)
        let r = recurrentActivation.apply(inputs[1].adding(products[1]), lanes)
        let reset = r.outputs.multiplied(by: state)
        let candidate = activation.apply(inputs[2].adding(reset.times(weights[1], lanes)), lanes)
        return CellOutput(state: Self.mix(z.outputs, state, candidate.outputs)) {
            gradient, gradients in
            let parts = Self.unmix(gradient, z, state, candidate)
            let ofReset = parts.ofCandidate.timesTransposed(weights[1], lanes)
            let ofR = r.pullback(ofReset.multiplied(by: state))
            let ofGates = Matrix.concatenatingColumns([parts.ofZ, ofR])
            gradients.add(
                .dense(
                    .concatenatingColumns([
                        state.transposedTimes(ofGates, lanes),
                        reset.transposedTimes(parts.ofCandidate, lanes),
                    ])), to: recurrentKernel)
            return (
                .concatenatingColumns([parts.ofZ, ofR, parts.ofCandidate]),
                parts.ofState.adding(ofReset.multiplied(by: r.outputs))
                    .adding(ofGates.timesTransposed(weights[0], lanes))
            )
        }
    }

    /// z ⊙ h + (1 − z) ⊙ h̃.
    private static func mix(_ z: Matrix, _ state: Matrix, _ candidate: Matrix) -> Matrix {
        .combining(z, state, candidate) { $0 * $1 + (1 - $0) * $2 }
    }

    private struct MixGradients {
        /// Before their activations.
        var ofZ: Matrix
        var ofCandidate: Matrix
        var ofState: Matrix
    }

    private static func unmix(
        _ gradient: Matrix, _ z: Activation.Output, _ state: Matrix, _ candidate: Activation.Output
    ) -> MixGradients {
        MixGradients(
            ofZ: z.pullback(.combining(gradient, state, candidate.outputs) { $0 * ($1 - $2) }),
            ofCandidate: candidate.pullback(.combining(gradient, z.outputs) { $0 * (1 - $1) }),
            ofState: gradient.multiplied(by: z.outputs))
    }
}

/// `gru` as a spec declares it.
public struct GRUDefinition: SequenceEncoderDefinition {
    var options: RecurrentOptions
    /// Whether the reset gate is applied after the recurrent product, as in cuDNN.
    public var resetAfter: Bool

    public func outputDimension(of dimension: Int) -> Int? { options.units }

    public func prepare(
        dimension: Int, length: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> any SequenceEncoder {
        let weights = try options.addWeights(
            gates: 3, dimension: dimension, biasRows: resetAfter ? 2 : 1, path: path, &builder)
        guard !options.hasDefaultActivations else {
            return RecurrentEncoder(
                cell: PaddedGRU(resetAfter: resetAfter), inputDimension: dimension,
                outputDimension: options.units, kernel: weights.kernel,
                recurrentKernel: weights.recurrentKernel, bias: weights.bias)
        }
        return Recurrence(
            GRUCell(
                units: options.units, resetAfter: resetAfter,
                activation: Activation(options.activation),
                recurrentActivation: Activation(options.recurrentActivation),
                kernel: weights.kernel, recurrentKernel: weights.recurrentKernel,
                bias: weights.bias))
    }
}

extension GRUDefinition: CatalogComponent {
    static let resetAfterField = Field(
        "reset_after", default: true,
        "Whether the reset gate applies after the product with the state, as in Keras 2.")

    public static let entry = ComponentEntry<any SequenceEncoderDefinition>(
        "gru", summary: "The last output of a gated recurrent unit.",
        source: "tf.keras.layers.GRU; Cho et al., 2014",
        fields: RecurrentOptions.fields + [resetAfterField.description]
    ) { values, components in
        GRUDefinition(
            options: try RecurrentOptions(values, components),
            resetAfter: values[resetAfterField])
    }
}
