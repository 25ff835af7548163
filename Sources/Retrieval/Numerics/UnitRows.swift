/// The rows of a matrix divided by their lengths, and the way back from their gradient.
///
/// `y = x · rsqrt(max(Σ x², epsilon))`, as in `tf.math.l2_normalize`; where the bound holds, the
/// factor is a constant and so is its gradient.
struct UnitRows: Sendable {
    /// [rows, columns], as the matrix.
    let outputs: Matrix
    private let factors: [Float]
    private let squares: [Float]
    private let epsilon: Float

    /// TensorFlow's and Keras's least squared length.
    static let epsilon: Float = 1e-12

    /// - Parameter epsilon: the least squared length that is divided by.
    init(_ inputs: Matrix, epsilon: Float = Self.epsilon) {
        var outputs = inputs
        var factors = [Float](repeating: 0, count: inputs.rows)
        var squares = factors
        outputs.values.withUnsafeMutableBufferPointer { values in
            for row in 0..<inputs.rows {
                let x = values.baseAddress! + row * inputs.columns
                squares[row] = Kernels.dot(x, x, inputs.columns)
                factors[row] = 1 / max(squares[row], epsilon).squareRoot()
                Kernels.scale(x, inputs.columns, factors[row])
            }
        }
        self.outputs = outputs
        self.factors = factors
        self.squares = squares
        self.epsilon = epsilon
    }

    /// ∂loss/∂inputs of ∂loss/∂outputs.
    func pullback(_ gradient: Matrix) -> Matrix {
        var result = gradient
        let columns = outputs.columns
        result.values.withUnsafeMutableBufferPointer { result in
            outputs.values.withUnsafeBufferPointer { outputs in
                for row in factors.indices {
                    let start = row * columns
                    let dx = result.baseAddress! + start
                    if squares[row] > epsilon {
                        let y = outputs.baseAddress! + start
                        Kernels.axpy(dx, y, -Kernels.dot(dx, y, columns), columns)
                    }
                    Kernels.scale(dx, columns, factors[row])
                }
            }
        }
        return result
    }
}

extension Matrix {
    /// The rows divided by their lengths.
    package var unitRows: Matrix { UnitRows(self).outputs }
}
