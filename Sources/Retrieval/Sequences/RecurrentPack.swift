/// A pack's steps in the order in which they are taken: the first of all sequences, the longest
/// first, then the second, and so on.
struct StepOrder: Sendable {
    /// The batch's step in each row.
    let steps: [Int32]
    /// Where the rows of each time start, and where the last ones end.
    let starts: [Int]

    /// - Parameter sequences: the pack's.
    init(_ batch: SequenceBatch, _ sequences: Range<Int>) {
        let order = SequenceBatch.fromLongest(sequences.map { batch.steps(of: $0).count })
            .map { sequences.lowerBound + Int($0) }
        var steps: [Int32] = []
        var starts = [0]
        steps.reserveCapacity(order.reduce(0) { $0 + batch.steps(of: $1).count })
        var active = order.count
        for time in 0..<(order.first.map { batch.steps(of: $0).count } ?? 0) {
            while batch.steps(of: order[active - 1]).count <= time { active -= 1 }
            for index in 0..<active { steps.append(Int32(batch.offsets[order[index]] + time)) }
            starts.append(steps.count)
        }
        self.steps = steps
        self.starts = starts
    }

    /// Times.
    var count: Int { starts.count - 1 }

    func rows(at time: Int) -> Range<Int> { starts[time]..<starts[time + 1] }
}

/// One pack of sequences on its way through a recurrent network, and back.
struct RecurrentPack {
    let encoder: RecurrentEncoder
    let kernels: RecurrentKernels
    let batch: SequenceBatch
    let readers: Groups
    let order: StepOrder
    /// As ``SequencePack/isFirst``.
    let isFirst: Bool
    /// Of a step's cells, all 0.
    let zeros: RowPointer
    let scratch: RowPointer

    private var steps: Int { order.steps.count }
    private var units: PaddedWidth { encoder.units }
    /// Numbers of one thing of all steps.
    private var stride: Int { steps * units.stride }
    private var all: PaddedRows { PaddedRows(count: steps, width: units) }

    /// Numbers that so many steps leave for the way back.
    static func memorySize(steps: Int, _ encoder: RecurrentEncoder) -> Int {
        let rows = encoder.cell.gates + encoder.cell.extras + 1
        return steps * (encoder.inputs.stride + rows * encoder.units.stride)
    }

    /// Room that a pack needs beside.
    static func scratchSize(steps: Int, _ encoder: RecurrentEncoder) -> Int {
        let forward = encoder.cell.gates * steps * encoder.units.stride
        let backward =
            steps * ((encoder.cell.gradients + 3) * encoder.units.stride + encoder.inputs.stride)
        return max(forward, backward)
    }

    /// What a pack leaves.
    private struct Memory {
        let inputs: RowPointer
        let gates: RowPointer
        let extras: RowPointer
        let outputs: RowPointer

        init(_ start: RowPointer, _ pack: RecurrentPack) {
            var arena = LaneArena(start)
            inputs = arena.take(rows: pack.steps, of: pack.encoder.inputs)
            gates = arena.take(pack.encoder.cell.gates * pack.stride)
            extras = arena.take(pack.encoder.cell.extras * pack.stride)
            outputs = arena.take(pack.stride)
        }
    }

    private func gateRows(at time: Int, _ memory: Memory, products: RowPointer) -> GateRows {
        let rows = order.rows(at: time)
        let start = rows.lowerBound * units.stride
        let before = time == 0 ? 0 : order.rows(at: time - 1).lowerBound * units.stride
        return GateRows(
            rows: PaddedRows(count: rows.count, width: units), gates: memory.gates + start,
            extras: memory.extras + start, stride: stride,
            before: time == 0 ? zeros : memory.outputs + before,
            extrasBefore: time == 0 ? zeros : memory.extras + before, products: products,
            productStride: rows.count * units.stride)
    }

    /// Leaves what the way back needs in `start`, and the places' vectors in `outputs`.
    func forward(_ start: RowPointer, outputs: RowPointer?) {
        let memory = Memory(start, self)
        PaddedRows(count: steps, width: encoder.inputs)
            .gather(batch.vectors, order.steps, into: memory.inputs)
        for (gate, kernel) in kernels.inputs.enumerated() {
            all.multiply(memory.inputs, kernel, into: memory.gates + gate * stride)
        }
        for time in 0..<order.count {
            let start = order.rows(at: time).lowerBound * units.stride
            encoder.cell.step(
                gateRows(at: time, memory, products: scratch), kernels.recurrent,
                into: memory.outputs + start)
        }
        guard let outputs else { return }
        for (row, step) in order.steps.enumerated() {
            readers.forEach(of: Int(step)) {
                (outputs + Int($0) * units.numbers).update(
                    from: memory.outputs + row * units.stride, count: units.numbers)
            }
        }
    }

    /// Takes the gradient of the places' vectors back; `vectors` takes that of the batch's.
    func backward(
        _ start: RowPointer, of gradient: UnsafePointer<Float>, into vectors: RowPointer,
        _ partial: RecurrentPartial
    ) {
        let memory = Memory(start, self)
        var arena = LaneArena(scratch)
        let gates = arena.take(encoder.cell.gradients * stride)
        let (outputs, carried) = (arena.take(stride), arena.take(stride))
        let before = arena.take(stride)
        let inputs = arena.take(rows: steps, of: encoder.inputs)
        all.clear(outputs)
        all.clear(carried)
        for time in (0..<order.count).reversed() {
            let rows = order.rows(at: time)
            add(gradient, of: rows, to: outputs)
            let start = rows.lowerBound * units.stride
            encoder.cell.stepGradient(
                gateRows(at: time, memory, products: before), kernels.recurrent,
                GateGradients(
                    gates: gates + start, stride: stride, outputs: outputs, carried: carried))
        }
        for time in 0..<order.count {
            let rows = order.rows(at: time)
            let from = gateRows(at: time, memory, products: before).before
            (before + rows.lowerBound * units.stride)
                .update(from: from, count: rows.count * units.stride)
        }
        let back = PaddedRows(count: steps, width: encoder.inputs)
        for gate in 0..<encoder.cell.gates {
            let own = gates + gate * stride
            all.addGradient(memory.inputs, own, to: partial.inputs[gate], isFirst: isFirst)
            let multiplied = encoder.cell.multiplied(gate: gate).map { memory.extras + $0 * stride }
            all.addGradient(
                multiplied ?? before, gates + encoder.cell.gradientOfProduct(gate: gate) * stride,
                to: partial.recurrent[gate], isFirst: isFirst)
            back.multiplyBack(own, kernels.inputs[gate], into: inputs, adding: gate > 0)
        }
        for (row, step) in order.steps.enumerated() {
            (vectors + Int(step) * encoder.inputDimension).update(
                from: inputs + row * encoder.inputs.stride, count: encoder.inputDimension)
        }
    }

    /// Adds the gradient of the places that read rows to those of the cells.
    private func add(
        _ gradient: UnsafePointer<Float>, of rows: Range<Int>, to outputs: RowPointer
    ) {
        for row in rows {
            let target = outputs + (row - rows.lowerBound) * units.stride
            readers.forEach(of: Int(order.steps[row])) {
                Kernels.axpy(target, gradient + Int($0) * units.numbers, 1, units.numbers)
            }
        }
    }
}
