import CKernels

/// An activation function with its parameter, over every number of a matrix; `softmax` over every
/// row.
public struct Activation: Sendable {
    public var function: ActivationFunction
    /// Slope below zero of `leaky_relu`, and what `elu` tends to there; the others have none.
    public var alpha: Float

    public init(_ function: ActivationFunction, alpha: Float? = nil) {
        self.function = function
        self.alpha = alpha ?? function.defaultAlpha
    }

    /// The outputs, and the gradient of the inputs from that of the outputs.
    struct Output: Sendable {
        var outputs: Matrix
        var pullback: @Sendable (Matrix) -> Matrix
    }

    func apply(_ inputs: Matrix, _ lanes: Lanes) -> Output {
        switch function {
        case .linear: return Output(outputs: inputs) { $0 }
        case .softmax: return softmax(inputs, lanes)
        default: break
        }
        let outputs = Matrix(rows: inputs.rows, columns: inputs.columns) { y in
            forEachRange(of: inputs, y, lanes) { x, y, _, count in
                function.evaluate(x, y, count: count, alpha: alpha)
            }
        }
        return Output(outputs: outputs) { [function, alpha] gradient in
            Matrix(rows: inputs.rows, columns: inputs.columns) { dx in
                forEachRange(of: inputs, dx, lanes) { x, dx, start, count in
                    outputs.values.withUnsafeBufferPointer { y in
                        function.differentiate(
                            x, y.baseAddress! + start, dx, count: count, alpha: alpha)
                    }
                    for index in 0..<count { dx[index] *= gradient.values[start + index] }
                }
            }
        }
    }

    private func softmax(_ inputs: Matrix, _ lanes: Lanes) -> Output {
        let columns = inputs.columns
        var outputs = inputs
        outputs.values.withUnsafeMutableBufferPointer { values in
            for row in 0..<inputs.rows {
                let y = values.baseAddress! + row * columns
                let sum = tk_exp_shift_sum(y, columns, tk_max(y, columns), nil)
                tk_affine(y, columns, sum, nil)
            }
        }
        return Output(outputs: outputs) { [outputs] gradient in
            Matrix(rows: inputs.rows, columns: columns) { dx in
                for row in 0..<inputs.rows {
                    let range = (row * columns)..<((row + 1) * columns)
                    var mean: Float = 0
                    for index in range { mean += gradient.values[index] * outputs.values[index] }
                    for index in range {
                        dx[index] = outputs.values[index] * (gradient.values[index] - mean)
                    }
                }
            }
        }
    }
}

/// Calls `body` with the inputs and outputs of ranges of rows, where they start, and their length.
private func forEachRange(
    of inputs: Matrix, _ outputs: UnsafeMutablePointer<Float>, _ lanes: Lanes,
    _ body: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int) -> Void
) {
    nonisolated(unsafe) let outputs = outputs
    let columns = inputs.columns
    lanes.forEachRange(of: inputs.rows, cost: 16 * columns) { range in
        inputs.values.withUnsafeBufferPointer { x in
            let start = range.lowerBound * columns
            body(x.baseAddress! + start, outputs + start, start, range.count * columns)
        }
    }
}
