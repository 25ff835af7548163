import CKernels

/// One step of the gates of some recurrent cells that stand side by side: rows of units.
struct GateRows {
    /// The cells of the step.
    let rows: PaddedRows
    /// What inputs contribute to the first gate, then the gate; the others follow, `stride` apart.
    let gates: RowPointer
    /// What a cell leaves for the way back beside its gates, `stride` apart.
    let extras: RowPointer
    let stride: Int
    /// The outputs and the extras of the step before.
    let before: RowPointer
    let extrasBefore: RowPointer
    /// What the state contributes to each gate, `productStride` apart.
    let products: RowPointer
    let productStride: Int

    func gate(_ index: Int) -> RowPointer { gates + index * stride }
    func extra(_ index: Int) -> RowPointer { extras + index * stride }
    func product(_ index: Int) -> RowPointer { products + index * productStride }

    fileprivate var size: Int { rows.count * rows.width.stride }
}

/// The gradients of one step's gates before their activations, and those that go to the step
/// before.
struct GateGradients {
    /// Of the gates as inputs contribute to them, `stride` apart; more may follow.
    let gates: RowPointer
    let stride: Int
    /// Of the outputs, and of what else is carried from step to step.
    let outputs: RowPointer
    let carried: RowPointer

    func gate(_ index: Int) -> RowPointer { gates + index * stride }
}

/// The gates of a GRU: z, r and the candidate; the one extra is the product that r multiplies or,
/// where it resets before the product, what is multiplied.
extension GateRows {
    private func gru(of candidate: RowPointer) -> tk_gru {
        tk_gru(
            n: size, z: gate(0), r: gate(1), candidate: gate(2), of_z: product(0),
            of_r: product(1), of_candidate: candidate, state: before)
    }

    func gruStep(into next: RowPointer) {
        var call = gru(of: extra(0))
        tk_gru_step(&call, next)
    }

    func gruReset() {
        var call = gru(of: product(2))
        tk_gru_reset(&call, extra(0))
    }

    func gruMix(into next: RowPointer) {
        var call = gru(of: product(2))
        tk_gru_mix(&call, next)
    }

    private func gradients(_ to: GateGradients) -> tk_gru_gradients {
        tk_gru_gradients(
            z: to.gate(0), r: to.gate(1), candidate: to.gate(2), of_candidate: to.gate(3))
    }

    func gruStepGradient(_ to: GateGradients) {
        var (call, gradients) = (gru(of: extra(0)), gradients(to))
        tk_gru_step_gradient(&call, to.outputs, &gradients)
    }

    func gruMixGradient(_ to: GateGradients) {
        var (call, gradients) = (gru(of: extra(0)), gradients(to))
        tk_gru_mix_gradient(&call, to.outputs, &gradients)
    }

    func gruResetGradient(_ to: GateGradients) {
        var (call, gradients) = (gru(of: extra(0)), gradients(to))
        tk_gru_reset_gradient(&call, to.outputs, &gradients)
    }
}

/// The gates of an LSTM: i, f, the candidate and o; the extras are the memory after the step and its
/// tanh.
extension GateRows {
    private var lstm: tk_lstm {
        tk_lstm(
            n: size, gates: (gate(0), gate(1), gate(2), gate(3)),
            of_gates: (
                UnsafePointer(product(0)), UnsafePointer(product(1)), UnsafePointer(product(2)),
                UnsafePointer(product(3))
            ), memory: extrasBefore, next_memory: extra(0), squashed: extra(1))
    }

    func lstmStep(into next: RowPointer) {
        var call = lstm
        tk_lstm_step(&call, next)
    }

    func lstmStepGradient(_ to: GateGradients) {
        var call = lstm
        withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>?.self, capacity: 4) {
            for index in 0..<4 { $0[index] = to.gate(index) }
            tk_lstm_step_gradient(&call, to.outputs, to.carried, $0.baseAddress)
        }
    }
}
