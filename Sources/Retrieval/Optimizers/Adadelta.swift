/// Moves by `√(mean of squared moves + ε) · g / √(mean of squared gradients + ε)`, times η:
/// `tf.keras.optimizers.Adadelta` (Zeiler, 2012; its own step is η = 1).
public struct Adadelta: ElementwiseOptimizer {
    public var options: OptimizerOptions
    /// The share of both means of squares that a step keeps, in 0 ... 1.
    public var rho: Double
    /// What is added below both roots; at least 0.
    public var epsilon: Float

    public init(learningRate: LearningRate = 0.001, rho: Double = 0.95, epsilon: Float = 1e-7) {
        options = OptimizerOptions(learningRate: learningRate)
        self.rho = rho
        self.epsilon = epsilon
    }

    /// The mean squared gradient and the mean squared move of every element.
    public func makeState(for parameter: Matrix) -> OptimizerSlots {
        OptimizerSlots(for: parameter, startingAt: [0, 0])
    }

    public func update(
        _ parameter: inout Matrix, state: inout OptimizerSlots, gradient: Gradient,
        step: OptimizerStep
    ) {
        let (rho, rate, epsilon) = (Float(rho), Float(1 - rho), epsilon)
        state.sweep(&parameter, gradient, step, .letsSlotsDecay) {
            Kernels.adadelta(
                $0.weights, $0.slot(0), $0.slot(1), $0.gradient, $0.count, step.learningRate,
                rho, rate, epsilon)
        }
    }
}

extension Adadelta: CatalogComponent {
    static let rhoField = Field<Double>(
        "rho", default: 0.95, .from(0, below: 1), "Share of the mean squares that is kept.")
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-7, .greaterThan(0), "Added under both roots.")

    public static let entry = ComponentEntry<any Optimizer>(
        "adadelta", summary: "Moves by the size of recent moves over that of recent gradients.",
        source: "tf.keras.optimizers.Adadelta; Zeiler, 2012",
        fields: OptimizerOptions.fields([rhoField.description, epsilonField.description])
    ) { values, components in
        var optimizer = Adadelta(rho: values[rhoField], epsilon: Float(values[epsilonField]))
        optimizer.options = try OptimizerOptions(values, components)
        return optimizer
    }
}
