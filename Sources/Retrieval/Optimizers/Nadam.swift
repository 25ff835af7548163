/// Adam with Nesterov momentum: `tf.keras.optimizers.Nadam` (Dozat, 2016), where the momentum of
/// step t is `u(t) = β₁ (1 − ½ · 0.96ᵗ)`.
///
/// The product of the momenta so far advances once a step, as in the paper and in Keras's eager
/// mode. Inside a `tf.function` Keras advances it once for every variable, by a counter that the
/// trace does not see; that is not reproduced.
public struct Nadam: Optimizer {
    public var options: OptimizerOptions
    /// The share of the mean that a step keeps, in 0 ..< 1.
    public var beta1: Double
    /// The share of the mean of squares that a step keeps, in 0 ..< 1.
    public var beta2: Double
    /// What is added to the root; at least 0.
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

    /// The means of one parameter, and the product of the momentums so far.
    public struct State: Sendable {
        /// m and v of every element.
        public internal(set) var slots: OptimizerSlots
        /// The product of the momenta of the steps so far.
        public internal(set) var product: Float = 1
        /// How many steps ``product`` holds.
        var steps = 0
    }

    public static var rowSlots: (any WritableKeyPath<State, OptimizerSlots> & Sendable)? {
        \State.slots
    }

    public func makeState(for parameter: Matrix) -> State {
        State(slots: OptimizerSlots(for: parameter, startingAt: [0, 0]))
    }

    public func update(
        _ parameter: inout Matrix, state: inout State, gradient: Gradient, step: OptimizerStep
    ) {
        // A parameter may have been without a gradient for some steps.
        while state.steps < step.index {
            state.product *= momentum(state.steps + 1)
            state.steps += 1
        }
        let now = momentum(step.index + 1)
        let next = momentum(step.index + 2)
        state.product *= now
        state.steps += 1
        let rates = NadamRates(
            lr: step.learningRate, eps: epsilon, beta1: Float(beta1), beta2: Float(beta2),
            momentumNext: next, biasNext: 1 - state.product * next, gradientShare: 1 - now,
            bias: 1 - state.product, bias2: Moments.bias(beta2, step))
        state.slots.sweep(&parameter, gradient, step, .letsSlotsDecay) {
            Kernels.nadam($0.weights, $0.slot(0), $0.slot(1), $0.gradient, $0.count, rates)
        }
    }

    /// The momentum of a step, counted from 1.
    private func momentum(_ step: Int) -> Float {
        Float(beta1) * (1 - 0.5 * Kernels.pow(0.96, Float(step)))
    }
}

extension Nadam.State: RestorableParts {
    public static var parts: [StatePart<Self>] {
        [
            StatePart("", \.slots), StatePart("momentum_product", \.product),
            StatePart("momentum_steps", \.steps),
        ]
    }
}

extension Nadam: CatalogComponent {
    public static let entry = Moments.entry(
        "nadam", summary: "Adam with Nesterov momentum.",
        source: "tf.keras.optimizers.Nadam; Dozat, 2016"
    ) { Nadam(beta1: $0, beta2: $1, epsilon: $2) }
}
