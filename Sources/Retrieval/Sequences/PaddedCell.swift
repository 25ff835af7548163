/// A recurrent cell whose steps run over rows of padded units: the GRU and LSTM of Keras with the
/// activations that they have by default.
protocol PaddedCell: Sendable {
    /// Parts of a kernel's columns.
    var gates: Int { get }
    /// Rows of each step that the way back needs beside gates and outputs.
    var extras: Int { get }
    /// Gradients of each step: of the gates, and what else is multiplied.
    var gradients: Int { get }
    /// Whether the state's products have biases of their own, the second row.
    var hasRecurrentBias: Bool { get }

    /// What the state's kernel of a gate multiplies: nil: the output before; else that extra.
    func multiplied(gate: Int) -> Int?
    /// The gradient of that product, of those of a step.
    func gradientOfProduct(gate: Int) -> Int

    /// Writes gates, extras and `next` outputs.
    func step(_ step: GateRows, _ kernels: [PackedKernel], into next: RowPointer)

    /// Writes the gradients of a step, and changes those that are carried to what the step before
    /// gets.
    func stepGradient(_ step: GateRows, _ kernels: [PackedKernel], _ gradients: GateGradients)
}

/// ``GRUCell`` over padded rows.
struct PaddedGRU: PaddedCell {
    let resetAfter: Bool

    var gates: Int { 3 }
    var extras: Int { 1 }
    var gradients: Int { 4 }
    var hasRecurrentBias: Bool { resetAfter }

    func multiplied(gate: Int) -> Int? { gate == 2 && !resetAfter ? 0 : nil }

    func gradientOfProduct(gate: Int) -> Int { gate == 2 && resetAfter ? 3 : gate }

    func step(_ step: GateRows, _ kernels: [PackedKernel], into next: RowPointer) {
        step.rows.multiply(step.before, kernels[0], into: step.product(0))
        step.rows.multiply(step.before, kernels[1], into: step.product(1))
        if resetAfter {
            step.rows.multiply(step.before, kernels[2], into: step.extra(0))
            step.gruStep(into: next)
        } else {
            step.gruReset()
            step.rows.multiply(step.extra(0), kernels[2], into: step.product(2))
            step.gruMix(into: next)
        }
    }

    func stepGradient(_ step: GateRows, _ kernels: [PackedKernel], _ gradients: GateGradients) {
        let rows = step.rows
        if resetAfter {
            step.gruStepGradient(gradients)
            rows.multiplyBack(gradients.gate(3), kernels[2], into: gradients.outputs, adding: true)
        } else {
            step.gruMixGradient(gradients)
            rows.multiplyBack(gradients.gate(2), kernels[2], into: gradients.gate(3))
            step.gruResetGradient(gradients)
        }
        rows.multiplyBack(gradients.gate(0), kernels[0], into: gradients.outputs, adding: true)
        rows.multiplyBack(gradients.gate(1), kernels[1], into: gradients.outputs, adding: true)
    }
}

/// ``LSTMCell`` over padded rows.
struct PaddedLSTM: PaddedCell {
    var gates: Int { 4 }
    var extras: Int { 2 }
    var gradients: Int { 4 }
    var hasRecurrentBias: Bool { false }

    func multiplied(gate: Int) -> Int? { nil }

    func gradientOfProduct(gate: Int) -> Int { gate }

    func step(_ step: GateRows, _ kernels: [PackedKernel], into next: RowPointer) {
        for gate in 0..<4 {
            step.rows.multiply(step.before, kernels[gate], into: step.product(gate))
        }
        step.lstmStep(into: next)
    }

    func stepGradient(_ step: GateRows, _ kernels: [PackedKernel], _ gradients: GateGradients) {
        step.lstmStepGradient(gradients)
        for gate in 0..<4 {
            step.rows.multiplyBack(
                gradients.gate(gate), kernels[gate], into: gradients.outputs, adding: gate > 0)
        }
    }
}
