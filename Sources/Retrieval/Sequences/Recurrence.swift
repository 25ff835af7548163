/// The step of a recurrent network. Its state begins with its output.
package protocol RecurrentCell: Sendable {
    /// Length of the output.
    var units: Int { get }
    /// Length of the state, the output its first part.
    var stateWidth: Int { get }

    /// What the inputs contribute to the gates, for all steps at once.
    func project(_ inputs: Matrix, _ parameters: Parameters, _ lanes: Lanes) -> LayerOutput

    /// One step of all sequences.
    func step(
        _ projected: Matrix, _ state: Matrix, _ parameters: Parameters, _ lanes: Lanes
    ) -> CellOutput
}

package struct CellOutput: Sendable {
    /// [sequences, stateWidth].
    var state: Matrix
    /// Takes the gradient of the state to those of the projection and of the state before.
    var pullback: @Sendable (Matrix, inout Gradients) -> (projected: Matrix, state: Matrix)
}

/// A recurrent cell run over sequences, as `tf.keras.layers.RNN` does: a masked step keeps the
/// state, and its output is the one before it, zeros at first.
package struct Recurrence<Cell: RecurrentCell>: Sendable {
    let cell: Cell
    let goBackwards: Bool

    package init(_ cell: Cell, goBackwards: Bool = false) {
        self.cell = cell
        self.goBackwards = goBackwards
    }

    package struct Output: Sendable {
        /// [sequences, units] after each step, in the order of processing.
        package var outputs: [Matrix]
        /// Takes the gradients of the outputs, nil for none, to those of the batch's vectors and of
        /// the initial state.
        package var pullback:
            @Sendable (_ gradients: [Matrix?], inout Gradients) -> (
                vectors: Matrix, initial: Matrix
            )
    }

    /// - Parameter initial: the state before the first step, [sequences, stateWidth]; nil: zeros.
    package func run(
        _ batch: PaddedSequences, initial: Matrix? = nil, _ parameters: Parameters, _ lanes: Lanes
    ) -> Output {
        let (count, length) = (batch.count, batch.length)
        let order = goBackwards ? Array((0..<length).reversed()) : Array(0..<length)
        let projection = cell.project(batch.vectors, parameters, lanes)
        var state = initial ?? Matrix(rows: count, columns: cell.stateWidth)
        var output = Matrix(rows: count, columns: cell.units)
        var outputs: [Matrix] = []
        var steps: [(cell: CellOutput, isStep: [Bool]?)] = []
        for time in order {
            let next = cell.step(
                projection.outputs.step(time, of: length), state, parameters, lanes)
            let isStep = batch.mask.map { mask in
                (0..<count).map { mask[$0 * length + time] }
            }
            state = next.state.choosing(isStep, else: state)
            output = next.state.firstColumns(cell.units).choosing(isStep, else: output)
            outputs.append(output)
            steps.append((next, isStep))
        }
        let (units, width, gates) = (cell.units, cell.stateWidth, projection.outputs.columns)
        return Output(outputs: outputs) { [steps] ofOutputs, gradients in
            var ofProjection = Matrix(rows: count * length, columns: gates)
            var ofState = Matrix(rows: count, columns: width)
            var ofOutput = Matrix(rows: count, columns: units)
            for index in steps.indices.reversed() {
                let (cell, isStep) = steps[index]
                if let own = ofOutputs[index] { ofOutput = ofOutput.adding(own) }
                // A step that counts sets state and output; another passes both on.
                let nothing = Matrix(rows: count, columns: width)
                let ofNext = ofState.addingToFirstColumns(ofOutput).choosing(isStep, else: nothing)
                let (projected, before) = cell.pullback(ofNext, &gradients)
                ofProjection.setStep(order[index], of: length, to: projected)
                guard let isStep else {
                    ofState = before
                    ofOutput = Matrix(rows: count, columns: units)
                    continue
                }
                ofState = before.adding(nothing.choosing(isStep, else: ofState))
                ofOutput = Matrix(rows: count, columns: units).choosing(isStep, else: ofOutput)
            }
            return (projection.pullback(ofProjection, &gradients), ofState)
        }
    }
}

extension Recurrence: SequenceEncoder {
    public var outputDimension: Int { cell.units }

    public func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let padded = PaddedSequences(batch)
        let run = run(padded, parameters, context.lanes)
        var outputs = Matrix(rows: batch.places.count, columns: cell.units)
        for (index, place) in batch.places.enumerated() where place.length > 0 {
            let step = run.outputs[Int(place.length) - 1]
            for column in 0..<cell.units {
                outputs[index, column] = step[Int(place.sequence), column]
            }
        }
        return LayerOutput(outputs: outputs) { [cell] gradient, gradients in
            var ofOutputs = [Matrix?](repeating: nil, count: padded.length)
            for (index, place) in batch.places.enumerated() where place.length > 0 {
                let step = Int(place.length) - 1
                var sum = ofOutputs[step] ?? Matrix(rows: padded.count, columns: cell.units)
                ofOutputs[step] = nil
                for column in 0..<cell.units {
                    sum[Int(place.sequence), column] += gradient[index, column]
                }
                ofOutputs[step] = sum
            }
            return Rows.gather(
                run.pullback(ofOutputs, &gradients).vectors,
                PaddedSequences.rows(of: batch, length: padded.length))
        }
    }
}

extension Matrix {
    /// The rows of this matrix where the flag holds, those of the other elsewhere.
    func choosing(_ flags: [Bool]?, else other: Matrix) -> Matrix {
        guard let flags else { return self }
        var result = self
        for (row, flag) in flags.enumerated() where !flag {
            for index in (row * columns)..<((row + 1) * columns) {
                result.values[index] = other.values[index]
            }
        }
        return result
    }

    func firstColumns(_ count: Int) -> Matrix {
        count == columns ? self : splittingColumns([count, columns - count])[0]
    }

    /// Adds a narrower matrix to the first columns.
    func addingToFirstColumns(_ other: Matrix) -> Matrix {
        guard other.columns < columns else { return adding(other) }
        var result = self
        for row in 0..<rows {
            for column in 0..<other.columns { result[row, column] += other[row, column] }
        }
        return result
    }
}
