/// A penalty on numbers, added to the loss of every training step.
public protocol Regularizer: Sendable {
    /// The penalty on all of the values.
    func loss(of values: Matrix) -> Double

    /// ∂loss/∂values.
    func gradient(of values: Matrix) -> Matrix
}
