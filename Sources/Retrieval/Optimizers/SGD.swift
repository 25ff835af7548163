/// `w −= η · g`, or with momentum `m = μ · m − η · g; w += m`, or Nesterov's
/// `w += μ · m − η · g`: `tf.keras.optimizers.SGD` (Sutskever et al., 2013).
public struct SGD: ElementwiseOptimizer {
    public var options: OptimizerOptions
    /// The share of the last move that a step repeats, in 0 ... 1.
    public var momentum: Float
    /// Whether the move is looked ahead (Nesterov, 1983).
    public var nesterov: Bool

    public init(
        learningRate: LearningRate = 0.01, momentum: Float = 0, nesterov: Bool = false
    ) {
        options = OptimizerOptions(learningRate: learningRate)
        self.momentum = momentum
        self.nesterov = nesterov
    }

    /// The momentum m of every element, where there is one.
    public func makeState(for parameter: Matrix) -> OptimizerSlots {
        OptimizerSlots(for: parameter, startingAt: momentum == 0 ? [] : [0])
    }

    public func update(
        _ parameter: inout Matrix, state: inout OptimizerSlots, gradient: Gradient,
        step: OptimizerStep
    ) {
        let (momentum, nesterov) = (momentum, nesterov)
        guard momentum != 0 else {
            return state.sweepRows(&parameter, gradient, step) { rows in
                if let indices = rows.indices {
                    Kernels.sgdRows(
                        rows.weights, rows.columns, rows.columns, indices, rows.gradient,
                        rows.columns, rows.count, step.learningRate)
                } else {
                    Kernels.sgd(
                        rows.weights, rows.gradient, rows.count * rows.columns, step.learningRate)
                }
            }
        }
        state.sweep(&parameter, gradient, step, .letsSlotsDecay) {
            Kernels.momentum(
                $0.weights, $0.slot(0), $0.gradient, $0.count, step.learningRate, momentum,
                nesterov)
        }
    }
}

extension SGD: CatalogComponent {
    static let momentumField = Field<Double>(
        "momentum", default: 0, .between(0, and: 1), "Share of the last move that is kept.")
    static let nesterovField = Field<Bool>(
        "nesterov", default: false, "Whether the momentum looks ahead.")

    public static let entry = ComponentEntry<any Optimizer>(
        "sgd", summary: "Gradient descent, with momentum if wanted.",
        source: "tf.keras.optimizers.SGD; Sutskever et al., 2013",
        fields: OptimizerOptions.fields(
            learningRate: 0.01, [momentumField.description, nesterovField.description])
    ) { values, components in
        var optimizer = SGD(
            momentum: Float(values[momentumField]), nesterov: values[nesterovField])
        optimizer.options = try OptimizerOptions(values, components)
        return optimizer
    }
}
