/// `m += (g − m)(1 − β₁); u = max(β₂ · u, |g|); w −= η · m / ((1 − β₁ᵗ)(u + ε))`:
/// `tf.keras.optimizers.Adamax` (Kingma and Ba, 2015, section 7).
public struct Adamax: ElementwiseOptimizer {
    public var options: OptimizerOptions
    /// The share of the mean that a step keeps, in 0 ..< 1.
    public var beta1: Double
    /// The share of the largest magnitude that a step keeps, in 0 ..< 1.
    public var beta2: Double
    /// What is added to the magnitude; at least 0.
    public var epsilon: Float

    public init(
        learningRate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
        epsilon: Float = 1e-7
    ) {
        options = OptimizerOptions(learningRate: learningRate)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    /// m and u of every element.
    public func makeState(for parameter: Matrix) -> OptimizerSlots {
        OptimizerSlots(for: parameter, startingAt: [0, 0])
    }

    public func update(
        _ parameter: inout Matrix, state: inout OptimizerSlots, gradient: Gradient,
        step: OptimizerStep
    ) {
        let bias = Moments.bias(beta1, step)
        let (rate1, beta2, epsilon) = (Float(1 - beta1), Float(beta2), epsilon)
        state.sweep(&parameter, gradient, step, .letsSlotsDecay) {
            Kernels.adamax(
                $0.weights, $0.slot(0), $0.slot(1), $0.gradient, $0.count, step.learningRate,
                bias, rate1, beta2, epsilon)
        }
    }
}

extension Adamax: CatalogComponent {
    public static let entry = Moments.entry(
        "adamax", summary: "Adam by the largest gradient in place of the mean square.",
        source: "tf.keras.optimizers.Adamax; Kingma and Ba, 2015"
    ) { Adamax(beta1: $0, beta2: $1, epsilon: $2) }
}
