/// `m += (g − m)(1 − β₁); v += (g² − v)(1 − β₂); w −= α · m / (√v + ε)` with
/// `α = η · √(1 − β₂ᵗ) / (1 − β₁ᵗ)`: `tf.keras.optimizers.Adam` (Kingma and Ba, 2015), and
/// AMSGrad (Reddi et al., 2018), where the largest v so far divides. With weight decay it is
/// `tf.keras.optimizers.AdamW` (Loshchilov and Hutter, 2019).
public struct Adam: ElementwiseOptimizer {
    public var options: OptimizerOptions
    /// The share of the mean that a step keeps, in 0 ..< 1.
    public var beta1: Double
    /// The share of the mean of squares that a step keeps, in 0 ..< 1.
    public var beta2: Double
    /// What is added to the root; at least 0.
    public var epsilon: Float
    /// Whether the largest mean of squares so far is divided by (Reddi et al., 2018).
    public var amsgrad: Bool

    public init(
        learningRate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
        epsilon: Float = 1e-7, amsgrad: Bool = false
    ) {
        options = OptimizerOptions(learningRate: learningRate)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.amsgrad = amsgrad
    }

    /// m and v of every element, and with AMSGrad the largest v.
    public func makeState(for parameter: Matrix) -> OptimizerSlots {
        OptimizerSlots(for: parameter, startingAt: amsgrad ? [0, 0, 0] : [0, 0])
    }

    public func update(
        _ parameter: inout Matrix, state: inout OptimizerSlots, gradient: Gradient,
        step: OptimizerStep
    ) {
        let alpha =
            step.learningRate * Moments.bias(beta2, step).squareRoot() / Moments.bias(beta1, step)
        let (rate1, rate2, epsilon) = (Float(1 - beta1), Float(1 - beta2), epsilon)
        let amsgrad = amsgrad
        let idle = IdleStep(rate: alpha) {
            Kernels.adamIdle(
                $0.weights, $0.slot(0), $0.slot(1), amsgrad ? $0.slot(2) : nil, $0.count, $1,
                rate1, rate2, epsilon)
        }
        state.sweep(&parameter, gradient, step, .letsSlotsDecay, idle: idle) {
            Kernels.adam(
                $0.weights, $0.slot(0), $0.slot(1), amsgrad ? $0.slot(2) : nil, $0.gradient,
                $0.count, alpha, rate1, rate2, epsilon)
        }
    }
}

/// What the optimizers that average gradients have in common.
enum Moments {
    /// 1 − βᵗ after t steps, this one included: what an average that starts at 0 lacks.
    static func bias(_ beta: Double, _ step: OptimizerStep) -> Float {
        1 - Kernels.pow(Float(beta), Float(step.index + 1))
    }

    static let beta1Field = Field<Double>(
        "beta_1", default: 0.9, .from(0, below: 1), "Share of the mean gradient that is kept.")
    static let beta2Field = Field<Double>(
        "beta_2", default: 0.999, .from(0, below: 1),
        "Share of the mean squared gradient, or of its bound, that is kept.")
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-7, .greaterThan(0), "Added to the divisor.")

    static let fields = [
        beta1Field.description, beta2Field.description, epsilonField.description,
    ]

    /// The entry of an optimizer that takes ``fields`` alone.
    static func entry<O: Optimizer>(
        _ name: String, summary: String, source: String,
        make: @escaping @Sendable (_ beta1: Double, _ beta2: Double, _ epsilon: Float) -> O
    ) -> ComponentEntry<any Optimizer> {
        ComponentEntry(
            name, summary: summary, source: source, fields: OptimizerOptions.fields(fields)
        ) { values, components in
            var optimizer = make(
                values[beta1Field], values[beta2Field], Float(values[epsilonField]))
            optimizer.options = try OptimizerOptions(values, components)
            return optimizer
        }
    }
}

extension Adam: CatalogComponent {
    static let amsgradField = Field<Bool>(
        "amsgrad", default: false, "Whether the largest mean square so far divides.")

    private static let fields = Moments.fields + [amsgradField.description]

    public static let entry = ComponentEntry<any Optimizer>(
        "adam", summary: "Moving means of the gradient and of its square.",
        source: "tf.keras.optimizers.Adam; Kingma and Ba, 2015; Reddi et al., 2018",
        fields: OptimizerOptions.fields(fields), make: make)

    /// AdamW differs by its default alone.
    static let decoupledEntry = ComponentEntry<any Optimizer>(
        "adamw", summary: "Adam with decoupled weight decay.",
        source: "tf.keras.optimizers.AdamW; Loshchilov and Hutter, 2019",
        fields: OptimizerOptions.fields(weightDecay: 0.004, fields), make: make)

    private static let make: @Sendable (FieldValues, Components) throws -> any Optimizer = {
        values, components in
        var optimizer = Adam(
            beta1: values[Moments.beta1Field], beta2: values[Moments.beta2Field],
            epsilon: Float(values[Moments.epsilonField]), amsgrad: values[amsgradField])
        optimizer.options = try OptimizerOptions(values, components)
        return optimizer
    }
}
