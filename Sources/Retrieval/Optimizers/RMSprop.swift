/// `v = ρ · v + (1 − ρ) g²; w −= η · g / √(v + ε)`: `tf.keras.optimizers.RMSprop` (Hinton, 2012).
/// Centered, the squared mean gradient is taken from v; with momentum, moves add up.
public struct RMSprop: ElementwiseOptimizer {
    public var options: OptimizerOptions
    /// The share of the mean of squares that a step keeps, in 0 ... 1.
    public var rho: Double
    /// The share of the last move that a step repeats; at least 0.
    public var momentum: Float
    /// What is added below the root; at least 0.
    public var epsilon: Float
    /// Whether the mean's square is taken off the mean of squares.
    public var centered: Bool

    public init(
        learningRate: LearningRate = 0.001, rho: Double = 0.9, momentum: Float = 0,
        epsilon: Float = 1e-7, centered: Bool = false
    ) {
        options = OptimizerOptions(learningRate: learningRate)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
    }

    /// The mean square of every element; then its momentum and its mean, where asked for.
    public func makeState(for parameter: Matrix) -> OptimizerSlots {
        let count = 1 + (momentum > 0 ? 1 : 0) + (centered ? 1 : 0)
        return OptimizerSlots(
            for: parameter, startingAt: [Float](repeating: 0, count: count))
    }

    public func update(
        _ parameter: inout Matrix, state: inout OptimizerSlots, gradient: Gradient,
        step: OptimizerStep
    ) {
        let (rho, rate) = (Float(rho), Float(1 - rho))
        let (momentum, epsilon, centered) = (momentum, epsilon, centered)
        state.sweep(&parameter, gradient, step, .letsSlotsDecay) {
            Kernels.rmsprop(
                $0.weights, $0.slot(0), momentum > 0 ? $0.slot(1) : nil,
                centered ? $0.slot(momentum > 0 ? 2 : 1) : nil, $0.gradient, $0.count,
                step.learningRate, rho, rate, momentum, epsilon)
        }
    }
}

extension RMSprop: CatalogComponent {
    static let rhoField = Field<Double>(
        "rho", default: 0.9, .from(0, below: 1), "Share of the mean square that is kept.")
    static let momentumField = Field<Double>(
        "momentum", default: 0, .between(0, and: 1), "Share of the last move that is kept.")
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-7, .greaterThan(0), "Added under the root.")
    static let centeredField = Field<Bool>(
        "centered", default: false, "Whether the variance divides in place of the mean square.")

    public static let entry = ComponentEntry<any Optimizer>(
        "rmsprop", summary: "Divides by the root of a moving mean square.",
        source: "tf.keras.optimizers.RMSprop; Hinton, 2012",
        fields: OptimizerOptions.fields([
            rhoField.description, momentumField.description, epsilonField.description,
            centeredField.description,
        ])
    ) { values, components in
        var optimizer = RMSprop(
            rho: values[rhoField], momentum: Float(values[momentumField]),
            epsilon: Float(values[epsilonField]), centered: values[centeredField])
        optimizer.options = try OptimizerOptions(values, components)
        return optimizer
    }
}
