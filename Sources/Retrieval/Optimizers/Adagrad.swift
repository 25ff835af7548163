/// `acc += g²; w −= η · g / √(acc + ε)`: `tf.keras.optimizers.Adagrad` (Duchi et al., 2011,
/// "Adaptive Subgradient Methods"). The epsilon is inside the root, as in Keras.
public struct Adagrad: ElementwiseOptimizer {
    public var options: OptimizerOptions
    /// Where the sums of squares start; at least 0.
    public var initialAccumulatorValue: Float
    /// What is added to the sum, below the root; at least 0.
    public var epsilon: Float

    public init(
        learningRate: LearningRate = 0.001, initialAccumulatorValue: Float = 0.1,
        epsilon: Float = 1e-7
    ) {
        options = OptimizerOptions(learningRate: learningRate)
        self.initialAccumulatorValue = initialAccumulatorValue
        self.epsilon = epsilon
    }

    /// The sum of squared gradients of every element.
    public func makeState(for parameter: Matrix) -> OptimizerSlots {
        OptimizerSlots(for: parameter, startingAt: [initialAccumulatorValue])
    }

    public func update(
        _ parameter: inout Matrix, state: inout OptimizerSlots, gradient: Gradient,
        step: OptimizerStep
    ) {
        let epsilon = epsilon
        state.sweepRows(&parameter, gradient, step) { rows in
            guard let sums = rows.slot(0) else { return }
            if let indices = rows.indices {
                Kernels.adagradRows(
                    rows.weights, sums, rows.columns, rows.columns, indices, rows.gradient,
                    rows.columns, rows.count, step.learningRate, epsilon)
            } else {
                Kernels.adagrad(
                    rows.weights, sums, rows.gradient, rows.count * rows.columns,
                    step.learningRate, epsilon)
            }
        }
    }
}

extension Adagrad: CatalogComponent {
    static let initialAccumulatorValueField = Field<Double>(
        "initial_accumulator_value", default: 0.1, .atLeast(0),
        "Where the sum of squared gradients starts.")
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-7, .atLeast(0), "Added under the root.")

    public static let entry = ComponentEntry<any Optimizer>(
        "adagrad", summary: "Per-element step sizes that shrink with the gradients seen.",
        source: "tf.keras.optimizers.Adagrad; Duchi et al., 2011",
        fields: OptimizerOptions.fields([
            initialAccumulatorValueField.description, epsilonField.description,
        ])
    ) { values, components in
        var optimizer = Adagrad(
            initialAccumulatorValue: Float(values[initialAccumulatorValueField]),
            epsilon: Float(values[epsilonField]))
        optimizer.options = try OptimizerOptions(values, components)
        return optimizer
    }
}
