/// An activation function with its parameter, over every number of a matrix; `softmax` over every
/// row.
public struct Activation: Sendable {
    /// Which function.
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
        guard !isIdentity else { return Output(outputs: inputs) { $0 } }
        let columns = inputs.columns
        let outputs = Matrix(rows: inputs.rows, columns: columns) { y in
            forEachRange(of: inputs, y, lanes) { x, y, start, rows in
                evaluate(x, y, rows: rows, columns: columns)
            }
        }
        return Output(outputs: outputs) { gradient in
            Matrix(rows: inputs.rows, columns: columns) { dx in
                forEachRange(of: inputs, dx, lanes) { x, dx, start, rows in
                    outputs.values.withUnsafeBufferPointer { y in
                        gradient.values.withUnsafeBufferPointer { dy in
                            pullBack(
                                dy.baseAddress! + start, at: x, y.baseAddress! + start, into: dx,
                                rows: rows, columns: columns)
                        }
                    }
                }
            }
        }
    }
}

/// Some rows at a time.
extension Activation {
    /// Whether outputs are the inputs.
    var isIdentity: Bool { function == .linear }

    /// Whether the slope depends on more than the output: where it does not, outputs may take the
    /// place of the inputs.
    var needsInputs: Bool {
        switch function {
        case .linear, .relu, .relu6, .sigmoid, .tanh, .softmax: false
        default: true
        }
    }

    /// y = f(x); x may be y unless ``needsInputs``.
    func evaluate(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        guard x != UnsafePointer(y) || !isIdentity else { return }
        function.evaluate(x, y, count: rows * columns, alpha: alpha)
        guard function == .softmax else { return }
        for row in 0..<rows {
            let y = y + row * columns
            let sum = Kernels.expShiftSum(y, columns, Kernels.max(y, columns), nil)
            Kernels.affine(y, columns, sum, nil)
        }
    }

    /// dx = f′(x)·dy, given y = f(x); y may stand for x unless ``needsInputs``.
    func pullBack(
        _ dy: UnsafePointer<Float>, at x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        into dx: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        let count = rows * columns
        guard function == .softmax else {
            function.differentiate(x, y, dx, count: count, alpha: alpha)
            for index in 0..<count { dx[index] *= dy[index] }
            return
        }
        for start in stride(from: 0, to: count, by: columns) {
            let range = start..<start + columns
            var mean: Float = 0
            for index in range { mean += dy[index] * y[index] }
            for index in range { dx[index] = y[index] * (dy[index] - mean) }
        }
    }
}

/// Calls `body` with the inputs and outputs of ranges of rows, where they start, and how many
/// rows they are.
private func forEachRange(
    of inputs: Matrix, _ outputs: UnsafeMutablePointer<Float>, _ lanes: Lanes,
    _ body: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int) -> Void
) {
    let outputs = LanePointer(outputs)
    let columns = inputs.columns
    guard columns > 0 else { return }
    lanes.forEachRange(of: inputs.rows, cost: 16 * columns) { range in
        inputs.values.withUnsafeBufferPointer { x in
            let start = range.lowerBound * columns
            body(x.baseAddress! + start, outputs.pointer + start, start, range.count)
        }
    }
}
