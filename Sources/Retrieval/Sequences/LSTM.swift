/// The long short-term memory of `tf.keras.layers.LSTM` (Hochreiter and Schmidhuber, 1997), gates
/// in the order i, f, c, o.
///
/// `c ← σ(f) ⊙ c + σ(i) ⊙ tanh(c̃)`, `h ← σ(o) ⊙ tanh(c)`, where i, f, c̃ and o are parts of
/// `x·W + h·U + b`. The state is h and c side by side.
package struct LSTMCell: RecurrentCell {
    package let units: Int
    let activation: Activation
    let recurrentActivation: Activation
    /// [inputs, 4 · units].
    let kernel: ParameterID
    /// [units, 4 · units].
    let recurrentKernel: ParameterID
    /// [1, 4 · units].
    let bias: ParameterID?

    package init(
        units: Int, activation: Activation = Activation(.tanh),
        recurrentActivation: Activation = Activation(.sigmoid), kernel: ParameterID,
        recurrentKernel: ParameterID, bias: ParameterID?
    ) {
        self.units = units
        self.activation = activation
        self.recurrentActivation = recurrentActivation
        self.kernel = kernel
        self.recurrentKernel = recurrentKernel
        self.bias = bias
    }

    package var stateWidth: Int { 2 * units }

    package func project(
        _ inputs: Matrix, _ parameters: Parameters, _ lanes: Lanes
    ) -> LayerOutput {
        Dense(kernel: kernel, bias: bias, units: 4 * units).apply(
            inputs, parameters, EncodingContext(lanes: lanes))
    }

    package func step(
        _ projected: Matrix, _ state: Matrix, _ parameters: Parameters, _ lanes: Lanes
    ) -> CellOutput {
        let weights = parameters[recurrentKernel]
        let parts = state.splittingColumns([units, units])
        let (output, memory) = (parts[0], parts[1])
        let gates = projected.adding(output.times(weights, lanes))
            .splittingColumns([units, units, units, units])
        let i = recurrentActivation.apply(gates[0], lanes)
        let f = recurrentActivation.apply(gates[1], lanes)
        let candidate = activation.apply(gates[2], lanes)
        let o = recurrentActivation.apply(gates[3], lanes)
        let newMemory = f.outputs.multiplied(by: memory).adding(
            i.outputs.multiplied(by: candidate.outputs))
        let squashed = activation.apply(newMemory, lanes)
        let newOutput = o.outputs.multiplied(by: squashed.outputs)
        return CellOutput(state: .concatenatingColumns([newOutput, newMemory])) {
            [units] gradient, gradients in
            let ofParts = gradient.splittingColumns([units, units])
            let ofMemory = ofParts[1].adding(
                squashed.pullback(ofParts[0].multiplied(by: o.outputs)))
            let ofGates = Matrix.concatenatingColumns([
                i.pullback(ofMemory.multiplied(by: candidate.outputs)),
                f.pullback(ofMemory.multiplied(by: memory)),
                candidate.pullback(ofMemory.multiplied(by: i.outputs)),
                o.pullback(ofParts[0].multiplied(by: squashed.outputs)),
            ])
            gradients.add(.dense(output.transposedTimes(ofGates, lanes)), to: recurrentKernel)
            return (
                ofGates,
                .concatenatingColumns([
                    ofGates.timesTransposed(weights, lanes), ofMemory.multiplied(by: f.outputs),
                ])
            )
        }
    }
}

/// `lstm` as a spec declares it.
public struct LSTMDefinition: SequenceEncoderDefinition {
    var options: RecurrentOptions
    /// Whether the forget gate's bias starts at 1 (Jozefowicz et al., 2015).
    public var unitForgetBias: Bool

    public func outputDimension(of dimension: Int) -> Int? { options.units }

    public func prepare(
        dimension: Int, length: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> any SequenceEncoder {
        let weights = try options.addWeights(
            gates: 4, dimension: dimension, biasRows: 1, path: path, &builder)
        if unitForgetBias, let bias = weights.bias {
            builder.edit(bias) { bias in
                for index in options.units..<(2 * options.units) { bias.values[index] = 1 }
            }
        }
        guard !options.hasDefaultActivations else {
            return RecurrentEncoder(
                cell: PaddedLSTM(), inputDimension: dimension, outputDimension: options.units,
                kernel: weights.kernel, recurrentKernel: weights.recurrentKernel,
                bias: weights.bias)
        }
        return Recurrence(
            LSTMCell(
                units: options.units, activation: Activation(options.activation),
                recurrentActivation: Activation(options.recurrentActivation),
                kernel: weights.kernel, recurrentKernel: weights.recurrentKernel,
                bias: weights.bias))
    }
}

extension LSTMDefinition: CatalogComponent {
    static let unitForgetBiasField = Field(
        "unit_forget_bias", default: true, "Whether the forget gate's bias starts at 1.")

    public static let entry = ComponentEntry<any SequenceEncoderDefinition>(
        "lstm", summary: "The last output of a long short-term memory.",
        source: "tf.keras.layers.LSTM; Hochreiter and Schmidhuber, 1997",
        fields: RecurrentOptions.fields + [unitForgetBiasField.description]
    ) { values, components in
        LSTMDefinition(
            options: try RecurrentOptions(values, components),
            unitForgetBias: values[unitForgetBiasField])
    }
}
