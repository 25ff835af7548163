import CKernels

/// `acc += g²; w −= η · g / √(acc + ε)`: `tf.keras.optimizers.Adagrad` (Duchi et al., 2011,
/// "Adaptive Subgradient Methods"). The epsilon is inside the root, as in Keras.
public struct Adagrad: Optimizer {
    public var learningRate: Float
    public var initialAccumulatorValue: Float
    public var epsilon: Float

    public init(
        learningRate: Float = 0.001, initialAccumulatorValue: Float = 0.1, epsilon: Float = 1e-7
    ) {
        self.learningRate = learningRate
        self.initialAccumulatorValue = initialAccumulatorValue
        self.epsilon = epsilon
    }

    /// The sum of squared gradients of every element.
    public func makeState(for parameter: Matrix) -> Matrix {
        Matrix(
            rows: parameter.rows, columns: parameter.columns, repeating: initialAccumulatorValue)
    }

    public func update(
        _ parameter: inout Matrix, state: inout Matrix, gradient: Gradient, step: Int
    ) {
        let columns = parameter.columns
        parameter.values.withUnsafeMutableBufferPointer { weights in
            state.values.withUnsafeMutableBufferPointer { accumulator in
                switch gradient {
                case .dense(let gradient):
                    tk_adagrad(
                        weights.baseAddress, accumulator.baseAddress, gradient.values,
                        weights.count, learningRate, epsilon)
                case .sparse(let indices, let rows):
                    tk_adagrad_rows(
                        weights.baseAddress, accumulator.baseAddress, columns, columns, indices,
                        rows.values, columns, indices.count, learningRate, epsilon)
                }
            }
        }
    }
}

extension Adagrad: CatalogComponent {
    static let learningRateField = Field<Double>(
        "learning_rate", default: 0.001, .atLeast(0), "Step size."
    ).alsoKnown(as: "lr", "rate")
    static let initialAccumulatorValueField = Field<Double>(
        "initial_accumulator_value", default: 0.1, .atLeast(0),
        "Where the sum of squared gradients starts.")
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-7, .atLeast(0), "Added under the root.")

    public static let entry = ComponentEntry<any Optimizer>(
        "adagrad", summary: "Per-element step sizes that shrink with the gradients seen.",
        source: "tf.keras.optimizers.Adagrad; Duchi et al., 2011",
        fields: [
            learningRateField.description, initialAccumulatorValueField.description,
            epsilonField.description,
        ]
    ) { values in
        Adagrad(
            learningRate: Float(values[learningRateField]),
            initialAccumulatorValue: Float(values[initialAccumulatorValueField]),
            epsilon: Float(values[epsilonField]))
    }
}
