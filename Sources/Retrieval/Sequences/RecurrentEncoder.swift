/// A recurrent network over ragged sequences, of which each step is computed once whoever reads it.
///
/// A lane takes a pack of sequences, the longest first, through one step after the other: those that
/// are over are always the last.
struct RecurrentEncoder: SequenceEncoder {
    let cell: any PaddedCell
    let inputDimension: Int
    let outputDimension: Int
    /// [inputs, gates · units].
    let kernel: ParameterID
    /// [units, gates · units].
    let recurrentKernel: ParameterID
    /// One row, or two with ``PaddedCell/hasRecurrentBias``, of gates · units.
    let bias: ParameterID?

    func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let pass = RecurrentPass(self, batch, parameters, context)
        return LayerOutput(outputs: pass.outputs) { pass.pullBack($0, &$1) }
    }

    var inputs: PaddedWidth { PaddedWidth(inputDimension) }
    var units: PaddedWidth { PaddedWidth(outputDimension) }

    var stepCost: Int? { cell.gates * units.stride * (inputs.stride + units.stride) }

    /// Packs of like lengths have few times that only one or two of their sequences reach, for which
    /// a whole kernel is read.
    var takesLongestFirst: Bool { true }

    /// The columns of a kernel that belong to a gate.
    func columns(of gate: Int) -> Range<Int> {
        gate * outputDimension..<(gate + 1) * outputDimension
    }
}

/// The kernels of a recurrent network by gate, in memory of a pool.
final class RecurrentKernels: @unchecked Sendable {
    let inputs: [PackedKernel]
    let recurrent: [PackedKernel]
    private let memory: LaneBuffer<Float>
    private let pool: BufferPool

    init(
        _ encoder: RecurrentEncoder, _ parameters: Parameters, _ pool: BufferPool, _ lanes: Lanes
    ) {
        self.pool = pool
        memory = pool.take(
            encoder.cell.gates
                * (PackedKernel.size(encoder.inputs, encoder.units)
                    + PackedKernel.size(encoder.units, encoder.units)))
        var arena = LaneArena(memory)
        let bias = encoder.bias.map { parameters[$0] }
        let recurrentBias = encoder.cell.hasRecurrentBias ? bias : nil
        let gates = (0..<encoder.cell.gates).map(encoder.columns)
        let sources =
            gates.map {
                KernelSource(matrix: parameters[encoder.kernel], columns: $0, bias: bias)
            }
            + gates.map {
                KernelSource(
                    matrix: parameters[encoder.recurrentKernel], columns: $0, bias: recurrentBias,
                    biasRow: 1)
            }
        let packed = sources.map { (kernel: PackedKernel($0, &arena), source: $0) }
        PackedKernel.fill(packed, lanes)
        inputs = packed.prefix(gates.count).map(\.kernel)
        recurrent = packed.dropFirst(gates.count).map(\.kernel)
    }

    deinit { pool.give(memory) }
}

/// The gradients of a recurrent network's kernels and biases, as one lane sums them.
struct RecurrentPartial {
    let inputs: [KernelPartial]
    let recurrent: [KernelPartial]

    static func size(_ encoder: RecurrentEncoder) -> Int {
        encoder.cell.gates
            * (KernelPartial.size(encoder.inputs, encoder.units)
                + KernelPartial.size(encoder.units, encoder.units))
    }

    init(_ start: RowPointer, _ encoder: RecurrentEncoder) {
        var arena = LaneArena(start)
        inputs = (0..<encoder.cell.gates).map { _ in
            KernelPartial(&arena, encoder.inputs, encoder.units, hasBias: encoder.bias != nil)
        }
        recurrent = (0..<encoder.cell.gates).map { _ in
            KernelPartial(
                &arena, encoder.units, encoder.units,
                hasBias: encoder.bias != nil && encoder.cell.hasRecurrentBias)
        }
    }

    func add(to gradients: inout Gradients, _ encoder: RecurrentEncoder) {
        func whole(_ parts: [RowPointer], rows: Int) -> Matrix {
            let units = encoder.outputDimension
            return Matrix(rows: rows, columns: parts.count * units) { target in
                for row in 0..<rows {
                    for (gate, part) in parts.enumerated() {
                        (target + (row * parts.count + gate) * units).initialize(
                            from: part + row * encoder.units.stride, count: units)
                    }
                }
            }
        }
        gradients.add(
            .dense(whole(inputs.map(\.kernel), rows: encoder.inputDimension)), to: encoder.kernel)
        gradients.add(
            .dense(whole(recurrent.map(\.kernel), rows: encoder.outputDimension)),
            to: encoder.recurrentKernel)
        guard let bias = encoder.bias else { return }
        let rows = [inputs, recurrent].map { $0.compactMap(\.bias) }.filter { !$0.isEmpty }.map {
            whole($0, rows: 1)
        }
        gradients.add(
            .dense(
                Matrix(
                    rows: rows.count, columns: encoder.cell.gates * encoder.outputDimension,
                    values: rows.flatMap(\.values))), to: bias)
    }
}
